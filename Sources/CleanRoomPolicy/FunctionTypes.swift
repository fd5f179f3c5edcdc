import CleanRoomModel

/// Argument and result types of the scalar functions, as in Spark.
extension KnownFunction {
  func resolve(_ arguments: [ResolvedExpression], modifier: String?, now: Timestamp) -> FunctionResult {
    switch (name, arguments.count) {
    case ("CURRENT_DATE", 0): .resolved(.literal(.date(Self.day(of: now))))
    case ("GETDATE", 0): .resolved(.literal(.timestamp(now.milliseconds * 1000)))
    case ("CONVERT", _), ("TO_CHAR", _), ("TO_NUMBER", _): .unavailable(name)
    case ("COALESCE", 1...): Self.coalesce(arguments)
    case ("LOWER", 1): Self.text(.lower, arguments)
    case ("UPPER", 1): Self.text(.upper, arguments)
    case ("RTRIM", 1): Self.text(.rtrim, arguments)
    case ("RTRIM", _): .unavailable("RTRIM with a set of characters")
    case ("TRIM", 1): Self.trim(arguments, modifier)
    case ("TRIM", _): .unavailable("TRIM with a set of characters")
    case ("SUBSTRING", 2...3): Self.substring(arguments)
    case ("DATEADD", 2): Self.addDays(arguments)
    case ("TO_DATE", 1): Self.toDate(arguments[0])
    case ("TO_TIMESTAMP", 1): Self.toTimestamp(arguments[0])
    case ("TO_DATE", 2), ("TO_TIMESTAMP", 2): .unavailable("\(name) with a format")
    case ("YEAR", 1), ("MONTH", 1): Self.extract(field: name, from: arguments[0])
    case ("DAYOFYEAR", 1): Self.extract(field: "DOY", from: arguments[0])
    case ("TRUNC", 2) where arguments[0].type == .date || arguments[0].type == .timestamp:
      Self.truncateDate(arguments)
    default: number(arguments)
    }
  }

  private static func day(of now: Timestamp) -> Int32 {
    let perDay: Int64 = 86_400_000
    let days = now.milliseconds / perDay - (now.milliseconds % perDay < 0 ? 1 : 0)
    return Int32(clamping: days)
  }

  // MARK: Text

  private static func coalesce(_ arguments: [ResolvedExpression]) -> FunctionResult {
    guard let aligned = Coercion.align(arguments), let type = Coercion.commonType(arguments) else {
      return .mismatch
    }
    return .resolved(.call(.coalesce, aligned, type))
  }

  private static func text(_ function: ScalarFunction, _ arguments: [ResolvedExpression]) -> FunctionResult {
    arguments[0].type == .string ? .resolved(.call(function, arguments, .string)) : .mismatch
  }

  private static func trim(_ arguments: [ResolvedExpression], _ modifier: String?) -> FunctionResult {
    switch modifier {
    case "LEADING": text(.ltrim, arguments)
    case "TRAILING": text(.rtrim, arguments)
    default: text(.trim, arguments)
    }
  }

  /// Positions count from 1; 0 is taken as 1, as in Spark.
  private static func substring(_ arguments: [ResolvedExpression]) -> FunctionResult {
    guard arguments[0].type == .string, case .literal(.integer(let start)) = arguments[1] else {
      return .mismatch
    }
    guard start >= 0 else { return .unavailable("SUBSTRING from the end") }
    var length = Int64(Int32.max)
    if arguments.count == 3 {
      guard case .literal(.integer(let written)) = arguments[2] else { return .mismatch }
      length = max(0, min(written, length))
    }
    let first = min(max(start, 1), Int64(Int32.max))
    return .resolved(
      .call(.substring, [arguments[0], .literal(.integer(first)), .literal(.integer(length))], .string))
  }

  // MARK: Dates and times

  private static func toDate(_ value: ResolvedExpression) -> FunctionResult {
    switch (value, value.type) {
    case (.literal(let literal), .string):
      literal.converted(to: .date).map { .resolved(.literal($0)) } ?? .mismatch
    case (_, .date): .resolved(value)
    case (_, .timestamp): .resolved(.cast(value, .date))
    case (_, .string): .unavailable("TO_DATE of a string column")
    default: .mismatch
    }
  }

  private static func toTimestamp(_ value: ResolvedExpression) -> FunctionResult {
    switch (value, value.type) {
    case (.literal(let literal), .string):
      literal.converted(to: .timestamp).map { .resolved(.literal($0)) } ?? .mismatch
    case (_, .timestamp): .resolved(value)
    case (_, .date): Coercion.convert(value, to: .timestamp).map { .resolved($0) } ?? .mismatch
    case (_, .string): .unavailable("TO_TIMESTAMP of a string column")
    default: .mismatch
    }
  }

  private static func addDays(_ arguments: [ResolvedExpression]) -> FunctionResult {
    guard case .literal(.integer(let days)) = arguments[1],
      let result = Arithmetic.step(arguments[0], by: days)
    else { return .mismatch }
    return .resolved(result)
  }

  /// As Spark's `DATEADD(unit, number, value)`: the result is a timestamp.
  static func dateAdd(unit: String, _ arguments: [ResolvedExpression]) -> FunctionResult {
    let units = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
    guard units.contains(unit), case .literal(.integer(let number)) = arguments[0],
      Arithmetic.longestStep.contains(number), [.date, .timestamp].contains(arguments[1].type),
      let moment = Coercion.convert(arguments[1], to: .timestamp)
    else { return .mismatch }
    return .resolved(.call(.addUnits, [.literal(.string(unit)), arguments[0], moment], .timestamp))
  }

  static func extract(field: String, from value: ResolvedExpression) -> FunctionResult {
    guard let part = part(field.uppercased()) else {
      return .unavailable("EXTRACT of \(field.uppercased().prefix(20))")
    }
    let needsTime = part == .hour || part == .minute
    guard value.type == .timestamp || (value.type == .date && !needsTime) else { return .mismatch }
    return .resolved(.call(part, [value], .integer))
  }

  private static func part(_ field: String) -> ScalarFunction? {
    switch field {
    case "YEAR": .year
    case "QUARTER": .quarter
    case "MONTH": .month
    case "WEEK": .week
    case "DAY": .day
    case "DOW", "DAYOFWEEK": .dayOfWeek
    case "DOY": .dayOfYear
    case "HOUR": .hour
    case "MINUTE": .minute
    default: nil
    }
  }

  /// As Spark's `trunc(date, unit)`.
  private static func truncateDate(_ arguments: [ResolvedExpression]) -> FunctionResult {
    let units = [
      "YEAR": "year", "YYYY": "year", "YY": "year", "QUARTER": "quarter", "MONTH": "month", "MON": "month",
      "MM": "month", "WEEK": "week",
    ]
    guard case .literal(.string(let written)) = arguments[1], let unit = units[written.uppercased()] else {
      return .mismatch
    }
    let date: ResolvedExpression = arguments[0].type == .date ? arguments[0] : .cast(arguments[0], .date)
    return .resolved(.call(.truncateDate, [.literal(.string(unit)), date], .date))
  }
}
