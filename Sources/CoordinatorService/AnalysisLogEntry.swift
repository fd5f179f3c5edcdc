import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy
import CleanRoomWire

/// One entry of the analysis log, with the fields that AWS Clean Rooms documents for its query logs.
struct AnalysisLogEntry: Sendable {
  private var fields: [String: JSONValue]
  /// The owner of the table that the entry is about; only it sees its configured table's identifier.
  private var owner: AccountID?
  private var configuredTable: ConfiguredTableID?

  private init(_ fields: [String: JSONValue?], owner: AccountID? = nil, configuredTable: ConfiguredTableID? = nil) {
    self.fields = fields.compactMapValues { $0 }
    self.owner = owner
    self.configuredTable = configuredTable
  }

  /// A JSON object without line breaks.
  func line(for account: AccountID) throws -> String {
    var shown = fields
    if account == owner, let configuredTable { shown["configuredTableId"] = .string(configuredTable.value) }
    return JSONValue.dictionary(shown).text
  }

  /// One for each referenced table; one without a table where none is known.
  static func submission(
    _ request: QueryRequest, tables: [String], extensions: [PolicyExtension], errors: String?, in room: Room,
    at time: Timestamp
  ) -> [AnalysisLogEntry] {
    var common = self.common(request, stage: "SUBMISSION", at: time)
    common["queryText"] = .string(request.sql)
    common["queryValidationErrors"] = errors.map { .string($0) } ?? .null
    common["resultReceivers"] = list(request.receivers.map(\.value))
    common["queryRunners"] = list([request.runner.value])
    common["memberDisplayNames"] = .string(
      JSONValue.dictionary(
        Dictionary(uniqueKeysWithValues: room.record.charter.members.map { ($0.account.value, .string($0.displayName)) })
      ).text)
    if !extensions.isEmpty { common["extensions"] = list(extensions.map(\.rawValue)) }
    let known = tables.compactMap { room.table(named: $0)?.table }
    common["memberSchemaMapping"] = .string(mapping(known).text)
    guard !known.isEmpty else { return [AnalysisLogEntry(common)] }
    return known.map { table in
      var fields = common
      fields["schemaName"] = .string(table.name)
      if let rule = table.rule {
        fields["directQueryAnalysisRuleType"] = .string(rule.type.rawValue)
        fields["directQueryAnalysisRulePolicy"] = (try? WireJSON.encode(rule)).map {
          .string(String(decoding: $0, as: UTF8.self))
        }
      }
      return AnalysisLogEntry(fields, owner: table.owner, configuredTable: table.configuredTable)
    }
  }

  static func termination(of record: QueryRecord, at time: Timestamp) -> AnalysisLogEntry {
    var fields = common(record.request, stage: "TERMINATION", at: time)
    fields["status"] = .string(record.status == .success ? "COMPLETED" : record.status.rawValue)
    fields["errorCode"] = record.failure.map { .string($0.code.rawValue) }
    fields["errorMessage"] = record.failure.map { .string($0.message) }
    return AnalysisLogEntry(fields)
  }

  private static func common(_ request: QueryRequest, stage: String, at time: Timestamp) -> [String: JSONValue?] {
    [
      "eventId": .string(request.id.value), "eventTimestamp": .integer(time.milliseconds),
      "collaborationId": .string(request.collaboration.value), "logStage": .string(stage),
      "analysisCategory": .string("SQL"), "analysisCategoryVersion": .string("1.0"),
    ]
  }

  private static func list(_ values: [String]) -> JSONValue { .string(JSONValue.strings(values).text) }

  private static func mapping(_ tables: [PublishedTable]) -> JSONValue {
    let names = Dictionary(grouping: tables, by: \.owner.value).mapValues { JSONValue.strings($0.map(\.name)) }
    return .dictionary(names)
  }
}
