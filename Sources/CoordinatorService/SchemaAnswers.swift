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
    answer["schemaStatusDetails"] = .array(
      AnalysisKind.allCases.map { SchemaStatus(of: table, for: $0, extended: context.extended).json })
    answer["schemaTypeProperties"] = .object([
      "configuredTableAssociation": .object(["configuredTableAssociationId": .string(table.association.value)])
    ])
    return answer
  }

  static func schemaRule(_ rule: AnalysisRule, of table: PublishedTable, in room: Room) throws -> JSONValue {
    let policy = try JSONValue(parsing: try WireJSON.encode(rule))
    let kind = rule.type.rawValue.lowercased()
    let receivers = table.allowedResultReceivers.map { JSONValue.strings($0.map(\.value)) }
    var consolidated = policy["v1"]?[kind] ?? .object([:])
    var collaboration = JSONValue.object([:])
    for (name, value) in [
      ("allowedResultReceivers", receivers),
      ("allowedAdditionalAnalyses", table.allowedAdditionalAnalyses.map { JSONValue.strings($0) }),
    ] {
      guard let value else { continue }
      collaboration[name] = value
      consolidated[name] = value
    }
    func version1(_ content: JSONValue) -> JSONValue {
      .object(["v1": .object([kind: content])])
    }
    return .object([
      "collaborationId": .string(room.record.charter.id.value), "type": .string(rule.type.rawValue),
      "name": .string(table.name), "createTime": .number(table.createdAt.seconds),
      "updateTime": .number(table.updatedAt.seconds), "policy": policy,
      "collaborationPolicy": receivers.map { _ in version1(collaboration) },
      "consolidatedPolicy": version1(consolidated),
    ])
  }
}
