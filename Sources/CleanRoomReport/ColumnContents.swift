/// What a result's column holds, judged by its cells.
enum ColumnContents: Equatable {
  /// A measure: bars and lines follow it.
  case number
  /// A calendar day or month.
  case date
  case category
  /// No cell holds a value.
  case nothing

  init(name: String, cells: [String?]) {
    let values = cells.compactMap(\.self)
    guard !values.isEmpty else {
      self = .nothing
      return
    }
    if values.allSatisfy({ Self.day($0) != nil }) {
      self = .date
    } else if values.allSatisfy({ Self.number($0) != nil }) {
      self = Self.isLabel(name) && values.allSatisfy { !$0.contains(".") } ? .category : .number
    } else {
      self = .category
    }
  }

  /// Whole numbers under such a name order or name things; they do not measure.
  private static func isLabel(_ name: String) -> Bool {
    let labels: Set<Substring> = [
      "year", "quarter", "month", "week", "weekday", "day", "hour", "decade", "id", "code", "zip", "postcode", "number",
    ]
    let words = name.lowercased().split { !$0.isLetter }
    return words.contains(where: labels.contains) && !words.contains { ["sum", "avg", "count", "per"].contains($0) }
  }

  /// A plain decimal number, perhaps with an exponent.
  static func number(_ text: String) -> Double? {
    let allowed = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
    guard allowed, let first = text.utf8.first(where: { $0 != 45 }), (48...57).contains(first) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Days since 1970 of `2025-12-31`, `2025-12`, or a timestamp that begins so.
  static func day(_ text: String) -> Int? {
    let date = text.prefix { $0 != "T" && $0 != " " }
    let parts = date.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2] || parts.map(\.count) == [4, 2] else { return nil }
    let numbers = parts.compactMap { part in part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil }
    guard numbers.count == parts.count, (1...12).contains(numbers[1]) else { return nil }
    let day = numbers.count == 3 ? numbers[2] : 1
    guard (1...31).contains(day) else { return nil }
    return CivilTime.days(year: numbers[0], month: numbers[1], day: day)
  }
}
