import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// AWS Clean Rooms' quota, in bytes.
  private static let policyLimit = 100 * 1024

  func createAnalysisRule(_ call: APICall) async throws -> JSONValue {
    try await replaceRule(call) { record, _ in
      guard record.rule == nil else {
        throw APIError.conflict(
          "The configured table has an analysis rule already. Update or delete it.", id: record.id.value,
          type: "CONFIGURED_TABLE", reason: "ALREADY_EXISTS")
      }
      record.rule = RuleRecord(
        rule: try checkedRule(call, for: record), policy: policy(call).text, createdAt: call.now,
        updatedAt: call.now)
    }
  }

  func getAnalysisRule(_ call: APICall) throws -> JSONValue {
    let record = try configuredTable(call)
    _ = try rule(of: record, call)
    return try answer(record, call)
  }

  func updateAnalysisRule(_ call: APICall) async throws -> JSONValue {
    try await replaceRule(call) { record, _ in
      record.rule = RuleRecord(
        rule: try checkedRule(call, for: record), policy: policy(call).text,
        createdAt: try rule(of: record, call).createdAt, updatedAt: call.now)
    }
  }

  func deleteAnalysisRule(_ call: APICall) async throws -> JSONValue {
    let record = try change(call) { record, reader in
      _ = try rule(of: record, call)
      try checkNoAssociationRule(of: record, reader)
      record.rule = nil
    }
    await publisher.republish(record.id)
    return .object([:])
  }

  private func checkNoAssociationRule(of record: ConfiguredTableRecord, _ reader: DocumentReader) throws {
    let hasRule = try reader.list(.associations).contains {
      $0.value.configuredTable == record.id && $0.value.rule != nil
    }
    guard !hasRule else {
      throw APIError.conflict(
        "An association of the configured table has an analysis rule. Delete that rule first.",
        id: record.id.value, type: "CONFIGURED_TABLE", reason: "SUBRESOURCES_EXIST")
    }
  }

  /// The own store comes first: a stricter rule holds here from this moment, whatever the coordinator still has.
  private func replaceRule(
    _ call: APICall, _ body: (inout ConfiguredTableRecord, DocumentReader) throws -> Void
  ) async throws -> JSONValue {
    let record = try change(call, body)
    await publisher.republish(record.id)
    return try answer(record, call)
  }

  private func answer(_ record: ConfiguredTableRecord, _ call: APICall) throws -> JSONValue {
    guard let rule = record.rule else { throw APIError.internalError }
    return .object(["analysisRule": TableAnswers.rule(rule, of: record, region: region, account: account)])
  }

  private func rule(of record: ConfiguredTableRecord, _ call: APICall) throws -> RuleRecord {
    let type = call.text("analysisRuleType")
    guard let rule = record.rule, rule.rule.type.rawValue == type else {
      throw APIError.notFound(
        "Configured table \(record.id) has no \(type) analysis rule.", id: record.id.value,
        type: "CONFIGURED_TABLE")
    }
    return rule
  }

  private func policy(_ call: APICall) -> JSONValue { call.input["analysisRulePolicy"] ?? .null }

  private func checkedRule(_ call: APICall, for record: ConfiguredTableRecord) throws -> AnalysisRule {
    let type = call.text("analysisRuleType")
    guard policy(call).bytes.count <= Self.policyLimit else {
      throw APIError.field("analysisRulePolicy", "An analysis rule has at most \(Self.policyLimit) bytes as JSON.")
    }
    let rule = try? WireJSON.decode(AnalysisRule.self, from: policy(call).bytes)
    guard let rule, rule.type.rawValue == type else {
      throw APIError.field(
        "analysisRulePolicy.v1", "The policy must hold the member for the analysis rule type \(type).")
    }
    let problems = RuleCheck(allowedColumns: record.allowedColumns, columns: record.columns).problems(rule)
    guard problems.isEmpty else { throw APIError.fields(problems) }
    return rule
  }
}
