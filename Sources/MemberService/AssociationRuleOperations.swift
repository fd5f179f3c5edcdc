import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

/// Association analysis rules: who may receive results that a table contributes to.
extension MemberAPI {
  func createAssociationRule(_ call: APICall) async throws -> JSONValue {
    let charter = try await charters.current(of: try membership(call))
    return try await replaceAssociationRule(call) { record, table in
      guard record.rule == nil else {
        throw APIError.conflict(
          "The association has an analysis rule already. Update or delete it.", id: record.id.value,
          type: "CONFIGURED_TABLE_ASSOCIATION", reason: "ALREADY_EXISTS")
      }
      record.rule = try checkedRule(call, for: table, charter, createdAt: call.now)
    }
  }

  func getAssociationRule(_ call: APICall) throws -> JSONValue {
    let record = try association(call)
    return answer(try rule(of: record, call), of: record)
  }

  func updateAssociationRule(_ call: APICall) async throws -> JSONValue {
    let charter = try await charters.current(of: try membership(call))
    return try await replaceAssociationRule(call) { record, table in
      let earlier = try rule(of: record, call)
      record.rule = try checkedRule(call, for: table, charter, createdAt: earlier.createdAt)
    }
  }

  func deleteAssociationRule(_ call: APICall) async throws -> JSONValue {
    let record = try changeAssociation(call) { record, _ in
      _ = try rule(of: record, call)
      record.rule = nil
    }
    await publisher.republish(record.configuredTable)
    return .object([:])
  }

  /// The own store comes first: stricter receivers hold here from this moment, whatever the coordinator still has.
  private func replaceAssociationRule(
    _ call: APICall, _ body: (inout AssociationRecord, ConfiguredTableRecord) throws -> Void
  ) async throws -> JSONValue {
    let record = try changeAssociation(call) { record, writer in
      guard let table = try writer.get(.configuredTables, record.configuredTable.value)?.value else {
        throw APIError.internalError
      }
      try body(&record, table)
    }
    await publisher.republish(record.configuredTable)
    return answer(try rule(of: record, call), of: record)
  }

  private func rule(of record: AssociationRecord, _ call: APICall) throws -> AssociationRuleRecord {
    let type = call.text("analysisRuleType")
    guard let rule = record.rule, rule.type.rawValue == type else {
      throw APIError.notFound(
        "Association \(record.id) has no \(type) analysis rule.", id: record.id.value,
        type: "CONFIGURED_TABLE_ASSOCIATION")
    }
    return rule
  }

  private func answer(_ rule: AssociationRuleRecord, of record: AssociationRecord) -> JSONValue {
    .object([
      "analysisRule": TableAnswers.associationRule(rule, of: record, region: region, account: account)
    ])
  }

  private func checkedRule(
    _ call: APICall, for table: ConfiguredTableRecord, _ charter: CollaborationCharter, createdAt: Timestamp
  ) throws -> AssociationRuleRecord {
    let name = call.text("analysisRuleType")
    guard let type = AnalysisRuleType(rawValue: name), table.rule?.rule.type == type else {
      let has = table.rule.map { "has an analysis rule of type \($0.rule.type.rawValue)" } ?? "has none"
      throw APIError.field(
        "analysisRuleType",
        "The type must be that of the configured table's analysis rule; the table \(has), not \(name).")
    }
    let kind = name.lowercased()
    let policy = call.input["analysisRulePolicy"] ?? .null
    guard let content = policy["v1"]?[kind] else {
      throw APIError.field(
        "analysisRulePolicy.v1", "The policy must hold the member for the analysis rule type \(name).")
    }
    let receivers = content["allowedResultReceivers"]?.stringList ?? []
    let problems = ReceiverCheck(charter: charter).problems(
      receivers, path: "analysisRulePolicy.v1.\(kind).allowedResultReceivers")
    let analyses = content["allowedAdditionalAnalyses"]?.stringList
    let repeats = RuleCheck(allowedColumns: []).repeated(
      analyses ?? [], "analysisRulePolicy.v1.\(kind).allowedAdditionalAnalyses", "Analysis")
    guard (problems + repeats).isEmpty else { throw APIError.fields(problems + repeats) }
    return AssociationRuleRecord(
      type: type, receivers: receivers.compactMap { AccountID($0) }, policy: policy.text,
      createdAt: createdAt, updatedAt: call.now, additionalAnalyses: analyses)
  }
}

/// Whether accounts may be named as receivers: the charter that the creator signed decides.
struct ReceiverCheck {
  let charter: CollaborationCharter

  func problems(_ receivers: [String], path: String) -> [APIError.Field] {
    receivers.enumerated().compactMap { index, receiver in
      problem(receiver, before: receivers[..<index]).map { .init(name: "\(path)[\(index)]", message: $0) }
    }
  }

  private func problem(_ receiver: String, before: ArraySlice<String>) -> String? {
    if before.contains(receiver) { return "Account \(receiver) is listed twice." }
    guard let account = AccountID(receiver), charter.member(account) != nil else {
      return "Account \(receiver) is not a member of the collaboration."
    }
    return charter.allows(account, .canReceiveResults)
      ? nil : "Account \(receiver) does not have the ability CAN_RECEIVE_RESULTS."
  }
}
