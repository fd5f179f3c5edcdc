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
    guard let value = Quantity.bytes(text) else {
      throw fail(key, "should be a size such as 512MiB or 2GiB", "Correct it")
    }
    return value
  }

  /// A duration, written like `500ms`, `30s`, `15min` or `24h`.
  public func duration(_ key: String, default standard: Duration) throws(ConfigurationError) -> Duration {
    guard let text = try optionalString(key) else { return standard }
    guard let value = Quantity.duration(text) else {
      throw fail(key, "should be a duration such as 30s or 15min", "Correct it")
    }
    return value
  }

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
