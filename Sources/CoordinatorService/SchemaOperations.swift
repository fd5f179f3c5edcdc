import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

extension CoordinatorAPI {
  func listSchemas(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let room = try room(input, context)
    let type = input["schemaType"]?.string
    let tables =
      type == nil || type == "TABLE" ? room.queryable.map(\.table).sorted { $0.name < $1.name } : []
    return try page(
      tables.map { Answers.schemaSummary($0, in: room, context) }, ids: tables.map(\.association.value),
      as: "schemaSummaries", input, context, scope: "\(room.record.charter.id)/\(type ?? "")")
  }

  func getSchema(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let room = try room(input, context)
    return .object(["schema": Answers.schema(try table(input, in: room, context), in: room, context)])
  }

  func getSchemaAnalysisRule(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let room = try room(input, context)
    let table = try table(input, in: room, context)
    let type = input["type"]?.string ?? ""
    guard let rule = table.rule, rule.type.rawValue == type else {
      throw APIError.missing(
        "analysis rule", id: "\(table.name)/\(type)", type: "ANALYSIS_RULE", for: context.operation)
    }
    return .object(["analysisRule": try Answers.schemaRule(rule, of: table, in: room)])
  }

  /// What is missing is named item by item; the rest is answered.
  func batchGetSchema(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let room = try room(input, context)
    var schemas: [JSONValue] = []
    var errors: [JSONValue] = []
    for name in input["names"]?.stringList ?? [] {
      if let table = room.table(named: name)?.table {
        schemas.append(Answers.schema(table, in: room, context))
      } else {
        errors.append(Self.missing(name, type: nil))
      }
    }
    return .object(["schemas": .array(schemas), "errors": .array(errors)])
  }

  func batchGetSchemaAnalysisRule(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let room = try room(input, context)
    var rules: [JSONValue] = []
    var errors: [JSONValue] = []
    for item in input["schemaAnalysisRuleRequests"]?.array ?? [] {
      let name = item["name"]?.string ?? ""
      let type = item["type"]?.string ?? ""
      if let table = room.table(named: name)?.table, let rule = table.rule, rule.type.rawValue == type {
        rules.append(try Answers.schemaRule(rule, of: table, in: room))
      } else {
        errors.append(Self.missing(name, type: type))
      }
    }
    return .object(["analysisRules": .array(rules), "errors": .array(errors)])
  }

  private static func missing(_ name: String, type: String?) -> JSONValue {
    let what = type.map { "\($0) analysis rule" } ?? "schema"
    return .object([
      "name": .string(name), "type": type.map { .string($0) },
      "code": .string("ResourceNotFoundException"),
      "message": .string("The collaboration has no \(what) of the name \(name), or you have no access to it."),
    ])
  }

  /// Schemas are for those who have joined.
  private func room(_ input: JSONValue, _ context: CallContext) throws -> Room {
    try store.read { reader in
      let record = try collaboration(input, context, in: reader)
      guard record.isActive(context.caller) else {
        throw APIError.accessDenied("Create a membership in the collaboration first.")
      }
      return try Room(record, in: reader)
    }
  }

  private func table(_ input: JSONValue, in room: Room, _ context: CallContext) throws -> PublishedTable {
    let name = input["name"]?.string ?? ""
    guard let found = room.table(named: name) else {
      throw APIError.missing("schema", id: name, type: "SCHEMA", for: context.operation)
    }
    return found.table
  }
}
