import CleanRoomModel

/// The common type of operands that Spark compares or chooses between. What Spark would convert between text and other
/// types is left to CAST, except for constants.
enum SparkCoercion {
  /// Operands as they are compared: a constant takes the other operand's type where that changes no outcome.
  static func align(_ operands: [ResolvedExpression]) -> [ResolvedExpression]? {
    // Numbers meet FLOAT as FLOAT, which loses digits that DOUBLE would keep.
    if operands.contains(where: { $0.type == .real }) { return unify(operands) }
    return Coercion.align(operands)
  }

  /// Operands of which one becomes the value: the type is Spark's own. Only NULL, and text that spells a date or
  /// timestamp, adapt.
  static func unify(_ operands: [ResolvedExpression]) -> [ResolvedExpression]? {
    let fixed = operands.filter { !$0.isFlexible }.map(\.type)
    var type = commonType(fixed)
    if fixed.isEmpty { type = .string }
    guard let type, type != .binary else { return nil }
    let converted = operands.compactMap { convert($0, to: type) }
    return converted.count == operands.count ? converted : nil
  }

  static func commonType(_ types: [ColumnType]) -> ColumnType? {
    types.dropFirst().reduce(types.first) { left, right in left.flatMap { widest($0, right) } }
  }

  private static func widest(_ left: ColumnType, _ right: ColumnType) -> ColumnType? {
    switch (left, right) {
    case _ where left == right: left
    case (.real, _) where right.isInteger, (_, .real) where left.isInteger: .real
    case (.bigint, .decimal): Coercion.widest(.decimal(precision: 20, scale: 0), right)
    case (.decimal, .bigint): Coercion.widest(left, .decimal(precision: 20, scale: 0))
    default: Coercion.widest(left, right)
    }
  }

  /// A constant keeps no narrower type than it is given.
  static func convert(_ operand: ResolvedExpression, to type: ColumnType) -> ResolvedExpression? {
    if operand.type == type { return operand }
    guard case .literal(let literal) = operand else { return .cast(operand, type) }
    if let constant = literal.converted(to: type), constant.type == type { return .literal(constant) }
    return literal.type.isNumeric && type.isNumeric ? .cast(operand, type) : nil
  }
}

extension ResolvedExpression {
  fileprivate var isNull: Bool {
    if case .literal(.null) = self { return true }
    return false
  }

  /// A constant without a type of its own.
  fileprivate var isFlexible: Bool {
    if case .literal(.string) = self { return true }
    return isNull
  }

  var asBigint: ResolvedExpression { SparkCoercion.convert(self, to: .bigint) ?? .cast(self, .bigint) }

  /// As an INT argument; NULL where it is no INT.
  var asArgument: ResolvedExpression {
    type == .bigint ? ResolvedExpression.cast(self, .integer).asBigint : asBigint
  }
}
