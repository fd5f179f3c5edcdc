import Foundation

/// Which requests the API takes.
public enum APIMode: Sendable {
  /// What AWS takes, and what the founding how-to does besides.
  case extended
  /// What AWS takes.
  case strict
}

extension ServiceModel {
  /// Checks an input against every constraint of the model and reports all failures at once.
  /// - Returns: the input, with what extended mode fills in.
  public func validate(_ input: JSONValue, for operation: Operation, mode: APIMode) throws(APIError) -> JSONValue {
    let prepared = mode == .extended ? Extensions.completed(input, for: operation) : input
    var validator = Validator(model: self, mode: mode, operation: operation.name)
    validator.check(prepared, operation.input, path: "")
    guard validator.failures.isEmpty else { throw .fields(validator.failures) }
    return prepared
  }
}

/// What extended mode takes beyond the model, in one place.
enum Extensions {
  static let scalarFunctions = ["YEAR", "MONTH"]
  static let completed = "COMPLETED"

  /// An absent `allowJoinsOnColumnsWithDifferentNames` counts as true.
  static func completed(_ input: JSONValue, for operation: Operation) -> JSONValue {
    guard operation.name == "CreateCollaboration", var metadata = input["dataEncryptionMetadata"],
      metadata.dictionary != nil, metadata["allowJoinsOnColumnsWithDifferentNames"] == nil
    else { return input }
    metadata["allowJoinsOnColumnsWithDifferentNames"] = .bool(true)
    var result = input
    result["dataEncryptionMetadata"] = metadata
    return result
  }

  static func accepts(_ value: String, shape: String, operation: String) -> Bool {
    switch shape {
    case "ScalarFunctions": scalarFunctions.contains(value)
    case "ProtectedQueryStatus": value == completed && operation == "ListProtectedQueries"
    default: false
    }
  }
}

private struct Validator {
  let model: ServiceModel
  let mode: APIMode
  let operation: String
  private(set) var failures: [APIError.Field] = []
  /// Above zero inside a shape that the model calls sensitive: no value below it is repeated.
  private var sensitiveDepth = 0
  /// So that a hostile request does not make a hostile answer.
  private static let failureLimit = 100

  init(model: ServiceModel, mode: APIMode, operation: String) {
    self.model = model
    self.mode = mode
    self.operation = operation
  }

  mutating func check(_ value: JSONValue, _ name: String, path: String) {
    guard failures.count < Self.failureLimit, let shape = model.shapes[name] else { return }
    if shape.isSensitive { sensitiveDepth += 1 }
    defer { if shape.isSensitive { sensitiveDepth -= 1 } }
    switch shape.type {
    case "structure": structure(value, shape, path)
    case "list": list(value, shape, path)
    case "map": map(value, shape, path)
    case "string": string(value, shape, name, path)
    case "integer", "long": integer(value, shape, path)
    case "boolean": if value.bool == nil { wrongType(path, "a boolean") }
    case "timestamp", "double", "float": number(value, shape, path)
    default: break
    }
  }

  private mutating func fail(_ path: String, _ constraint: String, value: String? = nil) {
    let shown = sensitiveDepth > 0 ? "" : value.map { " '\($0)'" } ?? ""
    failures.append(
      APIError.Field(
        name: path, message: "Value\(shown) at '\(path)' failed to satisfy constraint: \(constraint)"))
  }

  private mutating func wrongType(_ path: String, _ type: String) { fail(path, "Member must be \(type)") }

  private mutating func structure(_ value: JSONValue, _ shape: Shape, _ path: String) {
    guard let members = value.dictionary else { return wrongType(path, "an object") }
    let present = shape.members.filter { members[$0.key] != nil && members[$0.key] != .null }
    for name in shape.required where present[name] == nil { fail(Self.join(path, name), "Member must not be null") }
    if shape.isUnion, present.count != 1 {
      fail(path, "Member must have exactly one of: [\(shape.members.keys.sorted().joined(separator: ", "))]")
    }
    for (name, member) in present.sorted(by: { $0.key < $1.key }) {
      check(members[name] ?? .null, member.shape, path: Self.join(path, name))
    }
  }

