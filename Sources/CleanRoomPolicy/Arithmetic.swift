import CleanRoomModel
import CleanRoomSQL

/// Result types of `+`, `-` and `*`. Integers are computed as BIGINT, decimals with room for every result; what has
/// no exact type of at most 38 digits is not computed at all.
enum Arithmetic {
  /// Longest step in days from a date.
  static let longestStep: ClosedRange<Int64> = -1_000_000...1_000_000

  static func resolve(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  )
    -> ResolvedExpression?
  {
    if left.type == .date || right.type == .date { return step(operation, left, right) }
    guard left.type.isNumeric, right.type.isNumeric, let type = resultType(operation, left, right) else {
      return nil
    }
    guard case .decimal(_, let scale) = type else { return combine(operation, left, right, type, type) }
    // A product's operands keep their own scales; the engine adds them up.
    guard operation == .multiply else { return combine(operation, left, right, type, type) }
    let (first, second) = (left.decimalShape, right.decimalShape)
    guard first.scale + second.scale == scale else { return nil }
    return combine(
      operation, left, right, type, .decimal(precision: first.digits + first.scale, scale: first.scale),
      .decimal(precision: second.digits + second.scale, scale: second.scale))
  }

  private static func combine(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression,
    _ type: ColumnType,
    _ leftType: ColumnType, _ rightType: ColumnType? = nil
  ) -> ResolvedExpression? {
    guard let first = Coercion.convert(left, to: leftType),
      let second = Coercion.convert(right, to: rightType ?? leftType)
    else { return nil }
    return .arithmetic(operation, first, second, type)
  }

  private static func resultType(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  ) -> ColumnType? {
    let types = [left.type, right.type]
    if types.contains(.real) || types.contains(.double) { return .double }
    if left.type.isInteger && right.type.isInteger { return .bigint }
    let (first, second) = (left.decimalShape, right.decimalShape)
    let (precision, scale) =
      operation == .multiply
      ? (first.digits + second.digits + first.scale + second.scale, first.scale + second.scale)
      : (
        max(first.digits, second.digits) + 1 + max(first.scale, second.scale), max(first.scale, second.scale)
      )
    return precision <= 38 ? .decimal(precision: precision, scale: scale) : nil
  }

  // MARK: Dates

  private static func step(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  )
    -> ResolvedExpression?
  {
    switch (operation, left, right) {
    case (.add, .literal(.integer(let days)), _): step(right, by: days)
    case (.add, _, .literal(.integer(let days))): step(left, by: days)
    case (.subtract, _, .literal(.integer(let days))) where days != .min: step(left, by: -days)
    default: nil
    }
  }

  static func step(_ date: ResolvedExpression, by days: Int64) -> ResolvedExpression? {
    guard date.type == .date, longestStep.contains(days) else { return nil }
    guard case .literal(.date(let start)) = date else {
      return .call(.addDays, [date, .literal(.integer(days))], .date)
    }
    let end = start + Int32(days)
    return CalendarText.days.contains(end) ? .literal(.date(end)) : nil
  }
}

extension ResolvedExpression {
  /// Digits before and after the point; a constant counts its own.
  fileprivate var decimalShape: (digits: Int, scale: Int) {
    switch self {
    case .literal(.integer(let value)): (String(value.magnitude).count, 0)
    default: type.asDecimal
    }
  }
}
