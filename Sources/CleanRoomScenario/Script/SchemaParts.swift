import CleanRoomAPI

/// Pieces of JSON Schema.
enum SchemaParts {
  static let duration: JSONValue = ["type": "string", "pattern": "^[0-9]+ ?(ms|s|sec|min|m|h)$"]
  static let bytes: JSONValue = [
    "anyOf": [["type": "integer", "minimum": 1], ["type": "string", "pattern": "^[0-9]+ ?([kKmMgGtT][iI]?)?[bB]?$"]]
  ]
  /// `${NAME}` may stand for a value of any type.
  static let placeholder: JSONValue = ["type": "string", "pattern": "\\$\\{"]
  static let scalar: JSONValue = ["type": ["string", "number", "boolean", "null"]]

  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/$defs/\(name)")] }

  /// An object with these members only.
  static func closed(_ members: [String: JSONValue], required: [String] = []) -> JSONValue {
    .object([
      "type": "object", "additionalProperties": false, "properties": .dictionary(members),
      "required": required.isEmpty ? nil : .strings(required),
    ])
  }
}

/// The members of operations' inputs, from the service model: names and types, and suggestions for enumerations. Values
/// that break a constraint are not refused here, because a step may try them on purpose.
enum OperationSchema {
  static func name(_ shape: String) -> String { "api.\(shape)" }

  static var definitions: [String: JSONValue] {
    var result: [String: JSONValue] = [:]
    var open = ServiceModel.shared.operations.map { ServiceModel.shared.inputType(of: $0) }
    while let type = open.popLast() {
      guard result[name(type.name)] == nil else { continue }
      let (schema, parts) = describe(type)
      result[name(type.name)] = schema
      open += parts
    }
    return result
  }

  private static func describe(_ type: ModelType) -> (schema: JSONValue, parts: [ModelType]) {
    switch type.form {
    case .structure(let members, _, _):
      let properties = members.mapValues { SchemaParts.reference(name($0.name)) }
      return (orPlaceholder(SchemaParts.closed(properties)), Array(members.values))
    case .list(let element):
      return (orPlaceholder(["type": "array", "items": SchemaParts.reference(name(element.name))]), [element])
    case .map(let element):
      let values = SchemaParts.reference(name(element.name))
      return (orPlaceholder(["type": "object", "additionalProperties": values]), [element])
    case .string(let values?): return (["anyOf": [["enum": .strings(values)], SchemaParts.scalar]], [])
    case .string(.none): return (SchemaParts.scalar, [])
    case .integer: return (orPlaceholder(["type": ["integer", "null"]]), [])
    case .number: return (orPlaceholder(["type": ["number", "null"]]), [])
    case .boolean: return (orPlaceholder(["type": ["boolean", "null"]]), [])
    case .any: return (true, [])
    }
  }

  private static func orPlaceholder(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, SchemaParts.placeholder]] }
}

/// What a step may expect.
enum ExpectationSchema {
  static var definitions: [String: JSONValue] {
    let cells: JSONValue = ["type": "object", "additionalProperties": SchemaParts.scalar]
    let kinds: JSONValue = ["enum": .strings(ExpectationReader.releaseKinds)]
    return [
      "count": [
        "anyOf": [
          ["type": "integer", "minimum": 0],
          SchemaParts.closed(["min": ["type": "integer", "minimum": 0], "max": ["type": "integer", "minimum": 0]]),
        ]
      ],
      "expectation": SchemaParts.closed([
        "refused": refusal, "output": ["type": "object"],
        "status": ["enum": .strings(ExpectationReader.statuses)], "error": ["type": "string"],
        "rows": SchemaParts.reference("count"), "columns": ["type": "array", "items": ["type": "string"]],
        "result": ["type": "array", "items": ["type": "array", "items": SchemaParts.scalar]],
        "contains": ["type": "array", "items": cells],
        "released": byParty(["type": "object", "additionalProperties": kinds]),
        "releasedRows": byParty(SchemaParts.reference("count")),
        "receivers": ["type": "array", "items": ["type": "string"]],
      ]),
    ]
  }

  private static var refusal: JSONValue {
    let errors = Set(ServiceModel.shared.operations.flatMap(\.errors) + ExpectationReader.signatureErrors).sorted()
    return SchemaParts.closed(
      [
        "error": ["enum": .strings(errors)], "reason": ["type": "string"],
        "messages": ["type": "array", "items": ["type": "string"]],
      ], required: ["error"])
  }

  private static func byParty(_ schema: JSONValue) -> JSONValue {
    ["type": "object", "additionalProperties": ["type": "object", "additionalProperties": schema]]
  }
}
