import CleanRoomModel

/// A scalar function call with `$` for a column: which rule entry grants it, what it takes and gives.
struct RandomCall: Sendable {
  let rule: String
  let text: String
  let takes: @Sendable (ColumnType) -> Bool
  /// Nil for the type that goes in.
  let gives: ColumnType?

  private init(_ rule: String, _ text: String, _ gives: ColumnType?, _ takes: @escaping @Sendable (ColumnType) -> Bool)
  {
    self.rule = rule
    self.text = text
    self.takes = takes
    self.gives = gives
  }

  @Sendable private static func isText(_ type: ColumnType) -> Bool { type == .string }
  @Sendable private static func isNumber(_ type: ColumnType) -> Bool { type.isNumeric }
  @Sendable private static func isCalendar(_ type: ColumnType) -> Bool { type == .date || type == .timestamp }
  @Sendable private static func isDate(_ type: ColumnType) -> Bool { type == .date }
  @Sendable private static func isMoment(_ type: ColumnType) -> Bool { type == .timestamp }
  @Sendable private static func isAny(_ type: ColumnType) -> Bool { true }

  static let all: [RandomCall] = {
    [
      RandomCall("UPPER", "UPPER($)", .string, isText), RandomCall("LOWER", "lower($)", .string, isText),
      RandomCall("TRIM", "TRIM($)", .string, isText), RandomCall("RTRIM", "RTRIM($)", .string, isText),
      RandomCall("SUBSTRING", "SUBSTRING($, 1, 2)", .string, isText),
      RandomCall("SUBSTRING", "SUBSTR($, 3)", .string, isText),
      RandomCall("COALESCE", "COALESCE($, 'none')", .string, isText),
      RandomCall("COALESCE", "COALESCE($, 0)", nil, isNumber),
      RandomCall("ABS", "ABS($)", nil, isNumber), RandomCall("CEILING", "CEIL($)", .bigint, isNumber),
      RandomCall("FLOOR", "FLOOR($)", .bigint, isNumber), RandomCall("ROUND", "ROUND($)", nil, isNumber),
      RandomCall("ROUND", "ROUND($, 1)", nil, { $0.isInteger || $0 == .decimal(precision: 12, scale: 2) }),
      RandomCall("SQRT", "SQRT($)", .double, isNumber), RandomCall("LN", "LN($)", .double, isNumber),
      RandomCall("LOG", "LOG($)", .double, isNumber), RandomCall("LOG", "LOG(10, $)", .double, isNumber),
      RandomCall("TRUNC", "TRUNC($)", nil, isNumber), RandomCall("TRUNC", "TRUNC($, 'month')", .date, isCalendar),
      RandomCall("YEAR", "YEAR($)", .integer, isCalendar), RandomCall("MONTH", "MONTH($)", .integer, isCalendar),
      RandomCall("EXTRACT", "EXTRACT(YEAR FROM $)", .integer, isCalendar),
      RandomCall("YEAR", "EXTRACT(year FROM $)", .integer, isCalendar),
      RandomCall("EXTRACT", "MONTH($)", .integer, isCalendar),
      RandomCall("EXTRACT", "EXTRACT(QUARTER FROM $)", .integer, isCalendar),
      RandomCall("EXTRACT", "EXTRACT(HOUR FROM $)", .integer, isMoment),
      RandomCall("EXTRACT", "EXTRACT(DOY FROM $)", .integer, isCalendar),
      RandomCall("EXTRACT", "DAYOFYEAR($)", .integer, isCalendar),
      RandomCall("DATEADD", "DATEADD($, 7)", .date, isDate),
      RandomCall("DATEADD", "DATEADD(hour, 2, $)", .timestamp, isCalendar),
      RandomCall("TO_DATE", "TO_DATE($)", .date, isCalendar),
      RandomCall("TO_TIMESTAMP", "TO_TIMESTAMP($)", .timestamp, isCalendar),
      RandomCall("CAST", "CAST($ AS STRING)", .string, { $0 != .double }),
      RandomCall("CAST", "$::BIGINT", .bigint, { $0.isInteger }),
      RandomCall("CURRENT_DATE", "CURRENT_DATE", .date, isDate),
      RandomCall("GETDATE", "GETDATE()", .timestamp, isMoment),
      // Never available.
      RandomCall("TO_CHAR", "TO_CHAR($, 'YYYY')", .string, { _ in false }),
      RandomCall("TO_NUMBER", "TO_NUMBER($, '9')", .integer, { _ in false }),
      RandomCall("CONVERT", "CONVERT($, 'x')", .string, { _ in false }),
      RandomCall("CAST", "CAST($ AS VARCHAR(2))", .string, { _ in false }),
      RandomCall("TRIM", "TRIM('x' FROM $)", .string, { _ in false }),
      RandomCall("MD5", "MD5($)", .string, { _ in false }),
    ]
  }()
}
