/// A moment in UTC as a calendar shows it.
struct CivilTime: Sendable, Equatable {
  let year: Int
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int

  /// nil outside the years 1 to 9999.
  init?(seconds: Double) {
    guard seconds.isFinite, (-62_135_596_800..<253_402_300_800).contains(seconds) else { return nil }
    let total = Int(seconds.rounded(.down))
    let ofDay = ((total % 86_400) + 86_400) % 86_400
    (year, month, day) = Self.civil(daysSince1970: (total - ofDay) / 86_400)
    hour = ofDay / 3600
    minute = ofDay / 60 % 60
  }

  /// Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March.
  private static func civil(daysSince1970: Int) -> (Int, Int, Int) {
    let days = daysSince1970 + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let ofEra = days - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * ofYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shifted + 2) / 5 + 1)
  }

  /// The other way round: days since 1970.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  var date: String { "\(day)\u{A0}\(Self.months[month - 1]) \(year)" }
  var clock: String { "\(Self.two(hour)):\(Self.two(minute))\u{A0}UTC" }
  /// For a `datetime` attribute.
  var machine: String {
    let padded = String(repeating: "0", count: 4 - String(year).count) + String(year)
    return "\(padded)-\(Self.two(month))-\(Self.two(day))T\(Self.two(hour)):\(Self.two(minute))Z"
  }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