  private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "." + name }

  private mutating func list(_ value: JSONValue, _ shape: Shape, _ path: String) {
    guard let elements = value.array else { return wrongType(path, "a list") }
    length(elements.count, shape, path)
    for (index, element) in elements.enumerated() { check(element, shape.element, path: "\(path)[\(index)]") }
  }

  private mutating func map(_ value: JSONValue, _ shape: Shape, _ path: String) {
    guard let members = value.dictionary else { return wrongType(path, "an object") }
    length(members.count, shape, path)
    for (key, element) in members.sorted(by: { $0.key < $1.key }) {
      check(.string(key), shape.key, path: path + ".key")
      check(element, shape.element, path: path + "." + key)
    }
  }

  private mutating func length(_ count: Int, _ shape: Shape, _ path: String, value: String? = nil) {
    if let minimum = shape.minimum, Double(count) < minimum {
      fail(path, "Member must have length greater than or equal to \(Int(minimum))", value: value)
    }
    if let maximum = shape.maximum, Double(count) > maximum {
      fail(path, "Member must have length less than or equal to \(Int(maximum))", value: value)
    }
  }

  private mutating func string(_ value: JSONValue, _ shape: Shape, _ name: String, _ path: String) {
    guard let text = value.string else { return wrongType(path, "a string") }
    let shown = Self.shortened(text)
    if let values = shape.values {
      let isExtension = mode == .extended && Extensions.accepts(text, shape: name, operation: operation)
      if !values.contains(text) && !isExtension {
        fail(path, "Member must satisfy enum value set: [\(values.joined(separator: ", "))]", value: shown)
      }
      return
    }
    let before = failures.count
    // Real ARNs are longer than the model's limits for them.
    if !Self.longerInPractice.contains(name) { length(text.unicodeScalars.count, shape, path, value: shown) }
    guard failures.count == before, let pattern = shape.pattern else { return }
    if !Patterns.matches(text, pattern) {
      fail(path, "Member must satisfy regular expression pattern: \(pattern)", value: shown)
    }
  }

  private static let longerInPractice: Set<String> = [
    "CleanroomsArn", "ConfiguredTableAssociationArn", "PrivacyBudgetTemplateArn",
  ]

  private static func shortened(_ text: String) -> String {
    let clean = text.unicodeScalars.prefix(64).map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }
    return clean.joined() + (text.unicodeScalars.count > 64 ? "…" : "")
  }

  private mutating func integer(_ value: JSONValue, _ shape: Shape, _ path: String) {
    guard case .integer(let number) = value else { return wrongType(path, "an integer") }
    range(Double(number), shape, path, shown: "\(number)")
  }

  private mutating func number(_ value: JSONValue, _ shape: Shape, _ path: String) {
    switch value {
    case .integer(let number): range(Double(number), shape, path, shown: "\(number)")
    case .number(let number): range(number, shape, path, shown: "\(number)")
    default: wrongType(path, "a number")
    }
  }

  private mutating func range(_ number: Double, _ shape: Shape, _ path: String, shown: String) {
    if let minimum = shape.minimum, number < minimum {
      fail(path, "Member must have value greater than or equal to \(Self.text(minimum))", value: shown)
    }
    if let maximum = shape.maximum, number > maximum {
      fail(path, "Member must have value less than or equal to \(Self.text(maximum))", value: shown)
    }
  }

  private static func text(_ limit: Double) -> String { Int(exactly: limit).map { "\($0)" } ?? "\(limit)" }
}

/// Matches the model's patterns, which are Java's, over the whole text.
enum Patterns {
  static func matches(_ text: String, _ pattern: String) -> Bool {
    // A pattern that cannot be read accepts nothing.
    guard let expression = compiled[pattern] else { return false }
    let range = NSRange(text.startIndex..., in: text)
    return expression.firstMatch(in: text, options: [.anchored], range: range) != nil
  }

  static func isReadable(_ pattern: String) -> Bool { compiled[pattern] != nil }

  private static let compiled: [String: NSRegularExpression] = {
    let patterns = Set(ServiceModel.shared.shapes.values.compactMap(\.pattern))
    return patterns.reduce(into: [:]) { result, pattern in
      result[pattern] = try? NSRegularExpression(pattern: "(?:" + translated(pattern) + ")\\z")
    }
  }()

  /// Java writes characters beyond the basic plane as a range of surrogate pairs, and its `\w` and `\d` are ASCII.
  private static func translated(_ pattern: String) -> String {
    asciiClasses(pattern).replacing("\\uD800\\uDBFF-\\uDC00\\uDFFF", with: "\\x{10000}-\\x{10FFFF}")
      .replacing("\\uD800\\uDC00-\\uDBFF\\uDFFF", with: "\\x{10000}-\\x{10FFFF}")
  }

  private static func asciiClasses(_ pattern: String) -> String {
    var output = ""
    var isInClass = false
    var rest = pattern[...]
    while let character = rest.popFirst() {
      switch character {
      case "\\":
        let escaped = rest.popFirst() ?? "\\"
        let members = ["w": "A-Za-z0-9_", "d": "0-9"][escaped]
        output += members.map { isInClass ? $0 : "[\($0)]" } ?? "\\\(escaped)"
      case "[":
        isInClass = true
        output.append(character)
      case "]":
        isInClass = false
        output.append(character)
      default: output.append(character)
      }
    }
    return output
  }
}
