import CleanRoomModel

/// Result rows as CSV (RFC 4180): header line, LF, UTF-8. NULL is an empty unquoted field, an empty string is `""`,
/// decimals keep their scale, dates are ISO 8601.
public struct CSVResultEncoder: Sendable {
  private let columns: [ResultField]

  public init(columns: [ResultField]) { self.columns = columns }

  public func header() -> [UInt8] {
    var output: [UInt8] = []
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      Self.field(Array(column.name.utf8)[...], &output)
    }
    output.append(UInt8(ascii: "\n"))
    return output
  }

  public func rows(_ batch: ColumnBatch) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(batch.byteCount * 2)
    for row in 0..<batch.rowCount {
      for (index, column) in batch.columns.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        guard column.isValid(row) else { continue }
        Self.value(column.storage, row, columns[index].type, &output)
      }
      output.append(UInt8(ascii: "\n"))
    }
    return output
  }

  private static func value(_ storage: ColumnVector.Storage, _ row: Int, _ type: ColumnType, _ output: inout [UInt8]) {
    switch storage {
    case .int8(let values):
      output += type == .boolean ? (values[row] != 0 ? "true" : "false").utf8 : "\(values[row])".utf8
    case .int16(let values): integer(Int128(values[row]), type, &output)
    case .int32(let values):
      if type == .date {
        output += CalendarText.date(Int(values[row])).utf8
      } else {
        integer(Int128(values[row]), type, &output)
      }
    case .int64(let values):
      if type == .timestamp {
        output += CalendarText.timestamp(values[row]).utf8
      } else {
        integer(Int128(values[row]), type, &output)
      }
    case .int128(let values): integer(values[row], type, &output)
    case .float(let values): output += "\(values[row])".utf8
    case .double(let values): output += "\(values[row])".utf8
    case .bytes(let offsets, let data): field(data[Int(offsets[row])..<Int(offsets[row + 1])], &output)
    }
  }

  private static func integer(_ value: Int128, _ type: ColumnType, _ output: inout [UInt8]) {
    guard case .decimal(_, let scale) = type, scale > 0 else {
      output += "\(value)".utf8
      return
    }
    var digits = Array("\(value.magnitude)".utf8)
    if digits.count <= scale { digits = Array(repeating: UInt8(ascii: "0"), count: scale + 1 - digits.count) + digits }
    if value < 0 { output.append(UInt8(ascii: "-")) }
    output += digits.dropLast(scale)
    output.append(UInt8(ascii: "."))
    output += digits.suffix(scale)
  }

  private static func field(_ text: ArraySlice<UInt8>, _ output: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let needsQuotes =
      text.isEmpty
      || text.contains {
        $0 == quote || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
      }
    guard needsQuotes else {
      output += text
      return
    }
    output.append(quote)
    for byte in text {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
    output.append(quote)
  }
}

/// Dates and times as ISO 8601, from the proleptic Gregorian calendar.
enum CalendarText {
  static func date(_ days: Int) -> String {
    let (year, month, day) = civil(days)
    return (year < 0 ? "-" : "") + padded(abs(year), 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
  }

  /// `yyyy-MM-dd HH:mm:ss`, with six more digits where there is a fraction.
  static func timestamp(_ microseconds: Int64) -> String {
    let perDay: Int64 = 86_400_000_000
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: perDay)
    let days = remainder < 0 ? quotient - 1 : quotient
    let rest = Int(remainder < 0 ? remainder + perDay : remainder)
    let seconds = rest / 1_000_000
    let time = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let fraction = rest % 1_000_000
    return date(Int(days)) + " " + time + (fraction == 0 ? "" : "." + padded(fraction, 6))
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }

  /// Year, month and day of a day counted from 1970-01-01.
  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let isEarly = month >= 10
    return (yearOfEra + era * 400 + (isEarly ? 1 : 0), isEarly ? month - 9 : month + 3, day)
  }
}
