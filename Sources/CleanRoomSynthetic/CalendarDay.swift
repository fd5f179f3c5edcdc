/// A day of the Gregorian calendar, as the number of days since 1970-01-01.
public struct CalendarDay: Sendable, Hashable, Comparable {
  public let number: Int

  public init(number: Int) { self.number = number }

  /// Nil unless the text is an existing day written `YYYY-MM-DD`.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 45 || (48...57).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      year >= 1, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    number = Self.number(year, month, day)
    guard self.month == month else { return nil }
  }

  /// H. Hinnant's days_from_civil: years begin in March, so that the leap day comes last.
  private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private var civil: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// 1 to 12.
  public var month: Int { civil.month }
  /// 1 (Monday) to 7 (Sunday).
  public var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

  /// `YYYY-MM-DD`.
  var bytes: [UInt8] {
    let (year, month, day) = civil
    var out: [UInt8] = []
    out.append(year, width: 4)
    out.append(UInt8(ascii: "-"))
    out.append(month, width: 2)
    out.append(UInt8(ascii: "-"))
    out.append(day, width: 2)
    return out
  }

  public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
