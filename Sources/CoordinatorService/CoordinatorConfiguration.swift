import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomTransport
import Foundation

/// What a `coordinator.yaml` says.
public struct CoordinatorConfiguration: Sendable {
  public let host: String
  public let port: Int
  public let identity: IdentityFiles
  /// The state folder.
  public let state: String
  let limits: CoordinatorLimits

  /// - Throws: `ConfigurationError`, naming file, key and remedy.
  public static func load(_ path: String) throws -> CoordinatorConfiguration {
    try CoordinatorConfiguration(try ConfigurationReader.open(path))
  }

  private init(_ reader: ConfigurationReader) throws(ConfigurationError) {
    (host, port) = try reader.hostAndPort("listen")
    identity = try reader.identityFiles()
    state = try reader.path("state")
    limits = try CoordinatorLimits(try reader.optionalMapping("limits"))
    try reader.finish()
  }
}

/// What one query and all queries together may use.
struct CoordinatorLimits: Sendable {
  /// Bytes, of the engine of one query.
  var queryMemory = 2 << 30
  /// Bytes, of its encrypted temporary files.
  var querySpill = 20 << 30
  var queryTime: Duration = .seconds(15 * 60)
  var concurrentQueries = 4
  var waits = MemberTimeouts()

  init() {}

  init(_ reader: ConfigurationReader?) throws(ConfigurationError) {
    guard let reader else { return }
    queryMemory = try reader.bytes("queryMemory", default: queryMemory)
    querySpill = try reader.bytes("querySpill", default: querySpill)
    queryTime = try reader.duration("queryTime", default: queryTime)
    concurrentQueries = try reader.count("concurrentQueries", default: concurrentQueries)
    waits.absence = try reader.duration("memberWait", default: waits.absence)
    waits.agreement = try reader.duration("agreementWait", default: waits.agreement)
    waits.delivery = try reader.duration("deliveryWait", default: waits.delivery)
    try reader.finish()
  }

  /// Of one query's engine, before it has a folder to spill to.
  var engine: EngineLimits {
    EngineLimits(
      memory: queryMemory, threads: max(ProcessInfo.processInfo.activeProcessorCount, 1), spillFolder: nil,
      spill: querySpill)
  }
}
