import CleanRoomModel
import CleanRoomSQL

/// CAST in Spark's default mode: NULL where a value does not fit.
enum SparkCast {
  static func resolve(_ value: ResolvedExpression, to name: TypeName, isTry: Bool) -> FunctionResult {
    guard let type = CastRules.type(name) else { return .unavailable("CAST to \(name.name.prefix(40))") }
    return resolve(value, type: type, isTry: isTry)
  }

  static func resolve(_ value: ResolvedExpression, type: ColumnType, isTry: Bool) -> FunctionResult {
    if value.type == type { return .resolved(value) }
    if case .literal(let literal) = value, let constant = literal.converted(to: type), constant.type == type {
      return .resolved(.literal(constant))
    }
    if isTry && value.type == .string { return .unavailable("TRY_CAST of a string") }
    guard isExact(from: value.type, to: type) else { return .unavailable("CAST from \(value.type) to \(type)") }
    return .resolved(.cast(value, type))
  }

  private static func isExact(from source: ColumnType, to target: ColumnType) -> Bool {
    switch (source, target) {
    case (.boolean, _): target.isNumeric || target == .string
    case (_, .boolean): source.isNumeric || source == .string
    case (.date, .string), (.timestamp, .string), (.date, .timestamp), (.timestamp, .date): true
    case (.string, .date), (.string, .double): true
    case (.string, .decimal): true
    case (.string, _): target.isInteger
    case (.decimal(_, let scale), .string): scale <= 6
    case (.real, .string), (.double, .string): false
    // Spark narrows through INT, which wraps.
    case (.real, .tinyint), (.real, .smallint), (.double, .tinyint), (.double, .smallint): false
    // Spark goes by the shortest spelling of the wider number.
    case (.real, .decimal): false
    default: source.isNumeric && (target.isNumeric || target == .string)
    }
  }

  static func toDouble(_ value: ResolvedExpression) -> ResolvedExpression {
    Coercion.convert(value, to: .double) ?? .cast(value, .double)
  }

  /// What `||` and CONCAT make of a value.
  static func toText(_ value: ResolvedExpression) -> FunctionResult {
    if case .literal(.integer(let number)) = value { return .resolved(.literal(.string(String(number)))) }
    return resolve(value, type: .string, isTry: false)
  }
}
