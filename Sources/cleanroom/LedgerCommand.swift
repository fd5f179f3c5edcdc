import ArgumentParser
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Foundation
import MemberService

struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "What left this organization, and whether the record of it is intact.",
    subcommands: [ShowLedger.self, VerifyLedger.self])
}

struct ShowLedger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print, per query and table, the columns, rows and bytes that left, and to whom.")

  @OptionGroup var options: ConfigurationOption

  @Option(help: "Only this query.")
  var query: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  func validate() throws {
    if let query, QueryID(query) == nil {
      throw ValidationError("'\(query)' is not a query identifier (a lower-case UUID).")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      let configuration = try MemberConfiguration.load(options.config)
      let summaries = try LedgerFile.open(configuration)?.summaries(query: query.flatMap { QueryID($0) }) ?? []
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for summary in summaries { print(String(decoding: try encoder.encode(summary), as: UTF8.self)) }
      } else {
        print(LedgerText.text(summaries))
      }
    }
  }
}

struct VerifyLedger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every line and signature of the ledger; exit code 1 if it is not intact.")

  @OptionGroup var options: ConfigurationOption

  @Option(help: "Also require that this query has left something.")
  var query: String?

  func run() async throws {
    try await Failure.reporting {
      let configuration = try MemberConfiguration.load(options.config)
      let identity = try DaemonIdentity.load(
        configuration.identity, expecting: .member(configuration.account), now: Date())
      guard let ledger = try LedgerFile.open(configuration) else {
        print("intact: nothing has left yet")
        return
      }
      switch try ledger.verify({ identity.trust.wasSigned($0, by: identity.role) }) {
      case .intact(let lines, let head): print("intact: \(lines) lines, head \(head)")
      case .broken(let line, let what): throw Failure.report("the ledger is not intact at line \(line): \(what)")
      }
      if let query, try ledger.summaries(query: QueryID(query)).isEmpty {
        throw Failure.report("nothing left for query \(query)")
      }
    }
  }
}

/// The ledger of a member, opened to read beside a running daemon; nil while there is none.
enum LedgerFile {
  static func open(_ configuration: MemberConfiguration) throws -> ReleaseLedger? {
    let path = configuration.state + "/" + MemberConfiguration.ledgerFile
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try ReleaseLedger(path: path, sign: nil)
  }
}

enum LedgerText {
  static func text(_ summaries: [LedgerSummary]) -> String {
    guard !summaries.isEmpty else { return "Nothing has left." }
    return summaries.map { summary in
      let columns = summary.columns.map { "    \($0.name)  \($0.kind)" }.joined(separator: "\n")
      let time = Date(timeIntervalSince1970: summary.first.seconds).formatted(.iso8601)
      return """
        query \(summary.query)  \(time)
          table \(summary.table) to \(summary.receiver): \(summary.rows) rows, \(summary.bytes) bytes, \(summary.batches) batches
        \(columns)
        """
    }.joined(separator: "\n")
  }
}
