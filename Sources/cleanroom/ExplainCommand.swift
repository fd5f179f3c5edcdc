import ArgumentParser
import CleanRoomModel
import Foundation
import MemberService

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Judge a query without running it: the verdict, every reason, and who would release what.",
    discussion: """
      Works while the daemon runs. The tables are those that their owners have published; the coordinator is asked for \
      them, and every owner's signature is checked. Exit code 0: permitted, 2: refused.
      """)

  static let refused = ExitCode(2)

  @OptionGroup var options: ConfigurationOption

  @Option(help: ArgumentHelp("The collaboration's identifier.", valueName: "id"))
  var collaboration: String

  @Option(
    name: .customLong("receiver"),
    help: ArgumentHelp(
      "Who is to have the result; repeat it for several. Default: this organization.", valueName: "account"))
  var receivers: [String] = []

  @Flag(help: "One JSON object.")
  var json = false

  @Option(help: ArgumentHelp("An analysis template of the collaboration instead of a query.", valueName: "arn"))
  var template: String?

  @Option(
    name: .customLong("parameter"),
    help: ArgumentHelp("A value for a parameter of the template; repeat it for several.", valueName: "name=value"))
  var parameters: [String] = []

  @Argument(help: "The query, or - to read it from standard input.")
  var sql: String?

  func validate() throws {
    guard CollaborationID(collaboration) != nil else {
      throw ValidationError("'\(collaboration)' is not a collaboration identifier (a lower-case UUID).")
    }
    for receiver in receivers where AccountID(receiver) == nil {
      throw ValidationError("'\(receiver)' is not an account of twelve digits.")
    }
    guard (sql == nil) != (template == nil) else { throw ValidationError("Give either a query or --template.") }
    guard template != nil || parameters.isEmpty else { throw ValidationError("--parameter belongs to --template.") }
    _ = try values()
  }

  private func values() throws -> [String: String] {
    var values: [String: String] = [:]
    for text in parameters {
      let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard pair.count == 2, !pair[0].isEmpty, values.updateValue(pair[1], forKey: pair[0]) == nil else {
        throw ValidationError("--parameter should be NAME=VALUE, each name once.")
      }
    }
    return values
  }

  func run() async throws {
    try await Failure.reporting {
      guard let id = CollaborationID(collaboration) else { return }
      let explainer = try QueryExplainer(try MemberConfiguration.load(options.config))
      let explanation = try await explainer.explain(
        try question(), in: id, receivers: receivers.compactMap { AccountID($0) })
      print(json ? ExplanationJSON.text(explanation) : ExplanationText(explanation).text)
      if !explanation.isPermitted { throw Self.refused }
    }
  }

  private func question() throws -> QueryExplainer.Question {
    if let template { return .template(RequestedTemplate(arn: template, parameters: try values())) }
    guard let sql, sql == "-" else { return .sql(sql ?? "") }
    guard let data = try FileHandle.standardInput.readToEnd(), let text = String(data: data, encoding: .utf8) else {
      throw Failure.report("the query on standard input is empty or not UTF-8", code: .validationFailure)
    }
    return .sql(text)
  }
}
