/// Days of a range, by their weights.
struct DayTable: Sendable {
  private static let width = 10
  private let texts: [UInt8]
  private let table: AliasTable

  /// - Parameter range: holds a day with a positive weight.
  init(_ range: DayRange) {
    let days = (range.from.number...range.to.number).map { CalendarDay(number: $0) }
    texts = days.flatMap(\.bytes)
    table = AliasTable(weights: Self.weights(range, days))
  }

  static func weights(_ range: DayRange) -> [Double] {
    weights(range, (range.from.number...range.to.number).map { CalendarDay(number: $0) })
  }

  private static func weights(_ range: DayRange, _ days: [CalendarDay]) -> [Double] {
    days.indices.map { index in
      let growth = 1 + range.trend * Double(index) / Double(max(1, days.count - 1))
      return growth * range.months[days[index].month, default: 1] * range.weekdays[days[index].weekday, default: 1]
    }
  }

  @inline(__always)
  func write(_ bits: UInt64, to out: inout [UInt8]) {
    let start = table.draw(bits) * Self.width
    out.append(contentsOf: texts[start..<start + Self.width])
  }
}

struct DateCells: CellWriter {
  let days: DayTable
  let draw: Draw

  var needsPerson: Bool { draw.isPerPerson }
  var type: DataColumnType { .date }

  func write(_ record: Record, to out: inout [UInt8]) { days.write(draw[record], to: &out) }
}

/// `2025-11-28 17:04:09`; the time of day is as likely at night as at noon.
struct TimestampCells: CellWriter {
  let days: DayTable
  let draw: Draw

  var needsPerson: Bool { draw.isPerPerson }
  var type: DataColumnType { .timestamp }

  func write(_ record: Record, to out: inout [UInt8]) {
    let bits = draw[record]
    days.write(bits, to: &out)
    let second = bits.next.index(below: 86_400)
    out.append(UInt8(ascii: " "))
    out.append(second / 3600, width: 2)
    out.append(UInt8(ascii: ":"))
    out.append(second / 60 % 60, width: 2)
    out.append(UInt8(ascii: ":"))
    out.append(second % 60, width: 2)
  }
}
