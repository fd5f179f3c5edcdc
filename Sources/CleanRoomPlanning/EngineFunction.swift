import CleanRoomPolicy

/// The scalar functions in the engine's words, with Spark's meaning. `EngineExpression` makes NULL of what raises.
enum EngineFunction {
  static func text(_ function: ScalarFunction, _ arguments: [String]) -> String {
    let list = arguments.joined(separator: ", ")
    let (first, second) = (arguments[0], arguments.count > 1 ? arguments[1] : "NULL")
    switch function {
    // LOWER and UPPER map letter by letter; Spark also writes a few letters as two (ß as SS).
    case .abs, .coalesce, .floor, .lower, .upper, .round, .substring: return "\(function.rawValue)(\(list))"
    case .ceiling: return "ceil(\(first))"
    case .truncate: return "trunc(\(first))"
    // Spark trims spaces only, no other white space.
    case .ltrim, .rtrim, .trim: return "\(function.rawValue)(\(first), ' ')"
    case .ln: return "CASE WHEN \(first) > 0 THEN ln(\(first)) END"
    case .log:
      return "CASE WHEN \(second) > 0 AND \(first) > 0 THEN ln(\(second)) / NULLIF(ln(\(first)), 0) END"
    case .sqrt: return "CASE WHEN \(first) >= 0 THEN sqrt(\(first)) END"
    case .truncateDate: return "date_trunc(\(list))"
    case .addDays: return "\(first) + \(second)"
    case .addUnits: return "\(arguments[2]) + \(interval(first, second))"
    case .year, .month, .day, .hour, .minute, .quarter, .week: return "\(function.rawValue)(\(first))"
    // Spark counts Sunday as 1, the engine as 0.
    case .dayOfWeek: return "dayofweek(\(first)) + 1"
    case .dayOfYear: return "dayofyear(\(first))"
    }
  }

  /// - Parameter unit: a string constant, one of those that the policy room lets through.
  private static func interval(_ unit: String, _ number: String) -> String {
    switch unit {
    case "'year'": "to_months(12 * \(number))"
    case "'quarter'": "to_months(3 * \(number))"
    case "'month'": "to_months(\(number))"
    case "'week'": "to_days(7 * \(number))"
    case "'day'": "to_days(\(number))"
    case "'hour'": "to_hours(\(number))"
    case "'minute'": "to_minutes(\(number))"
    default: "to_seconds(\(number))"
    }
  }
}
