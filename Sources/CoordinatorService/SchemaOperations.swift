import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy
import CleanRoomWire

/// Published tables as read-only schemas.
extension CoordinatorAPI {
  func listSchemas(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let room = try activeRoom(input, context)
    let filter = input["schemaType"]?.string
    let tables = (filter == nil || filter == "TABLE" ? room.queryable : []).sorted { $0.table.name < $1.table.name }
    return try page(
      tables.map { Schemas.summary($0.table, in: room, context) }, ids: tables.map(\.table.name), as: "schemaSummaries",
      input, context, scope: "\(room.record.charter.id)/\(filter ?? "")")
  }

  func getSchema(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let (room, table) = try schema(input, context)
    return .object(["schema": Schemas.schema(table, in: room, context)])
  }

  func getSchemaAnalysisRule(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let (room, table) = try schema(input, context)
    guard let rule = table.rule, rule.type.rawValue == input["type"]?.string else {
      throw APIError.notFound(
        "Table \(table.name) has no analysis rule of that type.", id: table.name, type: "CONFIGURED_TABLE_ASSOCIATION")
    }
    let policy = try JSONValue(parsing: try WireJSON.encode(rule))
    return .object([
      "analysisRule": .object([
        "collaborationId": .string(room.record.charter.id.value), "type": .string(rule.type.rawValue),
        "name": .string(table.name), "createTime": Answers.seconds(table.createdAt),
        "updateTime": Answers.seconds(table.updatedAt), "policy": policy, "consolidatedPolicy": policy,
      ])
    ])
  }

  private func schema(_ input: JSONValue, _ context: CallContext) throws -> (Room, PublishedTable) {
    let room = try activeRoom(input, context)
    let name = input["name"]?.string ?? ""
    guard let record = room.queryable.first(where: { $0.table.name.lowercased() == name.lowercased() }) else {
      throw APIError.missing("schema", id: name, type: "CONFIGURED_TABLE_ASSOCIATION", for: context.operation)
    }
    return (room, record.table)
  }
}

enum Schemas {
  static func summary(_ table: PublishedTable, in room: Room, _ context: CallContext) -> JSONValue {
    let charter = room.record.charter
    let membership = room.record.state(of: table.owner)?.membership
    return .object([
      "name": .string(table.name), "type": .string("TABLE"), "creatorAccountId": .string(table.owner.value),
      "createTime": Answers.seconds(table.createdAt), "updateTime": Answers.seconds(table.updatedAt),
      "collaborationId": .string(charter.id.value), "collaborationArn": .string(Answers.arn(of: charter, context)),
      "analysisRuleTypes": .strings(table.rule.map { [$0.type.rawValue] } ?? []),
      "analysisMethod": .string("DIRECT_QUERY"),
      "resourceArn": membership.map {
        .string(ARN.association(table.association, of: $0, region: context.region, account: table.owner))
      },
    ])
  }

  static func schema(_ table: PublishedTable, in room: Room, _ context: CallContext) -> JSONValue {
    guard case .dictionary(var members) = summary(table, in: room, context) else { return .null }
    members["description"] = .string(table.description)
    members["columns"] = .array(
      table.columns.map { .object(["name": .string($0.name), "type": .string($0.type.description)]) })
    members["partitionKeys"] = .array([])
    members["schemaStatusDetails"] = .array([status(table, context)])
    return .dictionary(members)
  }

  private static func status(_ table: PublishedTable, _ context: CallContext) -> JSONValue {
    let problems = self.problems(table, context)
    let notes = context.extended ? self.notes(table) : []
    return .object([
      "status": .string(problems.isEmpty ? "READY" : "NOT_READY"), "analysisType": .string("DIRECT_ANALYSIS"),
      "analysisRuleType": table.rule.map { .string($0.type.rawValue) },
      "reasons": problems.isEmpty && notes.isEmpty
        ? nil
        : .array((problems + notes).map { .object(["code": .string($0.code), "message": .string($0.message)]) }),
    ])
  }

  private static func problems(_ table: PublishedTable, _ context: CallContext) -> [(code: String, message: String)] {
    var problems: [(code: String, message: String)] = []
    if table.rule == nil {
      problems.append(("ANALYSIS_RULE_MISSING", "The configured table has no analysis rule."))
    }
    if let unavailable = table.unavailable {
      problems.append(("SOURCE_UNAVAILABLE", "The table cannot be read: \(unavailable)."))
    }
    if !context.extended, table.allowedResultReceivers == nil {
      problems.append(
        (
          "COLLABORATION_ANALYSIS_RULE_NOT_CONFIGURED",
          "The configured table association has no analysis rule."
        ))
    }
    return problems
  }

  /// What extended mode accepts and AWS Clean Rooms would not, named where it is used.
  private static func notes(_ table: PublishedTable) -> [(code: String, message: String)] {
    var notes: [(code: String, message: String)] = []
    if table.allowedResultReceivers == nil {
      notes.append(
        (
          PolicyExtension.noAssociationRule.rawValue,
          "Extended mode: without an association analysis rule, every member with CAN_RECEIVE_RESULTS may receive results."
        ))
    }
    if case .aggregation(let rule)? = table.rule, rule.scalarFunctions.contains(where: { $0 == "YEAR" || $0 == "MONTH" }) {
      notes.append(
        (PolicyExtension.yearAndMonthFunctions.rawValue, "Extended mode: the rule grants YEAR or MONTH."))
    }
    return notes
  }
}
