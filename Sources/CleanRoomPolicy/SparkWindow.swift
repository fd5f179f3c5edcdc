import CleanRoomModel

struct ResolvedWindow {
  let kind: WindowKind
  let arguments: [ResolvedExpression]
  let type: ColumnType
}

enum WindowResult {
  case resolved(ResolvedWindow)
  case mismatch
  case unavailable(String)
}

/// The window functions of Spark SQL.
enum SparkWindow {
  /// Those that are nothing without OVER.
  static let names: Set<String> = [
    "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value",
    "last_value",
    "nth_value",
  ]
  private static let ranks: [String: (WindowKind, ColumnType)] = [
    "row_number": (.rowNumber, .integer), "rank": (.rank, .integer), "dense_rank": (.denseRank, .integer),
    "percent_rank": (.percentRank, .double), "cume_dist": (.cumulativeDistribution, .double),
  ]
  private static let longestDistance: ClosedRange<Int64> = 0...1_000_000

  /// - Returns: nil where there is no window function of that name.
  static func resolve(name: String, arguments: [ResolvedExpression]) -> WindowResult? {
    if let (kind, type) = ranks[name] {
      return arguments.isEmpty ? resolved(kind, [], type) : .mismatch
    }
    switch name {
    case "ntile":
      guard arguments.count == 1, let buckets = arguments[0].wholeNumber, buckets > 0 else { return .mismatch }
      return resolved(.ntile, arguments, .integer)
    case "lag": return distance(.lag, arguments)
    case "lead": return distance(.lead, arguments)
    case "first_value", "first": return value(.firstValue, arguments)
    case "last_value", "last": return value(.lastValue, arguments)
    case "nth_value":
      guard arguments.count == 2, let position = arguments[1].wholeNumber, position > 0 else { return .mismatch }
      return resolved(.nthValue, arguments, arguments[0].type)
    default: return aggregate(name, arguments)
    }
  }

  private static func resolved(_ kind: WindowKind, _ arguments: [ResolvedExpression], _ type: ColumnType)
    -> WindowResult
  {
    .resolved(ResolvedWindow(kind: kind, arguments: arguments, type: type))
  }

  private static func value(_ kind: WindowKind, _ arguments: [ResolvedExpression]) -> WindowResult {
    arguments.count == 1 ? resolved(kind, arguments, arguments[0].type) : .unavailable("IGNORE NULLS")
  }

  /// Value, distance and default.
  private static func distance(_ kind: WindowKind, _ arguments: [ResolvedExpression]) -> WindowResult {
    guard (1...3).contains(arguments.count) else { return .mismatch }
    let distance = arguments.count > 1 ? arguments[1] : .literal(.integer(1))
    guard let number = distance.wholeNumber, longestDistance.contains(number) else { return .mismatch }
    guard arguments.count == 3 else {
      return resolved(kind, [arguments[0], distance], arguments[0].type)
    }
    guard let pair = SparkCoercion.unify([arguments[0], arguments[2]]), pair[0] == arguments[0],
      let fallback = Coercion.convert(arguments[2], to: arguments[0].type)
    else { return .mismatch }
    return resolved(kind, [arguments[0], distance, fallback], arguments[0].type)
  }

  private static func aggregate(_ name: String, _ arguments: [ResolvedExpression]) -> WindowResult? {
    switch SparkAggregate.resolve(name: name, arguments: arguments, isDistinct: false, filter: nil) {
    case .resolved(.aggregateCall(let call))? where !call.isDistinct && call.filter == nil:
      switch call.kind {
      case .count, .sum, .average, .minimum, .maximum, .every, .any:
        return resolved(.aggregate(call.kind), call.arguments, call.type)
      default: return .unavailable("\(name.uppercased()) as a window function")
      }
    case .resolved?: return .unavailable("\(name.uppercased()) as a window function")
    case .unavailable(let what)?: return .unavailable(what)
    case .mismatch?: return .mismatch
    case nil: return nil
    }
  }
}

extension ResolvedExpression {
  fileprivate var wholeNumber: Int64? {
    if case .literal(.integer(let value)) = self { return value }
    return nil
  }
}
