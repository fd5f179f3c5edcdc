import CleanRoomModel
import CleanRoomSQL

/// The scalar functions' signatures, as in Spark; nil where the arguments do not fit, or the function cannot be given
/// its exact meaning (CONVERT, TO_CHAR, TO_NUMBER and the forms with formats and sets of characters).
enum ReferenceFunctions {
  static func call(_ name: String, _ arguments: [ReferenceValue]) -> ReferenceValue? {
    let form = "\(name)(\(arguments.map(\.form).joined(separator: ",")))"
    func made(_ sort: ReferenceValue.Sort) -> ReferenceValue { ReferenceValue(sort: sort, form: form) }
    guard let first = arguments.first else {
      switch name {
      case "CURRENT_DATE": return ReferenceValue(sort: .day, form: form, isConstant: true)
      case "GETDATE": return ReferenceValue(sort: .moment, form: form, isConstant: true)
      default: return nil
      }
    }
    switch (name, arguments.count) {
    case ("UPPER", 1), ("LOWER", 1), ("TRIM", 1), ("RTRIM", 1): return first.sort == .text ? made(.text) : nil
    case ("SUBSTRING", 2...3):
      return first.sort == .text && arguments.dropFirst().allSatisfy { isWhole($0) } ? made(.text) : nil
    case ("ABS", 1): return first.isNumber ? made(first.sort) : nil
    case ("CEILING", 1), ("FLOOR", 1): return first.isNumber ? made(first.sort == .exact ? .exact : .whole) : nil
    case ("SQRT", 1), ("LN", 1): return first.isNumber ? made(.floating) : nil
    case ("LOG", 1): return call("LN", arguments)
    case ("LOG", 2): return first.isNumber && arguments[1].isNumber ? made(.floating) : nil
    case ("TRUNC", 1): return first.sort == .whole ? first : first.isNumber ? made(first.sort) : nil
    case ("TRUNC", 2): return first.isCalendar && isUnit(arguments[1]) ? made(.day) : nil
    case ("ROUND", 1), ("ROUND", 2): return round(first, arguments.dropFirst().first)
    case ("COALESCE", _): return coalesce(arguments, form)
    case ("YEAR", 1), ("MONTH", 1): return extract(name, first)
    case ("DAYOFYEAR", 1): return extract("DOY", first)
    case ("TO_DATE", 1): return first.sort == .day ? first : first.sort == .moment ? cast(first, "DATE", .day) : nil
    case ("TO_TIMESTAMP", 1):
      return first.sort == .moment ? first : first.sort == .day ? cast(first, "TIMESTAMP", .moment) : nil
    case ("DATEADD", 2): return first.sort == .day && isWhole(arguments[1]) ? made(.day) : nil
    default: return nil
    }
  }

  private static func isWhole(_ value: ReferenceValue) -> Bool { value.sort == .whole && value.literal != nil }

  private static func isUnit(_ value: ReferenceValue) -> Bool {
    guard case .string(let text) = value.literal else { return false }
    return ["year", "quarter", "month", "week"].contains(text.lowercased())
  }

  private static func round(_ value: ReferenceValue, _ places: ReferenceValue?) -> ReferenceValue? {
    guard places.map(isWhole) ?? true else { return nil }
    switch value.sort {
    case .whole: return value
    case .exact: return ReferenceValue(sort: .exact, form: "ROUND(\(value.form),\(places?.form ?? "integer(\"0\")"))")
    case .floating: return places == nil ? ReferenceValue(sort: .floating, form: "ROUND(\(value.form))") : nil
    default: return nil
    }
  }

  private static func coalesce(_ arguments: [ReferenceValue], _ form: String) -> ReferenceValue? {
    guard ReferencePolicy.areComparable(arguments) else { return nil }
    let firm = arguments.first { $0.literal == nil } ?? arguments[0]
    let sorts: [ReferenceValue.Sort] = [.floating, .exact, .moment]
    let widest = sorts.first { sort in arguments.contains { $0.sort == sort } }
    return ReferenceValue(sort: widest ?? firm.sort, form: form)
  }

  /// A unit, a whole number and a date or timestamp; the result is a timestamp.
  static func add(_ unit: String, _ arguments: [ReferenceValue]) -> ReferenceValue? {
    let units = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
    guard units.contains(unit), isWhole(arguments[0]), arguments[1].isCalendar else { return nil }
    return ReferenceValue(sort: .moment, form: "DATEADD(\(unit),\(arguments[0].form),\(arguments[1].form))")
  }

  static func extract(_ part: String, _ value: ReferenceValue) -> ReferenceValue? {
    let days = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOW", "DAYOFWEEK", "DOY"]
    let times = ["HOUR", "MINUTE"]
    guard days.contains(part) ? value.isCalendar : times.contains(part) && value.sort == .moment else { return nil }
    return ReferenceValue(sort: .whole, form: "EXTRACT(\(part) \(value.form))")
  }

  // MARK: CAST

  /// The casts that are exact for every value.
  static func cast(_ value: ReferenceValue, to type: TypeName) -> ReferenceValue? {
    guard type.arguments.isEmpty else { return nil }
    switch (type.name, value.sort) {
    case ("STRING", .text), ("DATE", .day), ("TIMESTAMP", .moment):
      return value
    case ("STRING", .whole), ("STRING", .exact), ("STRING", .flag), ("STRING", .day), ("STRING", .moment):
      return cast(value, "STRING", .text)
    case ("BIGINT", .whole), ("BIGINT", .exact): return cast(value, "BIGINT", .whole)
    case ("DATE", .moment): return cast(value, "DATE", .day)
    case ("TIMESTAMP", .day): return cast(value, "TIMESTAMP", .moment)
    default: return nil
    }
  }

  private static func cast(_ value: ReferenceValue, _ type: String, _ sort: ReferenceValue.Sort) -> ReferenceValue {
    ReferenceValue(sort: sort, form: "CAST(\(value.form) AS \(type))")
  }
}
