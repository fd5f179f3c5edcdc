import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Foundation
import Logging

/// The services of a coordinator over one store and one link.
struct CoordinatorServices: Sendable {
  let api: CoordinatorAPI
  let scheduler: QueryScheduler
  let executor: QueryExecutor
  let book: QueryBook
  let logSender: LogSender
  let handler: CoordinatorLinkHandler

  init(
    store: DocumentStore, link: any MemberLink, trust: TrustStore, limits: CoordinatorLimits,
    spillFolder: String,
    logger: Logger, clock: @escaping @Sendable () -> Timestamp
  ) {
    let rooms = Rooms(store: store)
    let rendezvous = Rendezvous()
    book = QueryBook(store: store, clock: clock)
    logSender = LogSender(store: store, link: link, logger: logger)
    let log = AnalysisLog(store: store, sender: logSender, logger: logger, clock: clock)
    executor = QueryExecutor(
      book: book, rooms: rooms, members: MemberCalls(link: link, timeouts: limits.waits),
      rendezvous: rendezvous,
      log: log, limits: limits.engine, spillFolder: spillFolder, logger: logger)
    scheduler = QueryScheduler(
      book: book, executor: executor, slots: limits.concurrentQueries, timeLimit: limits.queryTime,
      logger: logger)
    api = CoordinatorAPI(
      store: store, rooms: rooms, book: book, scheduler: scheduler, trust: trust, log: log,
      pager: Pager.random(),
      logger: logger, clock: clock)
    handler = CoordinatorLinkHandler(
      api: api, secrets: SecretPassage(store: store, link: link, trust: trust, clock: clock), book: book,
      rendezvous: rendezvous, logSender: logSender, logger: logger)
  }
}

/// The parts of a coordinator daemon, put together.
struct CoordinatorAssembly: Sendable {
  /// Held as long as the daemon lives.
  let folder: StateFolder
  let identity: DaemonIdentity
  let server: LinkServer
  let services: CoordinatorServices

  static let clock = DaemonClock.timestamp

  init(_ configuration: CoordinatorConfiguration, link: @Sendable (LinkServer) -> any MemberLink, logger: Logger) throws
  {
    DaemonClock.announce(logger)
    identity = try DaemonIdentity.load(configuration.identity, expecting: .coordinator, now: DaemonClock.now)
    folder = try StateFolder(path: configuration.state)
    let store = try DocumentStore(path: folder.file("state.sqlite"))
    let spillFolder = folder.file("spill")
    SpillFolder.clear(spillFolder)
    let handler = LateHandler()
    server = LinkServer(
      host: configuration.host, port: configuration.port, identity: identity, handler: handler,
      logger: logger,
      clock: Self.clock)
    services = CoordinatorServices(
      store: store, link: link(server), trust: identity.trust, limits: configuration.limits,
      spillFolder: spillFolder,
      logger: logger, clock: Self.clock)
    handler.install(services.handler)
  }
}
