import CleanRoomModel

/// The common type of operands that Spark compares or chooses between. What Spark would convert between text and other
/// types is left to CAST, except for constants.
enum SparkCoercion {
  static func align(_ operands: [ResolvedExpression]) -> [ResolvedExpression]? { Coercion.align(operands) }

  static func commonType(_ types: [ColumnType]) -> ColumnType? {
    types.dropFirst().reduce(types.first) { left, right in left.flatMap { Coercion.widest($0, right) } }
  }
}
