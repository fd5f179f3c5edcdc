/// The scalar functions that can occur in an approved query. Every one is total: bad input gives NULL.
public enum ScalarFunction: String, Hashable, Sendable, CaseIterable {
  // MARK: Numbers

  case abs, ceiling, floor, round, truncate, sqrt, ln, log
  case acos, asin, atan, atan2, cbrt, cos, cot, degrees, exp, log2, log10, power, radians, sign, sin, tan
  /// Half up on the shortest decimal spelling of a floating-point number, to a constant number of places.
  case roundDouble
  case divide, divideDecimal, integerDivide, modulo, positiveModulo
  /// `%` of numbers that are not whole.
  case remainder
  case greatest, least

  // MARK: Text

  case coalesce, lower, upper
  /// The text, and the set of characters to take away (a space where none is given).
  case ltrim, rtrim, trim
  /// Start from 1 and length, both constants that are not negative.
  case substring
  /// Any start, also from the end, and any length.
  case substringAnywhere
  case length, octetLength, right, lpad, rpad, position, repeatText, replace, reverse, splitPart, translate
  case concatenate, md5, sha1, sha256, hexOfText, hexOfNumber
  /// Patterns are constants that `PortablePattern` has written for the engine.
  case matches, patternSubstring, patternCount, patternPosition, patternReplace

  // MARK: Dates and times

  /// The first day of the year, quarter, month or week (a string constant) in which a date lies.
  case truncateDate
  /// The same for timestamps, down to microseconds.
  case truncateTimestamp
  /// A date and a number of days.
  case addDays
  case addMonths
  /// A unit (a string constant), a whole number and a timestamp.
  case addUnits
  /// A date or timestamp, and months, days and microseconds as constants.
  case addInterval
  /// Days from the second date to the first.
  case daysBetween
  /// Whole units (a string constant) from one timestamp to another.
  case unitsBetween
  case lastDay, makeDate
  /// The text, the pattern it must match and the engine's format.
  case parseTimestamp
  case year, quarter, month, week, day, dayOfWeek, dayOfYear, weekday, hour, minute, second
  /// Seconds with six places.
  case secondWithFraction
}
