import CleanRoomModel
import CleanRoomSQL

/// Arithmetic with Spark's result types. Overflow and division by zero give NULL.
enum SparkOperator {
  static func arithmetic(_ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression)
    -> FunctionResult
  {
    if operation == .concatenate { return SparkFunction.concat([left, right]) }
    if left.type == .date || right.type == .date { return dates(operation, left, right) }
    guard left.type.isNumeric, right.type.isNumeric else { return .mismatch }
    let types = [left.type, right.type]
    if types.contains(.double) || types.contains(.real) { return doubles(operation, left, right) }
    if left.type.isInteger && right.type.isInteger { return integers(operation, left, right) }
    return SparkDecimals.arithmetic(operation, left, right)
  }

  /// Of the operand's own type.
  static func negated(_ operand: ResolvedExpression) -> FunctionResult {
    let zero = ResolvedExpression.literal(.integer(0))
    switch operand.type {
    case .real, .double:
      // A difference from zero would lose the sign of zero.
      guard let minusOne = SparkCoercion.convert(.literal(.integer(-1)), to: operand.type) else { return .mismatch }
      return .resolved(.arithmetic(.multiply, operand, minusOne, operand.type))
    case .decimal:
      guard let zero = SparkCoercion.convert(zero, to: operand.type) else { return .mismatch }
      return .resolved(.arithmetic(.subtract, zero, operand, operand.type))
    case let type where type.isInteger:
      return .resolved(.arithmetic(.subtract, zero.asBigint, operand.asBigint, type))
    default: return .mismatch
    }
  }

  private static func integers(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  ) -> FunctionResult {
    guard let type = Coercion.widest(left.type, right.type) else { return .mismatch }
    switch operation {
    case .add, .subtract, .multiply:
      return .resolved(.arithmetic(operation, left.asBigint, right.asBigint, type))
    case .divide: return doubles(operation, left, right)
    case .modulo: return .resolved(.call(.modulo, [left.asBigint, right.asBigint], type))
    case .integerDivide: return .resolved(.call(.integerDivide, [left.asBigint, right.asBigint], .bigint))
    case .concatenate: return .mismatch
    }
  }

  private static func doubles(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  ) -> FunctionResult {
    let common = SparkCoercion.commonType([left.type, right.type]) ?? .double
    let type = operation == .divide || common != .real ? ColumnType.double : .real
    guard let first = SparkCoercion.convert(left, to: type), let second = SparkCoercion.convert(right, to: type) else {
      return .mismatch
    }
    switch operation {
    case .add, .subtract, .multiply: return .resolved(.arithmetic(operation, first, second, type))
    case .divide: return .resolved(.call(.divide, [first, second], type))
    case .modulo: return .resolved(.call(.remainder, [first, second], type))
    case .integerDivide: return .unavailable("DIV of floating-point numbers")
    case .concatenate: return .mismatch
    }
  }

  // MARK: Dates

  private static func dates(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  ) -> FunctionResult {
    switch (operation, left.type, right.type) {
    case (.add, .date, _) where right.type.isInteger: return addDays(left, right)
    case (.add, _, .date) where left.type.isInteger: return addDays(right, left)
    case (.subtract, .date, _) where right.type.isInteger:
      guard case .resolved(let days) = negated(right.asBigint) else { return .mismatch }
      return addDays(left, days)
    case (.subtract, .date, .date): return .unavailable("The difference of dates as an interval; use DATEDIFF")
    default: return .mismatch
    }
  }

  private static func addDays(_ date: ResolvedExpression, _ days: ResolvedExpression) -> FunctionResult {
    if case .literal(.integer(let count)) = days, let known = Arithmetic.step(date, by: count) {
      return .resolved(known)
    }
    return .resolved(.call(.addDays, [date, days], .date))
  }

  /// A date stays a date unless hours or less are added.
  static func step(_ moment: ResolvedExpression, by interval: IntervalConstant, isNegative: Bool) -> FunctionResult {
    let sign: Int64 = isNegative ? -1 : 1
    let parts = [interval.months * sign, interval.days * sign, interval.microseconds * sign].map {
      ResolvedExpression.literal(.integer($0))
    }
    switch moment.type {
    case .date where interval.microseconds == 0: return .resolved(.call(.addInterval, [moment] + parts, .date))
    case .date, .timestamp:
      guard let timestamp = Coercion.convert(moment, to: .timestamp) else { return .mismatch }
      return .resolved(.call(.addInterval, [timestamp] + parts, .timestamp))
    default: return .mismatch
    }
  }
}
