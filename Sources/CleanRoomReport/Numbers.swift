/// Figures as a reader expects them: thousands apart, units chosen, no locale.
enum Numbers {
  /// Between groups of three digits: a narrow space at which no line breaks.
  static let groupSeparator = "\u{202F}"

  static func grouped(_ value: Int) -> String {
    grouped(digits: String(value.magnitude), sign: value < 0 ? "−" : "")
  }

  /// A plain decimal such as `1234567.50` with its whole part grouped; another text as it is.
  static func grouped(decimal text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, whole.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return text
    }
    let fraction = parts.dropFirst().map { ".\($0)" }.joined()
    return grouped(digits: String(whole), sign: isNegative ? "−" : "") + fraction
  }

  private static func grouped(digits: String, sign: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += groupSeparator }
      result.append(digit)
    }
    return sign + result
  }

  /// At most `places` digits after the point, without trailing zeros.
  static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "0" }
    let factor = (0..<places).reduce(1) { product, _ in product * 10 }
    let scaled = Int((value.magnitude * Double(factor)).rounded())
    let whole = String(scaled / factor)
    let fraction = String(scaled % factor + factor).dropFirst()
    let trimmed = String(fraction.reversed().drop { $0 == "0" }.reversed())
    return (value < 0 && scaled > 0 ? "-" : "") + whole + (trimmed.isEmpty ? "" : ".\(trimmed)")
  }

  /// In decimal units: `812 B`, `1.2 MB`.
  static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var value = Double(count)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return decimal(value, places: unit == 0 || value >= 99.95 ? 0 : 1) + "\u{A0}" + units[unit]
  }

  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "unknown" }
    if seconds < 0.9995 { return "\(Int((max(0, seconds) * 1000).rounded()))\u{A0}ms" }
    if seconds < 59.95 { return decimal(seconds, places: 1) + "\u{A0}s" }
    let whole = Int(seconds.rounded())
    let parts = [(whole / 3600, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")].filter { $0.0 > 0 }
    return parts.prefix(2).map { "\($0.0)\u{A0}\($0.1)" }.joined(separator: "\u{A0}")
  }

  static func count(_ value: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(value))\u{A0}\(value == 1 ? one : many ?? one + "s")"
  }
}
