import CleanRoomModel
import CleanRoomSQL

/// What a function call comes to once its arguments are known.
enum FunctionResult {
  case resolved(ResolvedExpression)
  /// The arguments do not suit the function.
  case mismatch
  /// Its meaning in Spark cannot be given exactly yet.
  case unavailable(String)
}

/// CAST between types for which the engine gives exactly Spark's value, NULL where the value does not fit.
enum CastRules {
  static func resolve(_ value: ResolvedExpression, to name: TypeName) -> FunctionResult {
    guard let type = type(name) else { return .unavailable("CAST to \(name.name.prefix(40))") }
    if value.type == type { return .resolved(value) }
    if case .literal(let literal) = value, let constant = literal.converted(to: type) {
      return .resolved(.literal(constant))
    }
    guard isExact(from: value.type, to: type) else {
      return .unavailable("CAST from \(value.type) to \(type)")
    }
    return .resolved(.cast(value, type))
  }

  /// A length on a string type would cut values, which no cast here does.
  static func type(_ name: TypeName) -> ColumnType? {
    let arguments =
      name.arguments.isEmpty ? "" : "(\(name.arguments.map(String.init).joined(separator: ",")))"
    guard let type = ColumnType(name: name.name + arguments) else { return nil }
    if case .decimal = type { return name.arguments.count <= 2 ? type : nil }
    return name.arguments.isEmpty ? type : nil
  }

  private static func isExact(from source: ColumnType, to target: ColumnType) -> Bool {
    switch (source, target) {
    case (.boolean, .string), (.date, .string), (.timestamp, .string), (.date, .timestamp),
      (.timestamp, .date):
      true
    case (.decimal(_, let scale), .string): scale <= 6
    case (.decimal(let precision, _), .double): precision <= 15
    case (.decimal, .decimal), (.real, .double): true
    case (.decimal, _): target.isInteger
    case (_, .string), (_, .decimal), (_, .double): source.isInteger
    default: source.isInteger && target.isInteger
    }
  }
}
