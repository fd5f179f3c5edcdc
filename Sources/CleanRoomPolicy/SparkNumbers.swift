import CleanRoomModel

/// Functions of numbers.
extension SparkFunction {
  private static let ofDoubles: [String: ScalarFunction] = [
    "acos": .acos, "asin": .asin, "atan": .atan, "cbrt": .cbrt, "cos": .cos, "cot": .cot, "degrees": .degrees,
    "exp": .exp,
    "ln": .ln, "log2": .log2, "log10": .log10, "radians": .radians, "sign": .sign, "signum": .sign, "sin": .sin,
    "sqrt": .sqrt, "tan": .tan,
  ]

  @Sendable static func number(_ call: FunctionRequest) -> FunctionResult? {
    let count = call.arguments.count
    if let function = ofDoubles[call.name] { return doubles(function, call, count: 1) }
    switch (call.name, count) {
    case ("pi", 0): return .resolved(.literal(.double(.pi)))
    case ("e", 0): return .resolved(.literal(.double(2.718281828459045)))
    case ("log", 1): return doubles(.ln, call, count: 1)
    case ("log", 2): return doubles(.log, call, count: 2)
    case ("atan2", _): return doubles(.atan2, call, count: 2)
    case ("power", _), ("pow", _): return doubles(.power, call, count: 2)
    case ("ceiling", 1), ("ceil", 1), ("floor", 1): return whole(call)
    case ("abs", 1): return KnownFunction(call.name)?.number(call.arguments)
    case ("round", 1...2): return round(call)
    case ("mod", 2): return SparkOperator.arithmetic(.modulo, call.arguments[0], call.arguments[1])
    case ("div", 2): return SparkOperator.arithmetic(.integerDivide, call.arguments[0], call.arguments[1])
    case ("pmod", 2): return positiveModulo(call)
    case ("pi", _), ("e", _), ("log", _), ("abs", _), ("ceiling", _), ("ceil", _), ("floor", _), ("round", _),
      ("mod", _),
      ("div", _), ("pmod", _):
      return .mismatch
    default: return nil
    }
  }

  private static func doubles(_ function: ScalarFunction, _ call: FunctionRequest, count: Int) -> FunctionResult {
    guard call.arguments.count == count, call.types.allSatisfy(\.isNumeric) else { return .mismatch }
    return .resolved(.call(function, call.arguments.map(SparkCast.toDouble), .double))
  }

  /// Floating-point numbers are rounded by their shortest decimal spelling, as Spark does.
  private static func round(_ call: FunctionRequest) -> FunctionResult? {
    guard call.types[0].isNumeric, let places = call.arguments.count == 1 ? 0 : call.constant(1) else {
      return .mismatch
    }
    let value = call.arguments[0]
    if value.type == .real, places == 0, let zero = SparkCoercion.convert(.literal(.integer(0)), to: .real) {
      // Spark rounds to a zero without a sign.
      return .resolved(.arithmetic(.add, .call(.round, [value, .literal(.integer(0))], .real), zero, .real))
    }
    guard value.type == .real || value.type == .double, places >= 0 else {
      return KnownFunction("round")?.number([value, .literal(.integer(places))])
    }
    guard value.type == .double, places <= 15 else { return .unavailable("ROUND of \(value.type) to \(places) places") }
    return .resolved(.call(.roundDouble, [value, .literal(.integer(places))], .double))
  }

  /// Floating-point numbers become BIGINT as by CAST.
  private static func whole(_ call: FunctionRequest) -> FunctionResult? {
    let value = call.arguments[0]
    guard value.type == .real || value.type == .double else { return KnownFunction(call.name)?.number(call.arguments) }
    return .resolved(.cast(.call(call.name == "floor" ? .floor : .ceiling, [value], value.type), .bigint))
  }

  private static func positiveModulo(_ call: FunctionRequest) -> FunctionResult {
    guard call.types.allSatisfy(\.isInteger) else { return .unavailable("PMOD of numbers that are not whole") }
    guard let type = Coercion.widest(call.types[0], call.types[1]) else { return .mismatch }
    return .resolved(.call(.positiveModulo, call.arguments, type))
  }
}
