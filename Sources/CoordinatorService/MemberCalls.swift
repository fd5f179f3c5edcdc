import CleanRoomModel
import CleanRoomPlanning
import CleanRoomTransport
import CleanRoomWire

/// What the coordinator asks of members during a query, each wait limited and each failure naming the member.
struct MemberCalls: Sendable {
  let link: LinkServer
  let timeouts: QueryTimeouts

  /// A member that is away may be between two connections; it gets a moment.
  func waitForOwners(_ owners: Set<AccountID>, in room: Room) async throws {
    let deadline = ContinuousClock.now + timeouts.memberAway
    while let away = owners.sorted().first(where: { !link.isConnected($0) }) {
      guard ContinuousClock.now < deadline else { throw Self.away(away, room) }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  static func away(_ account: AccountID, _ room: Room) -> QueryFailure {
    QueryFailure(
      code: .memberUnavailable,
      message: "Member \(room.label(account)) is not connected. Ask it to start its member daemon, then run the query again.")
  }

  /// Every owner judges the query for itself before it opens a connection.
  func announce(_ record: QueryRecord, to owners: Set<AccountID>, in room: Room) async throws {
    let announcement = QueryAnnouncement(
      request: record.signed, charter: room.record.signedCharter, tables: room.tables.map(\.signed))
    let payload = try WireJSON.encode(announcement)
    let checks = try await withThrowingTaskGroup(of: (AccountID, String).self) { group in
      for owner in owners {
        group.addTask { (owner, try await self.agreement(of: owner, payload, in: room)) }
      }
      return try await group.reduce(into: [AccountID: String]()) { $0[$1.0] = $1.1 }
    }
    guard Set(checks.values).count <= 1 else {
      let names = checks.keys.sorted().map(room.label).joined(separator: ", ")
      throw QueryFailure(
        code: .memberRefused,
        message: "Members \(names) hold different collaboration secrets. Each should leave and create its membership again.")
    }
  }

  private func agreement(of owner: AccountID, _ payload: [UInt8], in room: Room) async throws -> String {
    let reply = try await call(MessageKind.release, payload, owner, room, timeout: timeouts.agreement)
    return try WireJSON.decode(ReleaseAgreement.self, from: reply).keyCheck
  }

  /// - Returns: where the receiver put it, as an `s3://` location.
  func deliver(_ record: QueryRecord, columns: [ResultColumn], to receiver: AccountID, in room: Room) async throws
    -> String?
  {
    let notice = ResultNotice(
      collaboration: record.request.collaboration, request: record.signed, charter: room.record.signedCharter,
      columns: columns.map { ResultColumnDescription(name: $0.name, type: $0.type) })
    let payload = try WireJSON.encode(notice)
    do {
      let reply = try await link.request(MessageKind.deliver, payload, to: receiver, timeout: timeouts.delivery)
      return try WireJSON.decode(ResultPlacement.self, from: reply).location
    } catch let error as LinkError {
      try Task.checkCancellation()
      throw QueryFailure(
        code: .deliveryFailed,
        message: "The result could not be stored at member \(room.label(receiver)): \(Self.words(error)).")
    }
  }

  func certificate(of account: AccountID, in room: Room) throws -> [UInt8] {
    guard let certificate = link.certificate(of: account) else { throw Self.away(account, room) }
    return certificate
  }

  /// Best effort: a receiver that misses it asks when it is back.
  func publish(_ query: QueryID, to receivers: [AccountID]) async {
    await notify(MessageKind.publishResult, query, receivers, timeout: .seconds(5))
  }

  func abandon(_ query: QueryID, parties: Set<AccountID>) async {
    await notify(MessageKind.abandon, query, Array(parties), timeout: .seconds(2))
  }

  private func notify(_ kind: String, _ query: QueryID, _ accounts: [AccountID], timeout: Duration) async {
    guard let payload = try? WireJSON.encode(QueryNotice(query: query)) else { return }
    await withTaskGroup(of: Void.self) { group in
      for account in accounts where link.isConnected(account) {
        group.addTask { _ = try? await self.link.request(kind, payload, to: account, timeout: timeout) }
      }
    }
  }

  private func call(
    _ kind: String, _ payload: [UInt8], _ account: AccountID, _ room: Room, timeout: Duration
  ) async throws -> [UInt8] {
    do {
      return try await link.request(kind, payload, to: account, timeout: timeout)
    } catch {
      try Task.checkCancellation()
      switch error {
      case .failed(let reason):
        throw QueryFailure(
          code: .memberRefused, message: "Member \(room.label(account)) refused the query: \(reason)")
      case .notConnected, .closed: throw Self.away(account, room)
      default:
        throw QueryFailure(
          code: .memberUnavailable, message: "Member \(room.label(account)) did not answer in time.")
      }
    }
  }

  private static func words(_ error: LinkError) -> String {
    switch error {
    case .failed(let reason): reason
    case .notConnected, .closed: "it is not connected"
    case .timedOut: "it did not answer in time"
    default: "the connection failed"
    }
  }
}

/// How long the coordinator waits for members.
struct QueryTimeouts: Sendable {
  var memberAway: Duration = .seconds(8)
  var agreement: Duration = .seconds(12)
  var delivery: Duration = .seconds(600)
}
