import CleanRoomAPI
import CleanRoomDaemon

/// Turns YAML into JSON of the type that the API's model asks for: a plain `123456789012` is text where the model has
/// text. All mistakes are collected, each at its line.
struct InputReader {
  private struct Part {
    var value: YAMLValue
    var type: ModelType
    /// What it refers to is known only in a run.
    var isReference: Bool
  }

  private let context: ReadingContext
  /// By path in the JSON value, as the model's validation writes it.
  private var parts: [String: Part] = [:]
  private var isSound = true

  init(_ context: ReadingContext) { self.context = context }

  /// The input of a call.
  /// - Parameter isStrict: whether the model's constraints count as well; they do not where a refusal is expected.
  static func input(
    _ value: YAMLValue, of operation: Operation, isStrict: Bool, _ context: ReadingContext
  ) throws(ConfigurationError) -> JSONValue {
    guard value.isMapping else { throw value.fail("should be a mapping", "Write the members of \(operation.name)") }
    var reader = InputReader(context)
    let input = reader.read(value, as: ServiceModel.shared.inputType(of: operation), "")
    if isStrict, reader.isSound { reader.validate(input, operation) }
    return input
  }

  /// A value that is expected in an output.
  static func value(_ value: YAMLValue, as type: ModelType, _ context: ReadingContext) -> JSONValue {
    var reader = InputReader(context)
    let result = reader.read(value, as: type, "")
    for part in reader.parts.values where reader.isSound && !part.isReference {
      if case .string(let words?) = part.type.form {
        _ = context.attempt { () throws(ConfigurationError) in try part.value.choice(words) }
      }
    }
    return result
  }

  // MARK: Names and types

  private mutating func read(_ value: YAMLValue, as type: ModelType, _ path: String) -> JSONValue {
    parts[path] = Part(value: value, type: type, isReference: false)
    do {
      return try convert(value, type, path)
    } catch {
      isSound = false
      context.add(error)
      return .null
    }
  }

  private mutating func convert(_ value: YAMLValue, _ type: ModelType, _ path: String) throws(ConfigurationError)
    -> JSONValue
  {
    if case .scalar(let text, let isPlain) = value.node.content {
      if References.occur(in: text) {
        parts[path]?.isReference = true
        return .string(try context.text(value))
      }
      if isPlain, ["", "~", "null"].contains(text) { return .null }
    }
    switch type.form {
    case .structure(let members, _, _): return try structure(value, members, type.name, path)
    case .list(let element):
      var result: [JSONValue] = []
      for (index, item) in try value.elements().enumerated() {
        result.append(read(item, as: element, "\(path)[\(index)]"))
      }
      return .array(result)
    case .map(let element):
      var result: [String: JSONValue] = [:]
      for (name, member) in try value.mapping().all() { result[name] = read(member, as: element, path + "." + name) }
      return .dictionary(result)
    case .string: return .string(try context.text(value))
    case .integer: return .integer(Int64(try value.integer()))
    case .number:
      let number = try value.double()
      return Int64(exactly: number).map { .integer($0) } ?? .number(number)
    case .boolean: return .bool(try value.bool())
    case .any: return try anything(value, type, path)
    }
  }

  private mutating func structure(
    _ value: YAMLValue, _ members: [String: ModelType], _ name: String, _ path: String
  ) throws(ConfigurationError) -> JSONValue {
    let reader = try value.mapping()
    var result: [String: JSONValue] = [:]
    for (name, member) in reader.all() {
      guard let type = members[name] else {
        isSound = false
        let known = members.keys.sorted()
        let guess = Misspelling.closest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
        context.add(
          reader.fail(name, "is not a member that the API knows", "\(guess)Known: \(known.joined(separator: ", "))"))
        continue
      }
      result[name] = read(member, as: type, path.isEmpty ? name : path + "." + name)
    }
    return .dictionary(result)
  }

  /// By YAML's own reading of plain scalars.
  private mutating func anything(_ value: YAMLValue, _ type: ModelType, _ path: String) throws(ConfigurationError)
    -> JSONValue
  {
    switch value.node.content {
    case .scalar(let text, let isPlain):
      guard isPlain else { return .string(text) }
      if let flag = Bool(text) { return .bool(flag) }
      if let number = Int64(text) { return .integer(number) }
      return YAMLValue.number(text).map { .number($0) } ?? .string(text)
    case .sequence:
      var result: [JSONValue] = []
      for (index, item) in try value.elements().enumerated() {
        result.append(read(item, as: type, "\(path)[\(index)]"))
      }
      return .array(result)
    case .mapping:
      var result: [String: JSONValue] = [:]
      for (name, member) in try value.mapping().all() { result[name] = read(member, as: type, path + "." + name) }
      return .dictionary(result)
    }
  }

  // MARK: Constraints

  private func validate(_ input: JSONValue, _ operation: Operation) {
    do {
      _ = try ServiceModel.shared.validate(input, for: operation, mode: .extended)
    } catch {
      for field in error.body["fieldList"]?.array ?? [] {
        guard let name = field["name"]?.string, let message = field["message"]?.string else { continue }
        if let problem = problem(name, message) { context.add(problem) }
      }
    }
  }

  private func problem(_ path: String, _ message: String) -> ConfigurationError? {
    let constraint = message.split(separator: "failed to satisfy constraint: ").last.map(String.init) ?? message
    guard let part = parts[path] else {
      // Something absent, or a map's key: told at what contains it.
      let parent = path.contains(".") ? path.split(separator: ".").dropLast().joined(separator: ".") : ""
      let name = path.split(separator: ".").last.map(String.init) ?? path
      guard let part = parts[parent], !part.isReference else { return nil }
      if constraint == "Member must not be null" {
        return part.value.fail("lacks \(name), which the API requires", "Add it")
      }
      return part.value.fail("breaks a constraint of the API: \(constraint)", "Correct the key")
    }
    guard !part.isReference else { return nil }
    if constraint.hasPrefix("Member must satisfy enum"), case .string(let words?) = part.type.form {
      do {
        _ = try part.value.choice(words)
      } catch {
        return error
      }
    }
    return part.value.fail(
      "breaks a constraint of the API: \(constraint)", "Correct it, or expect the refusal under expect.refused")
  }
}
