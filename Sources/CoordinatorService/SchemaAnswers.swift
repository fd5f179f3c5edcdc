import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy
import CleanRoomWire

extension Answers {
  static func schemaSummary(_ table: PublishedTable, in room: Room, _ context: CallContext) -> JSONValue {
    let charter = room.record.charter
    let membership = room.record.state(of: table.owner)?.membership
    return .object([
      "name": .string(table.name), "type": .string("TABLE"), "creatorAccountId": .string(table.owner.value),
      "createTime": .number(table.createdAt.seconds), "updateTime": .number(table.updatedAt.seconds),
      "collaborationId": .string(charter.id.value),
      "collaborationArn": .string(collaborationARN(charter, context)),
      "analysisRuleTypes": .strings(table.rule.map { [$0.type.rawValue] } ?? []),
      "analysisMethod": .string("DIRECT_QUERY"),
      "resourceArn": membership.map {
        .string(ARN.association(table.association, of: $0, region: context.region, account: table.owner))
      },
    ])
  }

  static func schema(_ table: PublishedTable, in room: Room, _ context: CallContext) -> JSONValue {
    var answer = schemaSummary(table, in: room, context)
    answer["description"] = .string(table.description)
    answer["columns"] = .array(
      table.columns.map { .object(["name": .string($0.name), "type": .string($0.type.description)]) })
    answer["partitionKeys"] = .array([])
    answer["schemaStatusDetails"] = .array([SchemaStatus(of: table, extended: context.extended).json])
    return answer
  }

  static func schemaRule(_ rule: AnalysisRule, of table: PublishedTable, in room: Room) throws -> JSONValue {
    let policy = try JSONValue(parsing: try WireJSON.encode(rule))
    let kind = rule.type.rawValue.lowercased()
    let receivers = table.allowedResultReceivers.map { JSONValue.strings($0.map(\.value)) }
    var consolidated = policy["v1"]?[kind] ?? .object([:])
    consolidated["allowedResultReceivers"] = receivers
    func version1(_ content: JSONValue) -> JSONValue {
      .object(["v1": .object([kind: content])])
    }
    return .object([
      "collaborationId": .string(room.record.charter.id.value), "type": .string(rule.type.rawValue),
      "name": .string(table.name), "createTime": .number(table.createdAt.seconds),
      "updateTime": .number(table.updatedAt.seconds), "policy": policy,
      "collaborationPolicy": receivers.map { version1(.object(["allowedResultReceivers": $0])) },
      "consolidatedPolicy": version1(consolidated),
    ])
  }
}

/// Whether a table can be queried directly, and what stands in the way. A table that is ready only because of
/// extended mode says so, too.
struct SchemaStatus {
  struct Reason: Equatable {
    var code: String
    var message: String
  }

  var isReady: Bool
  var ruleType: AnalysisRuleType?
  var reasons: [Reason]

  init(of table: PublishedTable, extended: Bool) {
    let obstacles = Self.obstacles(table, extended: extended)
    isReady = obstacles.isEmpty
    ruleType = table.rule?.type
    reasons = isReady && extended ? Self.extensions(table) : obstacles
  }

  private static func obstacles(_ table: PublishedTable, extended: Bool) -> [Reason] {
    var reasons: [Reason] = []
    switch table.rule {
    case nil:
      reasons.append(
        Reason(code: "ANALYSIS_RULE_MISSING", message: "The configured table has no analysis rule."))
    case .custom:
      reasons.append(
        Reason(
          code: "ANALYSIS_TEMPLATES_NOT_CONFIGURED",
          message: "CUSTOM rules are not available in this version."))
    case .aggregation, .list: break
    }
    if let problem = table.unavailable {
      reasons.append(
        Reason(code: "SOURCE_UNAVAILABLE", message: Wording.sentence("The table cannot be read: \(problem)")))
    }
    if table.allowedResultReceivers == nil && !extended {
      reasons.append(
        Reason(
          code: "COLLABORATION_ANALYSIS_RULE_NOT_CONFIGURED", message: "The association has no analysis rule."
        ))
    }
    if table.allowedResultReceivers?.isEmpty ?? false {
      reasons.append(
        Reason(
          code: "RESULT_RECEIVERS_NOT_CONFIGURED",
          message: "The association's analysis rule allows no member to receive results."))
    }
    return reasons
  }

  private static func extensions(_ table: PublishedTable) -> [Reason] {
    var reasons: [Reason] = []
    if table.allowedResultReceivers == nil {
      reasons.append(
        Reason(
          code: PolicyExtension.noAssociationRule.rawValue,
          message:
            "Extended mode: without an association analysis rule, every member with CAN_RECEIVE_RESULTS may receive results."
        ))
    }
    if case .aggregation(let rule) = table.rule,
      !Set(rule.scalarFunctions).isDisjoint(with: ["YEAR", "MONTH"])
    {
      reasons.append(
        Reason(
          code: PolicyExtension.yearAndMonthFunctions.rawValue,
          message: "Extended mode: the rule grants YEAR or MONTH, which AWS Clean Rooms does not know there.")
      )
    }
    return reasons
  }

  var json: JSONValue {
    let list = reasons.map { JSONValue.object(["code": .string($0.code), "message": .string($0.message)]) }
    return .object([
      "status": .string(isReady ? "READY" : "NOT_READY"), "analysisType": .string("DIRECT_ANALYSIS"),
      "analysisRuleType": (ruleType?.rawValue).map { .string($0) },
      "reasons": list.isEmpty ? nil : .array(list),
    ])
  }
}
