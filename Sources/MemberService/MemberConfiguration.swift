import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomModel
import CleanRoomTransport
import Foundation

/// What a `member.yaml` says.
public struct MemberConfiguration: Sendable {
  public struct API: Sendable {
    public var host: String
    public var port: Int
    /// A file in AWS's shared-credentials format.
    public var credentials: String
    public var mode: APIMode
    /// Of one access key; nil for no limit.
    public var requestsPerSecond: Int?
  }

  /// The file it was read from.
  public let file: String
  public let account: AccountID
  public let name: String
  public let region: String
  public let coordinatorHost: String
  public let coordinatorPort: Int
  public let identity: IdentityFiles
  /// The state folder.
  public let state: String
  public let api: API
  public let catalog: [CatalogTable]
  /// Folder by bucket name.
  let buckets: [String: String]
  let limits: EngineLimits

  public var coordinator: String { "\(coordinatorHost):\(coordinatorPort)" }
  /// The release ledger's file in the state folder.
  public static let ledgerFile = "ledger.sqlite"
  /// The file of everything else that is kept there.
  public static let stateFile = "state.sqlite"

  /// - Throws: `ConfigurationError`, naming file, key and remedy.
  public static func load(_ path: String) throws -> MemberConfiguration {
    try MemberConfiguration(try ConfigurationReader.open(path))
  }

  private init(_ reader: ConfigurationReader) throws(ConfigurationError) {
    file = reader.file
    account = try Self.account(reader)
    name = try reader.string("name")
    region = try Self.region(reader)
    (coordinatorHost, coordinatorPort) = try reader.hostAndPort("coordinator")
    identity = try reader.identityFiles()
    state = try reader.path("state")
    api = try Self.api(try reader.mapping("api"))
    catalog = try reader.optionalMapping("catalog").map(CatalogConfiguration.tables) ?? []
    buckets = try Self.buckets(reader)
    limits = try Self.limits(try reader.optionalMapping("limits"), state: state)
    try reader.finish()
  }

  private static func account(_ reader: ConfigurationReader) throws(ConfigurationError) -> AccountID {
    guard let account = AccountID(try reader.string("account")) else {
      throw reader.fail("account", "should be twelve digits", "Correct it, and quote it: \"123456789012\"")
    }
    return account
  }

  private static func region(_ reader: ConfigurationReader) throws(ConfigurationError) -> String {
    let region = try reader.string("region")
    let parts = region.split(separator: "-", omittingEmptySubsequences: false)
    let isWellFormed =
      parts.count >= 3
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
      }
    guard isWellFormed else {
      throw reader.fail("region", "should be an AWS region name such as us-east-1", "Correct it")
    }
    return region
  }

  private static func api(_ reader: ConfigurationReader) throws(ConfigurationError) -> API {
    let (host, port) = try reader.hostAndPort("listen")
    let mode: APIMode
    switch try reader.optionalString("mode") ?? "extended" {
    case "extended": mode = .extended
    case "strict": mode = .strict
    default:
      throw reader.fail("mode", "should be extended or strict", "Correct it, or remove it for extended")
    }
    let credentials = try reader.path("credentials")
    let rate = try rate(try reader.optionalMapping("limits"))
    try reader.finish()
    return API(host: host, port: port, credentials: credentials, mode: mode, requestsPerSecond: rate)
  }

  private static func rate(_ reader: ConfigurationReader?) throws(ConfigurationError) -> Int? {
    let text = try reader?.optionalString("requestsPerSecond")
    try reader?.finish()
    guard let reader, let text else { return nil }
    guard let rate = Int(text), rate > 0 else {
      throw reader.fail(
        "requestsPerSecond", "should be a whole number of at least 1", "Correct it, or remove it for no limit")
    }
    return rate
  }

  private static func buckets(_ reader: ConfigurationReader) throws(ConfigurationError) -> [String: String] {
    guard let results = try reader.optionalMapping("results") else { return [:] }
    var folders: [String: String] = [:]
    if let buckets = try results.optionalMapping("buckets") {
      for name in buckets.keys {
        let bucket = try buckets.mapping(name)
        guard !bucket.has("s3") else {
          throw bucket.fail("s3", "is not available in this version", "Name a directory")
        }
        folders[name] = try bucket.path("directory")
        try bucket.finish()
      }
    }
    try results.finish()
    return folders
  }

  private static func limits(_ reader: ConfigurationReader?, state: String) throws(ConfigurationError)
    -> EngineLimits
  {
    var limits = EngineLimits(
      memory: 1 << 30, threads: max(ProcessInfo.processInfo.activeProcessorCount, 1),
      spillFolder: state + "/spill",
      spill: 10 << 30)
    guard let reader else { return limits }
    limits.memory = try reader.bytes("memory", default: limits.memory)
    limits.spill = try reader.bytes("spill", default: limits.spill)
    limits.threads = try reader.count("threads", default: limits.threads)
    try reader.finish()
    return limits
  }
}
