/// Numbers with a unit, as configurations write them.
public enum Quantity {
  /// `512MiB`, `2GiB`, `10GB` or `1048576`; nil for anything else, and for zero.
  public static func bytes(_ text: String) -> Int? {
    let (digits, unit) = parts(text)
    guard let number = Int(digits), number > 0, let factor = sizes[unit.lowercased()],
      case (let value, let overflow) = number.multipliedReportingOverflow(by: factor), !overflow
    else { return nil }
    return value
  }

  /// `500ms`, `30s`, `15min` or `24h`; nil for anything else, and for zero.
  public static func duration(_ text: String) -> Duration? {
    let (digits, unit) = parts(text)
    guard let number = Int64(digits), number > 0, number <= 1_000_000, let milliseconds = times[unit] else {
      return nil
    }
    return .milliseconds(number * milliseconds)
  }

  private static func parts(_ text: String) -> (digits: Substring, unit: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    return (digits, String(text.dropFirst(digits.count).drop { $0 == " " }))
  }

  private static let sizes = [
    "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000, "kib": 1 << 10,
    "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
  ]

  private static let times: [String: Int64] = [
    "ms": 1, "s": 1000, "sec": 1000, "min": 60_000, "m": 60_000, "h": 3_600_000,
  ]
}
