import CleanRoomDaemon
import CleanRoomTransport

/// What a `coordinator.yaml` says.
public struct CoordinatorConfiguration: Sendable {
  public struct Limits: Sendable {
    /// Bytes of memory of one query's engine.
    public var queryMemory: Int
    /// Bytes of its encrypted temporary files.
    public var querySpill: Int
    public var queryTime: Duration
    public var concurrentQueries: Int
  }

  public let host: String
  public let port: Int
  public let identity: IdentityFiles
  /// The state folder.
  public let state: String
  public let limits: Limits

  /// - Throws: `ConfigurationError`, naming file, key and remedy.
  public static func load(_ path: String) throws -> CoordinatorConfiguration {
    try CoordinatorConfiguration(try ConfigurationReader.open(path))
  }

  private init(_ reader: ConfigurationReader) throws(ConfigurationError) {
    (host, port) = try reader.hostAndPort("listen")
    identity = try reader.identityFiles()
    state = try reader.path("state")
    limits = try Self.limits(try reader.optionalMapping("limits"))
    try reader.finish()
  }

  private static func limits(_ reader: ConfigurationReader?) throws(ConfigurationError) -> Limits {
    let standard = Limits(queryMemory: 2 << 30, querySpill: 20 << 30, queryTime: .seconds(900), concurrentQueries: 4)
    guard let reader else { return standard }
    let limits = Limits(
      queryMemory: try reader.bytes("queryMemory", default: standard.queryMemory),
      querySpill: try reader.bytes("querySpill", default: standard.querySpill),
      queryTime: try reader.duration("queryTime", default: standard.queryTime),
      concurrentQueries: try reader.count("concurrentQueries", default: standard.concurrentQueries))
    try reader.finish()
    return limits
  }
}
