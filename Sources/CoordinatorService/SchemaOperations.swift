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
