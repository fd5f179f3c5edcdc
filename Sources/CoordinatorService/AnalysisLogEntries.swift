import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy
import CleanRoomWire

/// A query as the log tells of its submission: one line for every table it reads, or a single one where it
/// reads none that is known.
struct SubmittedQuery: Sendable {
  var request: QueryRequest
  var charter: CollaborationCharter
  /// In FROM order.
  var tables: [PublishedTable]
  var region: String
  /// What the query needed beyond AWS's rules.
  var extensions: [String]
  /// Why it was refused; nil for a query that was accepted.
  var errors: String?

  func lines(for account: AccountID, at now: Timestamp) -> [String] {
    guard !tables.isEmpty else { return [line(nil, for: account, at: now).text] }
    // The text may be long: the first line holds it, the others have the same eventId.
    return tables.enumerated().map { index, table in
      var line = line(table, for: account, at: now)
      if index > 0 { line["queryText"] = nil }
      return line.text
    }
  }

  private func line(_ table: PublishedTable?, for account: AccountID, at now: Timestamp) -> JSONValue {
    var entry = LogEntry.base(request, stage: "SUBMISSION", at: now)
    entry["queryText"] = .string(request.sql)
    if let template = request.template {
      entry["analysisTemplateArn"] = .string(template.arn)
      entry["parameters"] = LogEntry.nested(template.parameters.mapValues { .string($0) })
    }
    entry["queryValidationErrors"] = errors.map { .string($0) } ?? .null
    entry["queryRunners"] = LogEntry.list([request.runner.value])
    entry["resultReceivers"] = LogEntry.list(request.receivers.map(\.value))
    entry["resultRegions"] = LogEntry.list([region])
    entry["extensions"] = LogEntry.list(extensions)
    entry["memberDisplayNames"] = LogEntry.nested(
      Dictionary(charter.members.map { ($0.account.value, .string($0.displayName)) }) { first, _ in first })
    if let table { add(table, to: &entry, for: account) }
    return entry
  }

  private func add(_ table: PublishedTable, to entry: inout JSONValue, for account: AccountID) {
    entry["schemaName"] = .string(table.name)
    entry["memberSchemaMapping"] = LogEntry.nested([table.owner.value: .string(table.name)])
    entry["directQueryAnalysisRuleType"] = (table.rule?.type.rawValue).map { .string($0) }
    entry["directQueryAnalysisRulePolicy"] = table.rule.flatMap { try? WireJSON.encode($0) }.map {
      .string(String(decoding: $0, as: UTF8.self))
    }
    // The identifier of a configured table is its owner's own matter.
    if table.owner == account { entry["configuredTableId"] = .string(table.configuredTable.value) }
  }
}

/// How the log tells of a query's end.
enum TerminationEntry {
  static func line(_ query: QueryRecord, at now: Timestamp) -> String {
    var entry = LogEntry.base(query.request, stage: "TERMINATION", at: now)
    entry["status"] = .string(query.status == .success ? "COMPLETED" : query.status.rawValue)
    entry["errorCode"] = (query.failure?.code.rawValue).map { .string($0) } ?? .null
    entry["errorMessage"] = (query.failure?.message).map { .string($0) } ?? .null
    return entry.text
  }
}

/// What all entries have in common. Structures inside an entry are JSON in strings, as AWS writes them.
private enum LogEntry {
  static func base(_ request: QueryRequest, stage: String, at now: Timestamp) -> JSONValue {
    .object([
      "eventId": .string(request.id.value), "eventTimestamp": .integer(now.milliseconds),
      "collaborationId": .string(request.collaboration.value), "logStage": .string(stage),
      "analysisCategory": .string("SQL"), "analysisCategoryVersion": .string("1.0"),
    ])
  }

  static func list(_ values: [String]) -> JSONValue { .string(JSONValue.strings(values).text) }

  static func nested(_ members: [String: JSONValue]) -> JSONValue {
    .string(JSONValue.dictionary(members).text)
  }
}
