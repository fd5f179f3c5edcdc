import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Foundation
import Logging

/// The parts of a member daemon, put together.
struct MemberAssembly: Sendable {
  /// Held as long as the daemon lives.
  let folder: StateFolder
  let identity: DaemonIdentity
  let credentials: Credentials
  let link: LinkClient
  let releases: ReleaseRunner
  let linkHandler: MemberLinkHandler
  let apiHandler: APIHandler
  let catalog: Catalog

  static let clock = DaemonClock.timestamp

  init(_ configuration: MemberConfiguration, logger: Logger, tap: ReleaseTap? = nil) throws {
    DaemonClock.announce(logger)
    let clock = Self.clock
    identity = try DaemonIdentity.load(
      configuration.identity, expecting: .member(configuration.account), now: DaemonClock.now)
    credentials = try Credentials(file: configuration.api.credentials, region: configuration.region)
    try DuckDBLibrary.load()
    folder = try StateFolder(path: configuration.state)
    try Self.clearSpill(configuration.limits.spillFolder)
    let ledger = try Self.openLedger(folder, identity)
    let store = try DocumentStore(path: folder.file(MemberConfiguration.stateFile))
    try Retention.prune(store, now: clock())
    let results = try ResultStore(buckets: configuration.buckets, index: folder.file("staged"))
    catalog = try Catalog(tables: configuration.catalog, limits: configuration.limits, store: store)
    link = LinkClient(
      host: configuration.coordinatorHost, port: configuration.coordinatorPort, identity: identity,
      logger: logger, clock: clock)
    let memberships = Memberships(store: store)
    let coordinator = Coordinator(link: link, address: configuration.coordinator)
    let publisher = TablePublisher(
      account: configuration.account, store: store, catalog: catalog, memberships: memberships,
      identity: identity, coordinator: coordinator, logger: logger)
    let secrets = SecretKeeper(
      account: configuration.account, identity: identity, trust: identity.trust, store: store, link: link,
      clock: clock)
    releases = ReleaseRunner(
      catalog: catalog, gate: ReleaseGate(ledger: ledger, clock: clock), link: link, logger: logger,
      tap: tap)
    let judge = QueryJudge(
      account: configuration.account, trust: identity.trust, extended: configuration.api.mode == .extended)
    let charters = CharterKeeper(
      memberships: memberships, chain: CharterChain(trust: identity.trust), coordinator: coordinator, clock: clock)
    let withdrawals = Withdrawals(
      store: store, coordinator: coordinator, region: configuration.region, logger: logger, clock: clock)
    linkHandler = MemberLinkHandler(
      judge: judge, memberships: memberships, charters: charters, withdrawals: withdrawals, publisher: publisher,
      secrets: secrets, releases: releases,
      receiver: ResultReceiver(
        account: configuration.account, region: configuration.region, charters: charters, identity: identity,
        judge: judge, memberships: memberships,
        store: store, results: results, link: link, limits: configuration.limits, clock: clock),
      store: store, logFiles: AnalysisLogFiles(folder: folder.file("logs")), logger: logger, clock: clock)
    apiHandler = APIHandler(
      api: MemberAPI(
        account: configuration.account, region: configuration.region, mode: configuration.api.mode,
        store: store, memberships: memberships, charters: charters, withdrawals: withdrawals, releases: releases,
        catalog: catalog, publisher: publisher, secrets: secrets,
        results: results, coordinator: coordinator, identity: identity, pager: Pager.random(), logger: logger),
      credentials: credentials, rate: configuration.api.requestsPerSecond.map(RequestRate.init), logger: logger,
      clock: clock)
  }

  /// What an engine that was killed has left is encrypted under a key that is gone.
  private static func clearSpill(_ folder: String?) throws {
    guard let folder else { return }
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The ledger is made before the state is: one that is missing beside a state has been removed, and nothing may be
  /// released without the record of what was released before.
  private static func openLedger(_ folder: StateFolder, _ identity: DaemonIdentity) throws -> ReleaseLedger {
    let path = folder.file(MemberConfiguration.ledgerFile)
    let files = FileManager.default
    guard files.fileExists(atPath: path) || !files.fileExists(atPath: folder.file(MemberConfiguration.stateFile)) else {
      throw StartError(
        "The release ledger \(path) is missing from a state folder that has been used. Restore it from a backup, or begin with an empty state folder."
      )
    }
    return try ReleaseLedger(path: path) { try identity.sign($1, purpose: $0) }
  }
}

/// What a member daemon forgets when it starts.
enum Retention {
  /// Longer than any signed query is accepted.
  static let milliseconds: Int64 = 48 * 3_600_000

  static func prune(_ store: DocumentStore, now: Timestamp) throws {
    let oldest = Timestamp(milliseconds: now.milliseconds - milliseconds)
    try store.write { writer in
      for document in try writer.list(.seenQueries) where document.value.requestedAt < oldest {
        try writer.delete(.seenQueries, document.id)
      }
      for document in try writer.list(.ownQueries) where document.value.request.requestedAt < oldest {
        try writer.delete(.ownQueries, document.id)
      }
    }
  }
}
