import CleanRoomSQL

/// An interval that the query wrote: calendar months, days, and microseconds of the day.
struct IntervalConstant: Equatable {
  var months: Int64 = 0
  var days: Int64 = 0
  var microseconds: Int64 = 0
}

/// `INTERVAL '7' DAY`, `INTERVAL 7 DAY`, `INTERVAL '1 day 2 hours'`.
enum IntervalReader {
  /// - Returns: nil for what is no interval of whole numbers within a million units.
  static func read(_ amount: Expression, unit: String?) -> IntervalConstant? {
    var isNegative = false
    var amount = amount
    if case .negate(let inner) = amount.node { (amount, isNegative) = (inner, true) }
    let text: String
    switch amount.node {
    case .literal(.integer(let digits)): text = digits
    case .literal(.string(let written)): text = written
    default: return nil
    }
    var interval = IntervalConstant()
    if let unit {
      guard let number = number(text), add(isNegative ? -number : number, unit, to: &interval) else { return nil }
      return interval
    }
    let words = text.lowercased().split(separator: " ")
    guard !words.isEmpty, words.count.isMultiple(of: 2), words.count <= 20, !isNegative else { return nil }
    for index in stride(from: 0, to: words.count, by: 2) {
      guard let number = number(String(words[index])), add(number, String(words[index + 1]), to: &interval) else {
        return nil
      }
    }
    return interval
  }

  private static func number(_ text: String) -> Int64? {
    guard let value = Int64(text.trimmingSpaces), value.magnitude <= 1_000_000 else { return nil }
    return value
  }

  private static func add(_ number: Int64, _ unit: String, to interval: inout IntervalConstant) -> Bool {
    switch unit.lowercased() {
    case "year", "years": interval.months += 12 * number
    case "month", "months": interval.months += number
    case "week", "weeks": interval.days += 7 * number
    case "day", "days": interval.days += number
    case "hour", "hours": interval.microseconds += 3_600_000_000 * number
    case "minute", "minutes": interval.microseconds += 60_000_000 * number
    case "second", "seconds": interval.microseconds += 1_000_000 * number
    case "millisecond", "milliseconds": interval.microseconds += 1_000 * number
    case "microsecond", "microseconds": interval.microseconds += number
    default: return false
    }
    return true
  }
}

extension String {
  fileprivate var trimmingSpaces: Substring { self[...].drop { $0 == " " }.trimmingEnd }
}

extension Substring {
  fileprivate var trimmingEnd: Substring {
    var rest = self
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
