import CleanRoomAPI

/// `${NAME}` in the strings of a scenario file; `$${` is a literal `${`.
enum References {
  enum Part: Equatable {
    case text(String)
    case reference(String)
  }

  /// - Returns: nil if a reference is not closed.
  static func parts(_ text: String) -> [Part]? {
    var parts: [Part] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.first {
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else { return nil }
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(.reference(String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end])))
        rest = rest[rest.index(after: end)...]
      } else {
        literal.append(character)
        rest = rest.dropFirst()
      }
    }
    return literal.isEmpty ? parts : parts + [.text(literal)]
  }

  /// Whether the text holds a reference, well-formed or not.
  static func occur(in text: String) -> Bool {
    guard let parts = parts(text) else { return true }
    return parts.contains { if case .reference = $0 { true } else { false } }
  }

  /// A string that is one reference becomes the value with its type; in a longer one, lists and objects become JSON.
  static func resolve(_ value: JSONValue, _ values: [String: JSONValue]) throws(ReferenceError) -> JSONValue {
    switch value {
    case .string(let text): return try resolve(text, values)
    case .array(let elements):
      var result: [JSONValue] = []
      for element in elements { result.append(try resolve(element, values)) }
      return .array(result)
    case .dictionary(let members):
      var result: [String: JSONValue] = [:]
      for (name, member) in members { result[name] = try resolve(member, values) }
      return .dictionary(result)
    case .null, .bool, .integer, .number: return value
    }
  }

  private static func resolve(_ text: String, _ values: [String: JSONValue]) throws(ReferenceError) -> JSONValue {
    guard let parts = parts(text) else { throw ReferenceError(name: text, isOpen: true) }
    if case .reference(let name)? = parts.first, parts.count == 1 { return try value(of: name, values) }
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .reference(let name):
        let value = try value(of: name, values)
        result += value.string ?? value.text
      }
    }
    return .string(result)
  }

  static func text(_ text: String, _ values: [String: JSONValue]) throws(ReferenceError) -> String {
    let value = try resolve(text, values)
    return value.string ?? value.text
  }

  private static func value(of name: String, _ values: [String: JSONValue]) throws(ReferenceError) -> JSONValue {
    guard let value = values[name] else { throw ReferenceError(name: name, isOpen: false) }
    return value
  }

  static func resolve(_ expectation: Expectation, _ values: [String: JSONValue]) throws(ReferenceError) -> Expectation {
    var result = expectation
    for index in result.output.indices { result.output[index].value = try resolve(result.output[index].value, values) }
    if var refusal = result.refusal {
      for index in refusal.messages.indices { refusal.messages[index] = try text(refusal.messages[index], values) }
      result.refusal = refusal
    }
    result.query = try result.query.map { query throws(ReferenceError) in try resolve(query, values) }
    return result
  }

  private static func resolve(_ query: QueryExpectation, _ values: [String: JSONValue]) throws(ReferenceError)
    -> QueryExpectation
  {
    var result = query
    result.error = try query.error.map { error throws(ReferenceError) in try text(error, values) }
    for row in query.result?.indices ?? 0..<0 {
      for (column, cell) in (query.result?[row] ?? []).enumerated() {
        if let cell { result.result?[row][column] = try text(cell, values) }
      }
    }
    for (row, cells) in query.contains.enumerated() {
      for case (let column, let cell?) in cells { result.contains[row][column] = .some(try text(cell, values)) }
    }
    return result
  }
}

/// A `${…}` that stands for nothing.
struct ReferenceError: Error, Equatable, CustomStringConvertible {
  var name: String
  /// Its closing brace is missing.
  var isOpen: Bool

  var description: String {
    isOpen
      ? "A reference is not closed in \(name): write ${NAME}, or $${ for a literal ${."
      : "${\(name)} is not known: no step before this one has saved it."
  }
}
