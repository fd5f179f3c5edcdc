import CleanRoomModel

/// Brings operands to one type, exactly: by rewriting constants and by casts that widen. No operand is ever read as
/// something it is not; what does not fit has no common type.
enum Coercion {
  static func align(_ left: ResolvedExpression, _ right: ResolvedExpression) -> (
    ResolvedExpression, ResolvedExpression
  )? {
    align([left, right]).map { ($0[0], $0[1]) }
  }

  static func align(_ operands: [ResolvedExpression]) -> [ResolvedExpression]? {
    guard let type = commonType(operands) else { return nil }
    var result: [ResolvedExpression] = []
    result.reserveCapacity(operands.count)
    for operand in operands {
      guard let converted = convert(operand, to: type) else { return nil }
      result.append(converted)
    }
    return result
  }

  /// Constants adapt to the other operands where they can.
  static func commonType(_ operands: [ResolvedExpression]) -> ColumnType? {
    var common: ColumnType?
    for operand in operands where !operand.isAdaptable {
      guard let type = common else {
        common = operand.type
        continue
      }
      guard let next = widest(type, operand.type) else { return nil }
      common = next
    }
    for case .literal(let literal) in operands where literal.isAdaptable {
      guard let type = common else {
        common = literal.type
        continue
      }
      guard let next = adapted(type, to: literal) else { return nil }
      common = next
    }
    return common == .binary ? nil : common
  }

  /// A NULL takes any type, a string becomes a date or timestamp if it spells one, a number keeps its value.
  private static func adapted(_ type: ColumnType, to literal: TypedLiteral) -> ColumnType? {
    literal.converted(to: type) != nil ? type : widest(type, literal.type)
  }

  static func widest(_ left: ColumnType, _ right: ColumnType) -> ColumnType? {
    switch (left, right) {
    case _ where left == right: left
    case (.date, .timestamp), (.timestamp, .date): .timestamp
    case _ where left.isInteger && right.isInteger: left.integerDigits > right.integerDigits ? left : right
    case (.real, _) where right.isNumeric, (.double, _) where right.isNumeric,
      (_, .real) where left.isNumeric, (_, .double) where left.isNumeric:
      .double
    case _ where left.isNumeric && right.isNumeric: widestDecimal(left.asDecimal, right.asDecimal)
    default: nil
    }
  }

  private static func widestDecimal(_ left: (digits: Int, scale: Int), _ right: (digits: Int, scale: Int))
    -> ColumnType?
  {
    let scale = max(left.scale, right.scale)
    let precision = max(left.digits, right.digits) + scale
    return precision <= 38 ? .decimal(precision: precision, scale: scale) : nil
  }

  static func convert(_ expression: ResolvedExpression, to type: ColumnType) -> ResolvedExpression? {
    if expression.type == type { return expression }
    if case .literal(let literal) = expression { return literal.converted(to: type).map { .literal($0) } }
    return .cast(expression, type)
  }
}

extension ResolvedExpression {
  fileprivate var isAdaptable: Bool {
    if case .literal(let literal) = self { return literal.isAdaptable }
    return false
  }
}

extension TypedLiteral {
  fileprivate var isAdaptable: Bool {
    switch self {
    case .null, .string, .integer, .decimal, .double: true
    case .boolean, .date, .timestamp: false
    }
  }
}

extension ColumnType {
  /// Digits that hold every value of an integer type.
  var integerDigits: Int {
    switch self {
    case .tinyint: 3
    case .smallint: 5
    case .integer: 10
    default: 19
    }
  }

  /// Digits before the point, and after it.
  var asDecimal: (digits: Int, scale: Int) {
    if case .decimal(let precision, let scale) = self { return (precision - scale, scale) }
    return (integerDigits, 0)
  }
}
