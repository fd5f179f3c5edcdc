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

  func validate() throws { try QueryOption.check(query) }

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

  @Option(help: "Also say what left for this query.")
  var query: String?

  func validate() throws { try QueryOption.check(query) }

  func run() async throws {
    try await Failure.reporting {
      let configuration = try MemberConfiguration.load(options.config)
      let identity = try DaemonIdentity.load(
        configuration.identity, expecting: .member(configuration.account), now: Date())
      guard let ledger = try LedgerFile.open(configuration) else {
        print("intact: nothing has left yet, the daemon has never run")
        return
      }
      switch try ledger.verify({ identity.trust.wasSigned($0, by: identity.role) }) {
      case .intact(let lines, let head): print("intact: \(lines) lines, head \(head)")
      case .broken(let line, let what): throw Failure.report("the ledger is not intact at line \(line): \(what)")
      }
      if let query { print(LedgerText.text(try ledger.summaries(query: QueryID(query)))) }
    }
  }
}

enum QueryOption {
  static func check(_ query: String?) throws {
    guard let query, QueryID(query) == nil else { return }
    throw ValidationError("'\(query)' is not a query identifier (a lower-case UUID).")
  }
}

/// The ledger of a member, opened to read beside a running daemon.
enum LedgerFile {
  /// - Returns: nil while the daemon has never run. A ledger that is missing from a state folder that has been used is
  ///   an error, not an empty ledger.
  static func open(_ configuration: MemberConfiguration) throws -> ReleaseLedger? {
    let path = configuration.state + "/" + MemberConfiguration.ledgerFile
    guard FileManager.default.fileExists(atPath: path) else {
      guard !FileManager.default.fileExists(atPath: configuration.state + "/" + MemberConfiguration.stateFile) else {
        throw Failure.report("the ledger is not intact: \(path) has been removed. Restore it from a backup.")
      }
      return nil
    }
    do {
      return try ReleaseLedger(path: path, sign: nil)
    } catch StoreError.cannotOpen {
      throw Failure.report("the ledger is not intact: \(path) is not a ledger file. Restore it from a backup.")
    }
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
