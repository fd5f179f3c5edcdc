import CleanRoomModel
import CleanRoomSQL

/// Constants as the query writes them, with their types.
enum LiteralReader {
  /// - Returns: nil where the text is no value of its type.
  static func read(_ literal: Literal, isNegative: Bool = false) -> TypedLiteral? {
    switch literal {
    case .integer(let digits): number(digits, fraction: "", isNegative)
    case .decimal(let text):
      number(
        String(text.prefix { $0 != "." }), fraction: String(text.drop { $0 != "." }.dropFirst()), isNegative)
    case .double(let text):
      Double(text).flatMap { $0.isFinite ? .double(isNegative ? -$0 : $0) : nil }
    case _ where isNegative: nil
    case .null: .null(.string)
    case .boolean(let value): .boolean(value)
    case .string(let text): .string(text)
    case .date(let text): CalendarText.date(text).map { .date($0) }
    case .timestamp(let text): CalendarText.timestamp(text).map { .timestamp($0) }
    }
  }

  /// At most 38 digits, as in Spark.
  private static func number(_ written: String, fraction: String, _ isNegative: Bool) -> TypedLiteral? {
    let whole = written.drop { $0 == "0" }
    let sign = isNegative ? "-" : ""
    if fraction.isEmpty, let value = Int64(sign + (whole.isEmpty ? "0" : whole)) { return .integer(value) }
    let scale = fraction.utf8.count
    let precision = max(whole.utf8.count + scale, 1)
    guard precision <= 38 else { return nil }
    let digits = sign + (whole.isEmpty ? "0" : whole) + (scale > 0 ? "." + fraction : "")
    return .decimal(digits, precision: precision, scale: scale)
  }
}

extension TypedLiteral {
  /// The same value as a constant of another type; nil where that type does not hold it exactly.
  func converted(to type: ColumnType) -> TypedLiteral? {
    if self.type == type { return self }
    switch (self, type) {
    case (.null, _): return .null(type)
    case (.integer(let value), .tinyint): return Int8(exactly: value) == nil ? nil : self
    case (.integer(let value), .smallint): return Int16(exactly: value) == nil ? nil : self
    case (.integer(let value), .integer): return Int32(exactly: value) == nil ? nil : self
    case (.integer, .bigint): return self
    case (.integer(let value), .double): return Double(exactly: value).map { .double($0) }
    case (.decimal(let digits, _, _), .double): return Double(digits).map { .double($0) }
    case (.integer(let value), .decimal(let precision, let scale)):
      return Self.decimal(String(value), scale: 0, precision, scale)
    case (.decimal(let digits, _, let own), .decimal(let precision, let scale)):
      return Self.decimal(digits, scale: own, precision, scale)
    case (.string(let text), .date): return CalendarText.date(text).map { .date($0) }
    case (.string(let text), .timestamp): return CalendarText.timestamp(text).map { .timestamp($0) }
    case (.date(let days), .timestamp): return .timestamp(Int64(days) * CalendarText.microsecondsPerDay)
    default: return nil
    }
  }

  private static func decimal(_ digits: String, scale own: Int, _ precision: Int, _ scale: Int)
    -> TypedLiteral?
  {
    let significant = digits.filter { $0 != "-" && $0 != "." }.drop { $0 == "0" }.count
    guard own <= scale, significant - own <= precision - scale else { return nil }
    let zeros = String(repeating: "0", count: scale - own)
    let point = own == 0 && scale > 0 ? "." : ""
    return .decimal(digits + point + zeros, precision: precision, scale: scale)
  }
}
