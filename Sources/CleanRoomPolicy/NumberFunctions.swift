import CleanRoomModel

/// Argument and result types of the functions of numbers, as in Spark.
extension KnownFunction {
  func number(_ arguments: [ResolvedExpression]) -> FunctionResult {
    guard let first = arguments.first, arguments.allSatisfy(\.type.isNumeric) else { return .mismatch }
    switch (name, arguments.count) {
    case ("ABS", 1): return .resolved(.call(.abs, arguments, first.type))
    case ("CEILING", 1): return .resolved(.call(.ceiling, arguments, Self.wholeType(first.type)))
    case ("FLOOR", 1): return .resolved(.call(.floor, arguments, Self.wholeType(first.type)))
    case ("SQRT", 1): return .resolved(.call(.sqrt, [first.asDouble], .double))
    case ("LN", 1), ("LOG", 1): return .resolved(.call(.ln, [first.asDouble], .double))
    case ("LOG", 2): return .resolved(.call(.log, arguments.map(\.asDouble), .double))
    case ("ROUND", 1): return Self.round(first, to: 0)
    case ("ROUND", 2):
      guard case .literal(.integer(let places)) = arguments[1] else { return .mismatch }
      return Self.round(first, to: places)
    case ("TRUNC", 1): return Self.truncate(first)
    case ("TRUNC", 2): return .unavailable("TRUNC to decimal places")
    default: return .mismatch
    }
  }

  /// CEILING and FLOOR: BIGINT, or a decimal with one digit more before the point.
  private static func wholeType(_ type: ColumnType) -> ColumnType {
    guard case .decimal(let precision, let scale) = type else { return .bigint }
    return .decimal(precision: min(precision - scale + 1, 38), scale: 0)
  }

  /// Half up, away from zero. Doubles are rounded to whole numbers only: Spark rounds their decimal spelling.
  private static func round(_ value: ResolvedExpression, to places: Int64) -> FunctionResult {
    guard places >= 0 else { return .unavailable("ROUND to tens") }
    switch value.type {
    case .decimal(let precision, let scale):
      let kept = min(Int(clamping: places), scale)
      let digits = min(precision - scale + 1 + kept, 38)
      return .resolved(
        .call(.round, [value, .literal(.integer(Int64(kept)))], .decimal(precision: digits, scale: kept)))
    case .real, .double:
      guard places == 0 else { return .unavailable("ROUND of a floating-point number to decimal places") }
      return .resolved(.call(.round, [value, .literal(.integer(0))], value.type))
    default: return .resolved(value)
    }
  }

  /// Towards zero.
  private static func truncate(_ value: ResolvedExpression) -> FunctionResult {
    value.type.isInteger ? .resolved(value) : .resolved(.call(.truncate, [value], value.type))
  }
}

extension ResolvedExpression {
  fileprivate var asDouble: ResolvedExpression { Coercion.convert(self, to: .double) ?? .cast(self, .double) }
}
