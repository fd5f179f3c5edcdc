import CleanRoomModel

/// Functions of text. Positions and lengths count code points from 1.
extension SparkFunction {
  /// How long a text may become by a function that makes text longer.
  static let longestPadding: ClosedRange<Int64> = 0...10_000

  @Sendable static func text(_ call: FunctionRequest) -> FunctionResult? {
    switch (call.name, call.arguments.count) {
    case ("lower", 1), ("lcase", 1): return texts(.lower, call)
    case ("upper", 1), ("ucase", 1): return texts(.upper, call)
    case ("trim", 1), ("trim", 2): return trim(call)
    case ("btrim", 1...2): return texts(.trim, call)
    case ("ltrim", 1): return texts(.ltrim, call)
    case ("rtrim", 1): return texts(.rtrim, call)
    case ("ltrim", 2), ("rtrim", 2): return .unavailable("\(call.name.uppercased()) with a set of characters")
    case ("concat", 1...): return concat(call.arguments)
    case ("length", 1), ("char_length", 1), ("character_length", 1), ("len", 1): return texts(.length, call, .integer)
    case ("octet_length", 1): return texts(.octetLength, call, .integer)
    case ("lpad", 2...3): return pad(.lpad, call)
    case ("rpad", 2...3): return pad(.rpad, call)
    case ("repeat", 2):
      guard let count = call.constant(1), longestPadding.contains(count) else { return .mismatch }
      return texts(.repeatText, call, extra: 1)
    case ("replace", 2): return texts(.replace, call.adding(.literal(.string(""))))
    case ("replace", 3): return texts(.replace, call)
    case ("reverse", 1): return texts(.reverse, call)
    case ("translate", 3): return texts(.translate, call)
    case ("lower", _), ("upper", _), ("trim", _), ("btrim", _), ("ltrim", _), ("rtrim", _), ("concat", _),
      ("length", _),
      ("char_length", _), ("lpad", _), ("rpad", _), ("repeat", _), ("replace", _), ("reverse", _), ("translate", _):
      return .mismatch
    default: return nil
    }
  }

  /// - Parameter extra: how many arguments at the end are not text.
  static func texts(
    _ function: ScalarFunction, _ call: FunctionRequest, _ type: ColumnType = .string, extra: Int = 0
  ) -> FunctionResult {
    guard call.types.dropLast(extra).allSatisfy({ $0 == .string }) else { return .mismatch }
    return .resolved(.call(function, call.arguments, type))
  }

  /// `TRIM(chars FROM text)` arrives with the characters first.
  private static func trim(_ call: FunctionRequest) -> FunctionResult {
    let functions: [String: ScalarFunction] = ["LEADING": .ltrim, "TRAILING": .rtrim, "BOTH": .trim]
    guard call.types.allSatisfy({ $0 == .string }) else { return .mismatch }
    guard let modifier = call.modifier, let function = functions[modifier] else {
      return call.arguments.count == 1 ? texts(.trim, call) : .mismatch
    }
    return .resolved(.call(function, call.arguments.reversed(), .string))
  }

  static func concat(_ arguments: [ResolvedExpression]) -> FunctionResult {
    var parts: [ResolvedExpression] = []
    for argument in arguments {
      switch SparkCast.toText(argument) {
      case .resolved(let text): parts.append(text)
      case let other: return other
      }
    }
    return .resolved(.call(.concatenate, parts, .string))
  }

  private static func pad(_ function: ScalarFunction, _ call: FunctionRequest) -> FunctionResult {
    guard call.types[0] == .string, let length = call.constant(1), longestPadding.contains(length) else {
      return .mismatch
    }
    if call.arguments.count == 2 {
      return .resolved(.call(function, call.arguments + [.literal(.string(" "))], .string))
    }
    guard let filling = call.text(2), !filling.isEmpty else {
      return .unavailable("\(call.name.uppercased()) with anything but a constant to fill with")
    }
    return .resolved(.call(function, call.arguments, .string))
  }

  // MARK: Parts of a text

  @Sendable static func textPosition(_ call: FunctionRequest) -> FunctionResult? {
    let arguments = call.arguments
    switch (call.name, arguments.count) {
    case ("substring", 2...3), ("substr", 2...3):
      guard call.types[0] == .string, call.types.dropFirst().allSatisfy(\.isInteger) else { return .mismatch }
      let length: ResolvedExpression = arguments.count == 3 ? arguments[2] : .literal(.integer(Int64(Int32.max)))
      return .resolved(.call(.substringAnywhere, [arguments[0], arguments[1].asArgument, length.asArgument], .string))
    case ("left", 2):
      guard call.types[0] == .string, call.types[1].isInteger else { return .mismatch }
      return .resolved(
        .call(.substringAnywhere, [arguments[0], .literal(.integer(1)), arguments[1].asArgument], .string))
    case ("right", 2):
      guard call.types[0] == .string, call.types[1].isInteger else { return .mismatch }
      return .resolved(.call(.right, [arguments[0], arguments[1].asArgument], .string))
    case ("position", 2), ("locate", 2): return find(arguments[0], in: arguments[1])
    case ("instr", 2): return find(arguments[1], in: arguments[0])
    case ("position", 3), ("locate", 3):
      return call.constant(2) == 1
        ? find(arguments[0], in: arguments[1]) : .unavailable("\(call.name.uppercased()) from a position")
    case ("split_part", 3):
      guard let part = call.constant(2), part != 0, Int32(exactly: part) != nil, let mark = call.text(1), !mark.isEmpty,
        call.types[0] == .string
      else { return .mismatch }
      return .resolved(.call(.splitPart, arguments, .string))
    case ("substring", _), ("substr", _), ("left", _), ("right", _), ("position", _), ("locate", _), ("instr", _),
      ("split_part", _):
      return .mismatch
    default: return nil
    }
  }

  private static func find(_ part: ResolvedExpression, in text: ResolvedExpression) -> FunctionResult {
    guard part.type == .string, text.type == .string else { return .mismatch }
    return .resolved(.call(.position, [part, text], .integer))
  }
}

extension FunctionRequest {
  fileprivate func adding(_ argument: ResolvedExpression) -> FunctionRequest {
    FunctionRequest(name: name, arguments: arguments + [argument], modifier: modifier, now: now)
  }
}
