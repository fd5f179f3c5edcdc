import CleanRoomModel

/// Functions of dates and timestamps.
extension SparkFunction {
  @Sendable static func dateOrTime(_ call: FunctionRequest) -> FunctionResult? {
    let arguments = call.arguments
    switch (call.name, arguments.count) {
    case ("current_date", 0), ("curdate", 0):
      return KnownFunction("current_date")?.resolve([], modifier: nil, now: call.now)
    case ("current_timestamp", 0), ("now", 0), ("getdate", 0):
      return KnownFunction("getdate")?.resolve([], modifier: nil, now: call.now)
    case ("date", 1), ("to_date", 1): return SparkCast.resolve(arguments[0], type: .date, isTry: false)
    case ("timestamp", 1), ("to_timestamp", 1): return SparkCast.resolve(arguments[0], type: .timestamp, isTry: false)
    case ("to_date", 2), ("to_timestamp", 2): return parse(call)
    case ("date_add", 2), ("dateadd", 2): return days(call, isNegative: false)
    case ("date_sub", 2): return days(call, isNegative: true)
    case ("dateadd", 3), ("date_add", 3), ("timestampadd", 3): return addUnits(call)
    case ("datediff", 2), ("date_diff", 2): return dates(.daysBetween, call, .integer)
    case ("datediff", 3), ("date_diff", 3), ("timestampdiff", 3): return unitsBetween(call)
    case ("add_months", 2):
      guard let date = date(arguments[0]), call.types[1].isInteger else { return .mismatch }
      return .resolved(.call(.addMonths, [date, arguments[1]], .date))
    case ("last_day", 1): return dates(.lastDay, call, .date)
    case ("make_date", 3):
      return call.types.allSatisfy(\.isInteger) ? .resolved(.call(.makeDate, arguments, .date)) : .mismatch
    case ("trunc", 2): return KnownFunction("trunc")?.resolve(arguments, modifier: nil, now: call.now)
    case ("date_trunc", 2): return truncate(call)
    case ("to_date", _), ("to_timestamp", _), ("date", _), ("timestamp", _), ("date_add", _), ("date_sub", _),
      ("dateadd", _),
      ("datediff", _), ("date_diff", _), ("add_months", _), ("last_day", _), ("make_date", _), ("date_trunc", _):
      return .mismatch
    default: return nil
    }
  }

  /// A date as it is, or the day of a timestamp.
  private static func date(_ expression: ResolvedExpression) -> ResolvedExpression? {
    switch expression.type {
    case .date: expression
    case .timestamp: .cast(expression, .date)
    default: Coercion.convert(expression, to: .date).flatMap { if case .literal = $0 { $0 } else { nil } }
    }
  }

  private static func timestamp(_ expression: ResolvedExpression) -> ResolvedExpression? {
    switch expression.type {
    case .date, .timestamp: Coercion.convert(expression, to: .timestamp)
    default: Coercion.convert(expression, to: .timestamp).flatMap { if case .literal = $0 { $0 } else { nil } }
    }
  }

  private static func dates(_ function: ScalarFunction, _ call: FunctionRequest, _ type: ColumnType) -> FunctionResult {
    let dates = call.arguments.compactMap(date)
    return dates.count == call.arguments.count ? .resolved(.call(function, dates, type)) : .mismatch
  }

  private static func days(_ call: FunctionRequest, isNegative: Bool) -> FunctionResult {
    guard let date = date(call.arguments[0]), call.types[1].isInteger else { return .mismatch }
    guard isNegative else { return .resolved(.call(.addDays, [date, call.arguments[1]], .date)) }
    guard case .resolved(let days) = SparkOperator.negated(call.arguments[1].asBigint) else { return .mismatch }
    return .resolved(.call(.addDays, [date, days], .date))
  }

