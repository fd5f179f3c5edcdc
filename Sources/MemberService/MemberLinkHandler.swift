import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Logging
import Synchronization

/// Answers what the coordinator asks of this member.
struct MemberLinkHandler: LinkClientHandler {
  let judge: QueryJudge
  let memberships: Memberships
  let charters: CharterKeeper
  let withdrawals: Withdrawals
  let publisher: TablePublisher
  let secrets: SecretKeeper
  let releases: ReleaseRunner
  let receiver: ResultReceiver
  let store: DocumentStore
  let logFiles: AnalysisLogFiles
  let logger: Logger
  let clock: @Sendable () -> Timestamp
  private let linkReport = LinkReport()

  init(
    judge: QueryJudge, memberships: Memberships, charters: CharterKeeper, withdrawals: Withdrawals,
    publisher: TablePublisher, secrets: SecretKeeper,
    releases: ReleaseRunner, receiver: ResultReceiver, store: DocumentStore, logFiles: AnalysisLogFiles,
    logger: Logger, clock: @escaping @Sendable () -> Timestamp
  ) {
    self.judge = judge
    self.memberships = memberships
    self.charters = charters
    self.withdrawals = withdrawals
    self.publisher = publisher
    self.secrets = secrets
    self.releases = releases
    self.receiver = receiver
    self.store = store
    self.logFiles = logFiles
    self.logger = logger
    self.clock = clock
  }

  func linkUp() async {
    linkReport.up()
    logger.info("link up")
    await withdrawals.send()
    await publisher.publishAll()
    for membership in (try? memberships.all()) ?? [] {
      _ = try? await charters.refresh(membership.collaboration)
      if let charter = try? memberships.charter(of: membership) { await secrets.prepare(charter) }
    }
    await receiver.settle()
  }

  func linkDown(reason: String) async {
    guard linkReport.isNews(reason) else { return }
    logger.warning("link down", metadata: ["reason": "\(reason)"])
  }

  func respond(to kind: String, payload: [UInt8]) async -> LinkReply {
    do {
      return .success(try await answer(kind, payload))
    } catch let refusal as ReleaseRefusal {
      logger.warning("refused", metadata: ["kind": "\(kind)", "reason": "\(refusal.reason)"])
      return .failure(refusal.reason)
    } catch let problem as CharterProblem {
      logger.error("charter", metadata: ["reason": "\(problem.reason)"])
      return .failure(problem.reason)
    } catch let problem as SecretKeeper.Problem {
      logger.error("secret", metadata: ["reason": "\(problem.reason)"])
      return .failure(problem.reason)
    } catch {
      // The type names no value; the error itself might.
      logger.error("request failed", metadata: ["kind": "\(kind.prefix(40))", "type": "\(type(of: error))"])
      return .failure("the member daemon could not answer")
    }
  }

  private func answer(_ kind: String, _ payload: [UInt8]) async throws -> [UInt8] {
    switch kind {
    case MessageKind.release:
      return try await agree(to: try WireJSON.decode(QueryAnnouncement.self, from: payload))
    case MessageKind.deliver:
      let notice = try WireJSON.decode(ResultNotice.self, from: payload)
      return try WireJSON.encode(try await receiver.receive(notice))
    case MessageKind.publishResult:
      try receiver.publish(try WireJSON.decode(QueryNotice.self, from: payload).query)
    case MessageKind.abandon:
      let query = try WireJSON.decode(QueryNotice.self, from: payload).query
      releases.abandon(query)
      try receiver.discard(query)
    case MessageKind.sealSecret:
      return try sealSecret(try WireJSON.decode(SealRequest.self, from: payload))
    case MessageKind.log:
      let entries = try WireJSON.decode(AnalysisLogEntries.self, from: payload)
      // Taken, so that they do not come again, but not written for a collaboration that is none of this member's.
      if try memberships.membership(in: entries.collaboration) != nil { try logFiles.append(entries) }
    default:
      throw ReleaseRefusal(reason: "This member daemon does not know the request.")
    }
    return []
  }

  private func agree(to announcement: QueryAnnouncement) async throws -> [UInt8] {
    let now = clock()
    let collaboration = try? WireJSON.decode(QueryRequest.self, from: announcement.request.payload)
      .collaboration
    let membership = try collaboration.flatMap { try memberships.membership(in: $0) }
    let history = try membership.map { try charters.advance($0, with: announcement.history) }
    let judgement = try judge.judge(
      announcement, charter: history,
      ownTables: await publisher.currentTables(of: membership), now: now)
    try remember(judgement.request)
    let secret = try await secrets.secret(of: judgement.charter)
    for fragment in judgement.fragments {
      releases.start(ReleaseRunner.Job(judgement: judgement, fragment: fragment, secret: secret))
    }
    return try WireJSON.encode(ReleaseAgreement(keyCheck: Hex.encode(secret.checkValue)))
  }

  /// A query is answered once: tokens of one query id are never made twice.
  private func remember(_ request: QueryRequest) throws {
    do {
      try store.write {
        try $0.insert(
          .seenQueries, id: request.id.value, parent: request.collaboration.value,
          value: SeenQuery(requestedAt: request.requestedAt), at: clock())
      }
    } catch StoreError.exists {
      throw ReleaseRefusal(reason: "This query was announced before.")
    }
  }

  private func sealSecret(_ request: SealRequest) throws -> [UInt8] {
    guard let membership = try memberships.membership(in: request.collaboration) else {
      throw ReleaseRefusal(reason: "This organization is not a member of the collaboration.")
    }
    return try WireJSON.encode(try secrets.seal(request, charter: try memberships.charter(of: membership)))
  }
}

/// Keeps a coordinator that stays away from filling the log.
private final class LinkReport: Sendable {
  private let last = Mutex<String?>(nil)

  func up() { last.withLock { $0 = nil } }

  func isNews(_ reason: String) -> Bool {
    last.withLock { last in
      defer { last = reason }
      return last != reason
    }
  }
}
