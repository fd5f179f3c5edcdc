import CleanRoomDaemon
import CleanRoomSynthetic

/// Reads ranges of days and numbers.
enum DataRangeReader {
  /// A kind that stands alone has no settings: says so at its own place.
  static func required(
    _ key: String, _ reader: YAMLReader, _ kind: YAMLValue
  ) throws(ConfigurationError) -> YAMLValue {
    guard let value = reader.optional(key) else {
      if reader.keys.isEmpty {
        throw kind.fail("needs \(key)", "Write {kind: \(try kind.string()), \(key): …}")
      }
      return try reader.required(key)
    }
    return value
  }

  static func days(_ reader: YAMLReader, _ kind: YAMLValue) throws(ConfigurationError) -> DayRange {
    DayRange(
      from: try day(required("from", reader, kind)), to: try day(required("to", reader, kind)),
      months: try weights(reader.optional("months"), (1...12).map(String.init)),
      weekdays: try weights(reader.optional("weekdays"), weekdays),
      trend: try reader.optional("trend")?.double() ?? 0)
  }

  private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  private static func day(_ value: YAMLValue) throws(ConfigurationError) -> CalendarDay {
    guard let day = CalendarDay(try value.string()) else {
      throw value.fail("should be a day", "Write it as YYYY-MM-DD, for instance 2025-11-28")
    }
    return day
  }

  /// Weights by the names' places, counted from 1.
  private static func weights(_ value: YAMLValue?, _ names: [String]) throws(ConfigurationError) -> [Int: Double] {
    guard let reader = try value.map({ value throws(ConfigurationError) in try value.mapping() }) else { return [:] }
    var weights: [Int: Double] = [:]
    for (index, name) in names.enumerated() {
      if let weight = try reader.optional(name)?.double(minimum: 0) { weights[index + 1] = weight }
    }
    try reader.finish()
    return weights
  }

  static func integers(_ reader: YAMLReader, _ kind: YAMLValue) throws(ConfigurationError) -> ClosedRange<Int> {
    let from = try required("from", reader, kind).integer()
    return from...(try required("to", reader, kind).integer(minimum: from))
  }

  static func amount(_ reader: YAMLReader, _ kind: YAMLValue) throws(ConfigurationError) -> AmountRange {
    AmountRange(
      try distribution(reader, kind), decimals: try reader.optional("decimals")?.integer(minimum: 0, maximum: 6) ?? 2,
      min: try reader.optional("min")?.double(), max: try reader.optional("max")?.double())
  }

  private static func distribution(_ reader: YAMLReader, _ kind: YAMLValue) throws(ConfigurationError) -> Distribution {
    func number(_ key: String) throws(ConfigurationError) -> Double { try required(key, reader, kind).double() }
    let names = ["uniform", "normal", "lognormal", "exponential"]
    switch try required("distribution", reader, kind).choice(names) {
    case "uniform": return .uniform(from: try number("from"), to: try number("to"))
    case "normal": return .normal(mean: try number("mean"), deviation: try number("deviation"))
    case "lognormal": return .lognormal(median: try number("median"), sigma: try number("sigma"))
    default: return .exponential(mean: try number("mean"))
    }
  }
}
