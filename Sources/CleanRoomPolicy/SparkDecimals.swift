import CleanRoomModel
import CleanRoomSQL

/// Decimal arithmetic with Spark's precision and scale (DecimalPrecision, with precision loss allowed). Where Spark would
/// cut places off a sum or a product, the query is refused.
enum SparkDecimals {
  static func arithmetic(_ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression)
    -> FunctionResult
  {
    let (first, second) = (shape(left), shape(right))
    switch operation {
    case .add, .subtract:
      let scale = max(first.scale, second.scale)
      let type = adjusted(max(first.whole, second.whole) + scale + 1, scale)
      guard type.scale == scale else { return cut(operation) }
      return combine(operation, (left, scale), (right, scale), type)
    case .multiply:
      let scale = first.scale + second.scale
      let type = adjusted(first.precision + second.precision + 1, scale)
      guard type.scale == scale else { return cut(operation) }
      return combine(operation, (left, first.scale), (right, second.scale), type)
    case .divide:
      let scale = max(6, first.scale + second.precision + 1)
      let type = adjusted(first.whole + second.scale + scale, scale)
      guard type.scale - first.scale + second.scale >= 0 else { return cut(operation) }
      return converted((left, first.scale), (right, second.scale)).map {
        .resolved(
          .call(.divideDecimal, [$0, $1], .decimal(precision: type.precision, scale: type.scale)))
      } ?? .mismatch
    case .modulo:
      let scale = max(first.scale, second.scale)
      let operand = max(first.whole, second.whole) + scale
      guard operand <= 38 else { return cut(operation) }
      let type = ColumnType.decimal(precision: operand, scale: scale)
      guard let dividend = Coercion.convert(left, to: type), let divisor = Coercion.convert(right, to: type) else {
        return .mismatch
      }
      let precision = min(first.whole, second.whole) + scale
      return .resolved(.call(.remainder, [dividend, divisor], .decimal(precision: max(precision, 1), scale: scale)))
    case .integerDivide, .concatenate:
      return .unavailable("\(operation.rawValue) of decimals")
    }
  }

  private typealias Shape = (precision: Int, scale: Int, whole: Int)

  /// A constant counts its own digits.
  private static func shape(_ expression: ResolvedExpression) -> Shape {
    switch (expression, expression.type) {
    case (.literal(.integer(let value)), _):
      let digits = String(value.magnitude).count
      return (digits, 0, digits)
    case (_, .decimal(let precision, let scale)): return (precision, scale, precision - scale)
    case (_, let type): return (type.decimalDigits, 0, type.decimalDigits)
    }
  }

  private static func adjusted(_ precision: Int, _ scale: Int) -> (precision: Int, scale: Int) {
    guard precision > 38 else { return (precision, scale) }
    let whole = precision - scale
    return (38, max(38 - whole, min(scale, 6)))
  }

  private static func cut(_ operation: ArithmeticOperator) -> FunctionResult {
    .unavailable("\(operation.rawValue) of decimals with more than 38 digits together; CAST one of them to fewer")
  }

  private static func combine(
    _ operation: ArithmeticOperator, _ left: (ResolvedExpression, scale: Int),
    _ right: (ResolvedExpression, scale: Int),
    _ type: (precision: Int, scale: Int)
  ) -> FunctionResult {
    converted(left, right).map {
      .resolved(.arithmetic(operation, $0, $1, .decimal(precision: type.precision, scale: type.scale)))
    } ?? .mismatch
  }

  /// Wide enough for every value; sums and products that pass the engine's 38 digits give NULL.
  private static func converted(_ left: (ResolvedExpression, scale: Int), _ right: (ResolvedExpression, scale: Int))
    -> (ResolvedExpression, ResolvedExpression)?
  {
    guard let first = Coercion.convert(left.0, to: .decimal(precision: width(left), scale: left.scale)),
      let second = Coercion.convert(right.0, to: .decimal(precision: width(right), scale: right.scale))
    else { return nil }
    return (first, second)
  }

  private static func width(_ operand: (ResolvedExpression, scale: Int)) -> Int {
    min(38, shape(operand.0).whole + operand.scale)
  }
}

extension ColumnType {
  /// The decimal digits that Spark gives to whole numbers.
  fileprivate var decimalDigits: Int {
    switch self {
    case .tinyint: 3
    case .smallint: 5
    case .integer: 10
    default: 20
    }
  }
}
