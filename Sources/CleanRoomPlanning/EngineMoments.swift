import CleanRoomPolicy

/// Functions of dates and timestamps in the engine's words.
enum EngineMoments {
  static func text(_ function: ScalarFunction, _ arguments: [String]) -> String {
    let text = unbounded(function, arguments)
    switch function {
    case .addDays, .addMonths, .addUnits, .addInterval, .makeDate, .parseTimestamp: return bounded(text)
    default: return text
    }
  }

  /// Spark's dates and timestamps are those of the years 1 to 9999.
  private static func bounded(_ text: String) -> String {
    let first = "CAST('0001-01-01' AS TIMESTAMP)"
    let last = "CAST('9999-12-31 23:59:59.999999' AS TIMESTAMP)"
    return "list_transform([CAST(\(text) AS TIMESTAMP)], lambda m: CASE WHEN m BETWEEN \(first) AND \(last) "
      + "THEN m END)[1]"
  }

  private static func unbounded(_ function: ScalarFunction, _ arguments: [String]) -> String {
    let list = arguments.joined(separator: ", ")
    let (first, second) = (arguments[0], arguments.count > 1 ? arguments[1] : "NULL")
    switch function {
    // The engine truncates a column's least and greatest value when it plans, outside TRY.
    case .truncateDate, .truncateTimestamp: return "date_trunc(\(first), \(bounded(second)))"
    case .addDays: return "\(first) + CAST(\(second) AS INTEGER)"
    case .addMonths: return "\(first) + to_months(CAST(\(second) AS INTEGER))"
    case .addUnits: return "\(arguments[2]) + \(interval(first, "CAST(\(second) AS INTEGER)"))"
    case .addInterval:
      return "\(first) + to_months(\(second)) + to_days(\(arguments[2])) + to_microseconds(\(arguments[3]))"
    case .daysBetween: return "\(first) - \(second)"
    case .unitsBetween: return "date_sub(\(list))"
    case .lastDay: return "last_day(\(first))"
    case .makeDate: return "make_date(\(list))"
    case .parseTimestamp:
      return "CASE WHEN regexp_full_match(\(first), \(second)) THEN try_strptime(\(first), \(arguments[2])) END"
    case .year, .month, .day, .hour, .minute, .quarter, .week, .second: return "\(function.rawValue)(\(first))"
    // Spark counts Sunday as 1, the engine as 0.
    case .dayOfWeek: return "dayofweek(\(first)) + 1"
    case .dayOfYear: return "dayofyear(\(first))"
    case .weekday: return "isodow(\(first)) - 1"
    case .secondWithFraction:
      return "printf('%d.%06d', microsecond(\(first)) // 1000000, microsecond(\(first)) % 1000000)"
    // Every other function has been written before; a wrong name makes the engine refuse.
    default: return "missing"
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
