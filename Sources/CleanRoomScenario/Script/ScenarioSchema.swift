import CleanRoomAPI
import CleanRoomModel

/// The JSON Schema (draft 2020-12) of scenario files, for editors. What it accepts may still be refused by the reader,
/// which knows names and references; what it refuses, the reader refuses too.
public enum ScenarioSchema {
  public static var text: String { document.indentedText + "\n" }

  static var document: JSONValue {
    var definitions = OperationSchema.definitions
    definitions.merge(ExpectationSchema.definitions) { first, _ in first }
    definitions["step"] = step
    definitions["party"] = party
    definitions["fault"] = fault
    return .object([
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Cleanroom scenario",
      "type": "object", "required": ["title", "parties", "steps"], "additionalProperties": false,
      "patternProperties": ["^x-": true],
      "properties": .dictionary(sections), "$defs": .dictionary(definitions),
    ])
  }

  private static var sections: [String: JSONValue] {
    [
      "$schema": ["type": "string"],
      "title": ["type": "string", "description": "What the scenario is called."],
      "story": ["type": "string", "description": "The situation, in a few sentences."],
      "seed": ["type": "integer", "minimum": 0, "description": "For generated data; the same seed, the same data."],
      "definitions": ["description": "Whatever anchors refer to; not read by itself."],
      "parties": [
        "type": "object", "minProperties": 1, "additionalProperties": ["$ref": "#/$defs/party"],
        "propertyNames": ["pattern": "^[A-Za-z][A-Za-z0-9_-]*$"],
      ],
      "coordinator": SchemaParts.closed(["limits": SchemaParts.closed(coordinatorLimits)]),
      "prepare": SchemaParts.closed(
        [
          "packages": ["type": "array", "items": ["type": "string", "pattern": "=="]], "script": ["type": "string"],
        ], required: ["script"]),
      "data": ["type": "object", "description": "Data to generate; see the guide to synthetic data."],
      "steps": ["type": "array", "minItems": 1, "items": ["$ref": "#/$defs/step"]],
      "checks": SchemaParts.closed([
        "ledgers": ["const": "intact"], "disclosure": ["const": "none"], "daemons": ["const": "running"],
        "results": ["type": "object", "additionalProperties": ["type": "integer", "minimum": 0]],
      ]),
    ]
  }

  private static var coordinatorLimits: [String: JSONValue] {
    [
      "queryMemory": SchemaParts.bytes, "querySpill": SchemaParts.bytes, "queryTime": SchemaParts.duration,
      "memberWait": SchemaParts.duration, "agreementWait": SchemaParts.duration,
      "deliveryWait": SchemaParts.duration, "concurrentQueries": ["type": "integer", "minimum": 1],
    ]
  }

  private static var party: JSONValue {
    let abilities = JSONValue.strings(MemberAbility.allCases.map(\.rawValue))
    return SchemaParts.closed(
      [
        "account": ["type": ["string", "integer"], "description": "Twelve digits."],
        "name": ["type": "string", "minLength": 1, "maxLength": 100],
        "abilities": ["type": "array", "items": ["enum": abilities]],
        "files": ["type": "object", "additionalProperties": ["type": "string"]],
        "configuration": SchemaParts.closed([
          "api": SchemaParts.closed(["mode": ["enum": ["extended", "strict"]]]), "catalog": ["type": "object"],
          "region": ["type": "string"], "results": ["type": "object"], "limits": ["type": "object"],
        ]),
      ], required: ["account", "name"])
  }

  private static var step: JSONValue {
    let calls = ServiceModel.shared.operations.map { operation -> JSONValue in
      [
        "if": ["required": ["call"], "properties": ["call": ["const": .string(operation.name)]]],
        "then": ["properties": ["with": SchemaParts.reference(OperationSchema.name(operation.input))]],
      ]
    }
    let kinds = ["call", "parallel", "fault", "wait"].map { JSONValue.object(["required": [.string($0)]]) }
    return [
      "type": "object", "additionalProperties": false, "properties": .dictionary(stepMembers),
      "dependentRequired": ["call": ["as"]], "anyOf": .array(kinds), "allOf": .array(calls),
    ]
  }

  private static var stepMembers: [String: JSONValue] {
    [
      "do": ["type": "string", "description": "What the step is called."],
      "as": ["type": "string", "description": "The party that calls."],
      "call": ["enum": .strings(ServiceModel.shared.operations.map(\.name))],
      "with": ["type": "object"],
      "save": ["type": "object", "additionalProperties": ["type": "string"]],
      "expect": SchemaParts.reference("expectation"),
      "until": ["type": "object", "minProperties": 1, "maxProperties": 1],
      "limit": SchemaParts.duration,
      "wait": ["anyOf": [["type": "boolean"], SchemaParts.duration]],
      "parallel": ["type": "array", "minItems": 1, "items": ["$ref": "#/$defs/step"]],
      "fault": SchemaParts.reference("fault"),
    ]
  }

  private static var fault: JSONValue {
    let named = (FaultReader.daemonFaults + FaultReader.linkFaults).map { ($0, JSONValue.object(["type": "string"])) }
    var members = Dictionary(uniqueKeysWithValues: named)
    members["slow"] = SchemaParts.closed(
      ["link": ["type": "string"], "delay": SchemaParts.duration, "bytesPerSecond": SchemaParts.bytes],
      required: ["link"])
    members["skewClock"] = SchemaParts.closed(
      ["party": ["type": "string"], "by": ["type": "string"]], required: ["party", "by"])
    members["lie"] = ["type": "string"]
    members["honest"] = ["const": true]
    guard case .dictionary(var schema) = SchemaParts.closed(members) else { return .null }
    schema["minProperties"] = 1
    schema["maxProperties"] = 1
    return .dictionary(schema)
  }
}
