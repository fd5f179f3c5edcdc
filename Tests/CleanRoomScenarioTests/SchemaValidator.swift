import CleanRoomAPI
import CleanRoomScenario

/// As much of JSON Schema (draft 2020-12) as the scenarios' schema uses. An unknown keyword is a failure.
struct SchemaValidator {
  let root: JSONValue

  /// Where the value breaks the schema, and by which keyword; empty if it does not.
  func failures(_ value: JSONValue, _ schema: JSONValue, _ path: String = "") -> [String] {
    switch schema {
    case .bool(let isAccepted): return isAccepted ? [] : ["\(path): never"]
    case .dictionary(let keywords):
      return keywords.sorted { $0.key < $1.key }.flatMap { name, rule in
        check(value, name, rule, keywords, path).map { $0.contains(": ") ? $0 : "\($0): \(name)" }
      }
    default: return ["\(path): not a schema"]
    }
  }

  /// Paths at which the keyword fails, or whole failures of what lies within.
  private func check(
    _ value: JSONValue, _ name: String, _ rule: JSONValue, _ schema: [String: JSONValue], _ path: String
  ) -> [String] {
    let members = value.dictionary ?? [:]
    func failing(unless isGood: Bool) -> [String] { isGood ? [] : [path] }
    switch name {
    case "$schema", "$defs", "title", "description", "then": return []
    case "$ref":
      let target = rule.string.flatMap { root["$defs"]?[String($0.dropFirst("#/$defs/".count))] }
      return failures(value, target ?? .null, path)
    case "type":
      return failing(unless: (rule.stringList ?? [rule.string ?? ""]).contains { Self.isType(value, $0) })
    case "enum": return failing(unless: rule.array?.contains(value) == true)
    case "const": return failing(unless: rule == value)
    case "pattern": return failing(unless: value.string.map { Self.matches($0, rule) } ?? true)
    case "minimum": return failing(unless: value.int.map { $0 >= rule.int ?? .max } ?? true)
    case "minLength": return failing(unless: value.string.map { $0.count >= rule.int ?? .max } ?? true)
    case "maxLength": return failing(unless: value.string.map { $0.count <= rule.int ?? 0 } ?? true)
    case "minItems": return failing(unless: value.array.map { $0.count >= rule.int ?? .max } ?? true)
    case "minProperties": return failing(unless: value.dictionary.map { $0.count >= rule.int ?? .max } ?? true)
    case "maxProperties": return failing(unless: value.dictionary.map { $0.count <= rule.int ?? 0 } ?? true)
    case "required":
      return failing(unless: value.dictionary == nil || rule.stringList?.allSatisfy { members[$0] != nil } == true)
    case "dependentRequired":
      let needed = members.keys.flatMap { rule[$0]?.stringList ?? [] }
      return failing(unless: needed.allSatisfy { members[$0] != nil })
    case "properties":
      return members.flatMap { key, member in rule[key].map { failures(member, $0, "\(path)/\(key)") } ?? [] }
    case "patternProperties": return []
    case "additionalProperties":
      let others = members.filter { key, _ in
        schema["properties"]?[key] == nil
          && schema["patternProperties"]?.dictionary?.keys.contains { Self.matches(key, .string($0)) } != true
      }
      return others.flatMap { failures($0.value, rule, "\(path)/\($0.key)") }
    case "propertyNames": return members.keys.flatMap { failures(.string($0), rule, "\(path)/\($0)") }
    case "items":
      return (value.array ?? []).enumerated().flatMap { failures($0.element, rule, "\(path)/\($0.offset)") }
    case "allOf": return (rule.array ?? []).flatMap { failures(value, $0, path) }
    case "anyOf": return failing(unless: rule.array?.contains { failures(value, $0, path).isEmpty } == true)
    case "if":
      return failures(value, rule, path).isEmpty ? failures(value, schema["then"] ?? .bool(true), path) : []
    default: return ["\(path): unknown keyword \(name)"]
    }
  }

  private static func isType(_ value: JSONValue, _ type: String) -> Bool {
    switch value {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .number: type == "number"
    case .string: type == "string"
    case .array: type == "array"
    case .dictionary: type == "object"
    }
  }

  private static func matches(_ text: String, _ pattern: JSONValue) -> Bool {
    guard let pattern = pattern.string, let expression = try? Regex(pattern) else { return false }
    return text.firstMatch(of: expression) != nil
  }
}

extension YAMLNode {
  /// As editors read it.
  var json: JSONValue {
    switch content {
    case .scalar(let text, let isPlain):
      guard isPlain else { return .string(text) }
      if ["", "~", "null"].contains(text) { return .null }
      if let flag = Bool(text) { return .bool(flag) }
      if let number = Int64(text) { return .integer(number) }
      return Double(text).map { .number($0) } ?? .string(text)
    case .sequence(let elements): return .array(elements.map(\.json))
    case .mapping(let entries):
      return .dictionary(Dictionary(entries.map { ($0.name, $0.value.json) }) { first, _ in first })
    }
  }
}
