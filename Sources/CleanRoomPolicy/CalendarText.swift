/// Dates and times as ISO 8601 writes them, in the proleptic Gregorian calendar, years 1 to 9999.
public enum CalendarText {
  public static let microsecondsPerDay: Int64 = 86_400_000_000
  /// 0001-01-01 to 9999-12-31, in days since 1970-01-01.
  static let days: ClosedRange<Int32> = -719_162...2_932_896

  /// Days since 1970-01-01; nil unless the text is `yyyy-MM-dd` and such a day exists.
  public static func date(_ text: String) -> Int32? { date(Array(text.utf8)[...]) }

  /// Microseconds since 1970-01-01T00:00:00; the text is a date, or a date and a time
  /// `HH:mm:ss` with up to six digits of a fraction, after a blank or `T`.
  public static func timestamp(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard let days = date(bytes.prefix(10)) else { return nil }
    let midnight = Int64(days) * microsecondsPerDay
    if bytes.count == 10 { return midnight }
    guard bytes.count >= 19, bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
      let time = timeOfDay(bytes[11...])
    else { return nil }
    return midnight + time
  }

  private static func date(_ bytes: ArraySlice<UInt8>) -> Int32? {
    let text = Array(bytes)
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text[0..<4]), let month = number(text[5..<7]), let day = number(text[8..<10]),
      year >= 1, (1...12).contains(month), (1...length(of: month, year)).contains(day)
    else { return nil }
    return Int32(dayNumber(year, month, day))
  }

  private static func timeOfDay(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let text = Array(bytes)
    guard text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":"), let hour = number(text[0..<2]),
      let minute = number(text[3..<5]), let second = number(text[6..<8]), hour < 24, minute < 60, second < 60
    else { return nil }
    let whole = Int64(hour * 3600 + minute * 60 + second) * 1_000_000
    if text.count == 8 { return whole }
    let digits = text[9...]
    guard text[8] == UInt8(ascii: "."), (1...6).contains(digits.count), let fraction = number(digits) else {
      return nil
    }
    return whole + (0..<6 - digits.count).reduce(Int64(fraction)) { value, _ in value * 10 }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    digits.reduce(0) { value, digit in
      guard let value, (48...57).contains(digit) else { return nil }
      return value * 10 + Int(digit - 48)
    }
  }

  private static func length(of month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Counts years from March, so that the leap day is the last of its year.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let (era, yearOfEra) = (shifted / 400, shifted % 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
