import CleanRoomAPI
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Foundation
import Logging

/// The parts of a coordinator daemon, put together.
struct CoordinatorAssembly: Sendable {
  /// Held as long as the daemon lives.
  let folder: StateFolder
  let link: LinkServer
  let scheduler: QueryScheduler
  let book: QueryBook
  let log: AnalysisLog
  let rooms: Rooms

  static let clock: @Sendable () -> Timestamp = {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  init(_ configuration: CoordinatorConfiguration, logger: Logger) throws {
    let clock = Self.clock
    try DuckDBLibrary.load()
    let identity = try DaemonIdentity.load(configuration.identity, expecting: .coordinator, now: Date())
    folder = try StateFolder(path: configuration.state)
    let store = try DocumentStore(path: folder.file("state.sqlite"))
    let spill = try Self.emptySpillFolder(folder)
    rooms = Rooms(store: store)
    book = QueryBook(store: store, clock: clock)
    log = AnalysisLog(store: store, logger: logger)
    let handler = DeferredHandler()
    link = LinkServer(
      host: configuration.host, port: configuration.port, identity: identity, handler: handler, logger: logger,
      clock: clock)
    let rendezvous = Rendezvous()
    let executor = QueryExecutor(
      book: book, rooms: rooms, members: MemberCalls(link: link, timeouts: QueryTimeouts()), rendezvous: rendezvous,
      trust: identity.trust, log: log,
      limits: EngineLimits(
        memory: configuration.limits.queryMemory, threads: max(ProcessInfo.processInfo.activeProcessorCount, 1),
        spillFolder: spill, spill: configuration.limits.querySpill), logger: logger)
    scheduler = QueryScheduler(
      book: book, executor: executor, slots: configuration.limits.concurrentQueries,
      timeLimit: configuration.limits.queryTime, logger: logger)
    handler.set(
      CoordinatorLinkHandler(
        api: CoordinatorAPI(
          store: store, rooms: rooms, book: book, scheduler: scheduler, trust: identity.trust, log: log,
          pager: Pager.random(), logger: logger, clock: clock),
        tables: TablePublication(store: store, rooms: rooms, trust: identity.trust, clock: clock),
        secrets: SecretPassage(store: store, rooms: rooms, link: link, clock: clock), rendezvous: rendezvous,
        log: log, logger: logger))
  }

  /// What a killed process left of its encrypted temporary files is of no use to anybody.
  private static func emptySpillFolder(_ folder: StateFolder) throws -> String {
    let spill = folder.file("spill")
    do {
      if FileManager.default.fileExists(atPath: spill) { try FileManager.default.removeItem(atPath: spill) }
      try FileManager.default.createDirectory(
        atPath: spill, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw StateFolderError.notWritable(spill)
    }
    return spill
  }
}
