import CleanRoomModel
import CleanRoomSQL

/// Values of a template's parameters as constants of their types.
public enum ParameterReader {
  public enum Outcome: Sendable, Equatable {
    case value(TypedLiteral)
    /// Neither the runner nor the template gives a value.
    case missing
    /// The text is no value of the type.
    case wrong
    /// A type that queries here do not know, such as TIME.
    case unavailable
  }

  public static func read(_ parameter: QueryParameter) -> Outcome {
    guard let type = type(parameter.type) else { return .unavailable }
    guard let text = parameter.value else { return .missing }
    return literal(text, type).map { .value($0) } ?? .wrong
  }

  /// AWS Clean Rooms `ParameterType`.
  public static func type(_ name: String) -> ColumnType? {
    switch name {
    case "SMALLINT", "SHORT": .smallint
    case "TINYINT", "BYTE": .tinyint
    case "INTEGER", "INT": .integer
    case "BIGINT", "LONG": .bigint
    case "DECIMAL", "NUMERIC": .decimal(precision: 38, scale: 18)
    case "REAL", "FLOAT": .real
    case "DOUBLE_PRECISION", "DOUBLE": .double
    case "BOOLEAN": .boolean
    case "CHAR", "VARCHAR", "CHARACTER", "STRING": .string
    case "DATE": .date
    case "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ": .timestamp
    default: nil
    }
  }

  private static func literal(_ text: String, _ type: ColumnType) -> TypedLiteral? {
    switch type {
    case .string: return .string(text)
    case .boolean:
      switch text.lowercased() {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      default: return nil
      }
    case .date: return CalendarText.date(text).map { .date($0) }
    case .timestamp: return CalendarText.timestamp(text).map { .timestamp($0) }
    default: return number(text, type)
    }
  }

  /// Only what a number in a query's text may look like.
  private static func number(_ text: String, _ type: ColumnType) -> TypedLiteral? {
    guard text.utf8.count <= 400 else { return nil }
    let isNegative = text.hasPrefix("-")
    let digits = text.drop { $0 == "-" || $0 == "+" }
    guard text.utf8.count - digits.utf8.count <= 1, digits.utf8.first.map({ $0 != UInt8(ascii: ".") }) == true,
      digits.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) })
    else { return nil }
    let isDouble = digits.contains { $0 == "e" || $0 == "E" }
    let written: Literal =
      isDouble
      ? .double(String(digits)) : digits.contains(".") ? .decimal(String(digits)) : .integer(String(digits))
    guard isDouble || digits.filter({ $0 == "." }).count <= 1, !(!isDouble && digits.contains { "+-".contains($0) }),
      let literal = LiteralReader.read(written, isNegative: isNegative)
    else { return nil }
    if type == .real || type == .double { return literal.converted(to: .double) }
    if case .decimal = type {
      switch literal {
      case .decimal, .integer: return literal
      default: return nil
      }
    }
    return literal.converted(to: type)
  }
}