  private static let longUnits: Set<String> = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]

  private static func addUnits(_ call: FunctionRequest) -> FunctionResult {
    guard let unit = call.text(0)?.lowercased(), longUnits.contains(unit), call.types[1].isInteger,
      let moment = timestamp(call.arguments[2])
    else { return .mismatch }
    return .resolved(
      .call(.addUnits, [.literal(.string(unit)), call.arguments[1].asBigint, moment], .timestamp))
  }

  /// Months are not of one length; their whole number between two moments is left to the query.
  private static func unitsBetween(_ call: FunctionRequest) -> FunctionResult {
    guard let unit = call.text(0)?.lowercased(), let start = timestamp(call.arguments[1]),
      let end = timestamp(call.arguments[2])
    else { return .mismatch }
    guard ["week", "day", "hour", "minute", "second"].contains(unit) else {
      return .unavailable("DATEDIFF in \(unit.uppercased().prefix(20))")
    }
    return .resolved(.call(.unitsBetween, [.literal(.string(unit)), start, end], .bigint))
  }

  private static func truncate(_ call: FunctionRequest) -> FunctionResult {
    let units = [
      "year": "year", "yyyy": "year", "yy": "year", "quarter": "quarter", "month": "month", "mon": "month",
      "mm": "month",
      "week": "week", "day": "day", "dd": "day", "hour": "hour", "minute": "minute", "second": "second",
      "millisecond": "millisecond", "microsecond": "microsecond",
    ]
    guard let unit = call.text(0).flatMap({ units[$0.lowercased()] }), let moment = timestamp(call.arguments[1]) else {
      return .mismatch
    }
    return .resolved(.call(.truncateTimestamp, [.literal(.string(unit)), moment], .timestamp))
  }

  private static func parse(_ call: FunctionRequest) -> FunctionResult {
    guard call.types[0] == .string, let written = call.text(1) else { return .mismatch }
    guard let format = MomentFormat(written) else {
      return .unavailable("The format of \(call.name.uppercased())")
    }
    let parsed = ResolvedExpression.call(
      .parseTimestamp, [call.arguments[0], .literal(.string(format.pattern)), .literal(.string(format.engine))],
      .timestamp)
    return .resolved(call.name == "to_date" ? .cast(parsed, .date) : parsed)
  }

  // MARK: Parts

  private static let parts: [String: (ScalarFunction, needsTime: Bool)] = [
    "year": (.year, false), "quarter": (.quarter, false), "month": (.month, false), "weekofyear": (.week, false),
    "week": (.week, false), "day": (.day, false), "dayofmonth": (.day, false), "dayofweek": (.dayOfWeek, false),
    "dayofyear": (.dayOfYear, false), "weekday": (.weekday, false), "hour": (.hour, true), "minute": (.minute, true),
    "second": (.second, true),
  ]
  private static let fields: [String: String] = [
    "years": "year", "y": "year", "yr": "year", "yrs": "year", "qtr": "quarter", "mon": "month", "mons": "month",
    "months": "month", "w": "week", "weeks": "week", "d": "day", "days": "day", "dow": "dayofweek", "doy": "dayofyear",
    "h": "hour", "hours": "hour", "hr": "hour", "hrs": "hour", "m": "minute", "min": "minute", "mins": "minute",
    "minutes": "minute",
  ]

  @Sendable static func momentPart(_ call: FunctionRequest) -> FunctionResult? {
    if ["extract", "date_part", "datepart"].contains(call.name) {
      guard call.arguments.count == 2, let field = call.text(0)?.lowercased() else { return .mismatch }
      if ["second", "seconds", "s", "sec", "secs"].contains(field) {
        guard let moment = timestamp(call.arguments[1]) else { return .mismatch }
        return .resolved(.call(.secondWithFraction, [moment], .decimal(precision: 8, scale: 6)))
      }
      guard let part = parts[fields[field] ?? field], field != "weekday" else {
        return .unavailable("EXTRACT of \(field.uppercased().prefix(20))")
      }
      return extract(part, call.arguments[1])
    }
    guard call.name != "week", let part = parts[call.name] else { return nil }
    return call.arguments.count == 1 ? extract(part, call.arguments[0]) : .mismatch
  }

  private static func extract(_ part: (ScalarFunction, needsTime: Bool), _ value: ResolvedExpression) -> FunctionResult
  {
    let moment = part.needsTime ? timestamp(value) : (value.type == .timestamp ? value : date(value))
    return moment.map { .resolved(.call(part.0, [$0], .integer)) } ?? .mismatch
  }
}
