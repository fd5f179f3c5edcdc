import CleanRoomModel

/// Functions of constant patterns.
extension SparkFunction {
  @Sendable static func pattern(_ call: FunctionRequest) -> FunctionResult? {
    let functions: [String: (ScalarFunction, ColumnType)] = [
      "rlike": (.matches, .boolean), "regexp_like": (.matches, .boolean),
      "regexp_substr": (.patternSubstring, .string), "regexp_count": (.patternCount, .integer),
      "regexp_instr": (.patternPosition, .integer), "regexp_replace": (.patternReplace, .string),
    ]
    guard let (function, type) = functions[call.name] else { return nil }
    let isReplacing = function == .patternReplace
    guard call.arguments.count == (isReplacing ? 3 : 2), call.types.allSatisfy({ $0 == .string }),
      let written = call.text(1)
    else { return .mismatch }
    guard let pattern = PortablePattern(written) else {
      return .unavailable("This pattern of \(call.name.uppercased())")
    }
    // Where an empty match lies, the two engines differ.
    guard function == .matches || !pattern.canBeEmpty else {
      return .unavailable("A pattern that matches nothing, in \(call.name.uppercased()),")
    }
    guard isReplacing else {
      return .resolved(.call(function, [call.arguments[0], .literal(.string(pattern.text))], type))
    }
    guard let replacement = call.text(2), !replacement.contains("$"), !replacement.contains("\\") else {
      return .unavailable("A replacement of REGEXP_REPLACE with $ or \\")
    }
    return .resolved(
      .call(function, [call.arguments[0], .literal(.string(pattern.text)), call.arguments[2]], type))
  }
}
