import CleanRoomTransport

/// Values with a form of their own.
extension ConfigurationReader {
  /// A whole number of at least `minimum`.
  public func count(_ key: String, default standard: Int, minimum: Int = 1) throws(ConfigurationError) -> Int {
    guard let text = try optionalString(key) else { return standard }
    guard let value = Int(text), value >= minimum else {
      throw fail(key, "should be a whole number of at least \(minimum)", "Correct it, or remove it for \(standard)")
    }
    return value
  }

  /// Bytes, written like `512MiB`, `2GiB`, `10GB` or `1048576`.
  public func bytes(_ key: String, default standard: Int) throws(ConfigurationError) -> Int {
    guard let text = try optionalString(key) else { return standard }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let number = Int(digits), number > 0, let factor = Self.sizes[unit],
      case (let value, let overflow) = number.multipliedReportingOverflow(by: factor), !overflow
    else { throw fail(key, "should be a size such as 512MiB or 2GiB", "Correct it") }
    return value
  }

  private static let sizes = [
    "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000, "kib": 1 << 10,
    "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
  ]

  /// A duration, written like `500ms`, `30s`, `15min` or `24h`.
  public func duration(_ key: String, default standard: Duration) throws(ConfigurationError) -> Duration {
    guard let text = try optionalString(key) else { return standard }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = String(text.dropFirst(digits.count).drop { $0 == " " })
    guard let number = Int64(digits), number > 0, number <= 1_000_000, let milliseconds = Self.times[unit] else {
      throw fail(key, "should be a duration such as 30s or 15min", "Correct it")
    }
    return .milliseconds(number * milliseconds)
  }

  private static let times: [String: Int64] = [
    "ms": 1, "s": 1000, "sec": 1000, "min": 60_000, "m": 60_000, "h": 3_600_000,
  ]

  /// `HOST:PORT`; port 0 means any free one where a daemon listens.
  public func hostAndPort(_ key: String) throws(ConfigurationError) -> (host: String, port: Int) {
    let text = try string(key)
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port), colon != text.startIndex
    else { throw fail(key, "should be HOST:PORT", "Correct it, for instance 127.0.0.1:7400") }
    let host = text[..<colon]
    return (String(host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host), port)
  }

  /// The `identity` mapping of either daemon.
  public func identityFiles(_ key: String = "identity") throws(ConfigurationError) -> IdentityFiles {
    let identity = try mapping(key)
    let files = IdentityFiles(
      certificate: try identity.path("certificate"), privateKey: try identity.path("privateKey"),
      authority: try identity.path("authority"), revocations: try identity.optionalPath("revocations"))
    try identity.finish()
    return files
  }
}
