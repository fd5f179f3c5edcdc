import CleanRoomModel
import CleanRoomPlanning
import CleanRoomTransport
import CleanRoomWire

/// The connected members, as far as the services need them.
package protocol MemberLink: Sendable {
  func isConnected(_ account: AccountID) -> Bool
  /// The certificate of a connected member, DER.
  func certificate(of account: AccountID) -> [UInt8]?
  func request(_ kind: String, _ payload: [UInt8], to account: AccountID, timeout: Duration)
    async throws(LinkError) -> [UInt8]
}

extension LinkServer: MemberLink {}

/// How long the coordinator waits for members.
struct MemberTimeouts: Sendable {
  /// Until an absent member is named.
  var absence: Duration = .seconds(8)
  /// For an owner's agreement to release.
  var agreement: Duration = .seconds(12)
  /// For a receiver to store a result.
  var delivery: Duration = .seconds(600)
}

/// What the coordinator asks of members during a query, each wait limited and each failure naming the member.
struct MemberCalls: Sendable {
  let link: any MemberLink
  let timeouts: MemberTimeouts

  /// A member that is away may be between two connections; it gets a moment.
  func wait(for parties: Set<AccountID>, in room: Room) async throws {
    let deadline = ContinuousClock.now + timeouts.absence
    while let away = parties.sorted().first(where: { !link.isConnected($0) }) {
      guard ContinuousClock.now < deadline else { throw Self.away(away, room) }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private static func away(_ account: AccountID, _ room: Room) -> QueryFailure {
    QueryFailure(
      code: .memberUnavailable,
      message:
        "Member \(room.label(account)) is not connected. Ask it to start its member daemon, then run the query again."
    )
  }

  /// Every owner judges the query for itself before it opens a connection.
  func announce(_ record: QueryRecord, to owners: Set<AccountID>, in room: Room) async throws {
    let announcement = QueryAnnouncement(
      request: record.signed, history: room.record.history, tables: room.queryable.map(\.signed),
      template: record.template)
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
        message:
          "Members \(names) hold different collaboration secrets, so their keys cannot match. Restore the state folder of the one that lost it, or create the collaboration anew."
      )
    }
  }

  private func agreement(of owner: AccountID, _ payload: [UInt8], in room: Room) async throws -> String {
    do {
      let reply = try await link.request(MessageKind.release, payload, to: owner, timeout: timeouts.agreement)
      return try WireJSON.decode(ReleaseAgreement.self, from: reply).keyCheck
    } catch LinkError.failed(let reason) {
      throw QueryFailure(
        code: .memberRefused,
        message: "Member \(room.label(owner)) refused the query: \(Wording.bounded(reason))")
    } catch LinkError.notConnected, LinkError.closed {
      try Task.checkCancellation()
      throw Self.away(owner, room)
    } catch {
      try Task.checkCancellation()
      throw QueryFailure(
        code: .memberUnavailable,
        message:
          "Member \(room.label(owner)) did not answer properly within \(Wording.seconds(timeouts.agreement)) s."
      )
    }
  }

  /// - Returns: where the receiver will have the result, once it is published there.
  func deliver(_ record: QueryRecord, columns: [ResultColumn], to receiver: AccountID, in room: Room)
    async throws
    -> PlacedResult
  {
    let notice = ResultNotice(
      collaboration: record.request.collaboration, request: record.signed, history: room.record.history,
      columns: columns.map { ResultColumnDescription(name: $0.name, type: $0.type) })
    let payload = try WireJSON.encode(notice)
    do {
      let reply = try await link.request(
        MessageKind.deliver, payload, to: receiver, timeout: timeouts.delivery)
      let placement = try WireJSON.decode(ResultPlacement.self, from: reply)
      return PlacedResult(account: receiver, location: Wording.bounded(placement.location))
    } catch {
      try Task.checkCancellation()
      throw QueryFailure(
        code: .deliveryFailed,
        message: "The result could not be stored at member \(room.label(receiver)): \(Self.words(error))")
    }
  }

  private static func words(_ error: any Error) -> String {
    switch error {
    case LinkError.failed(let reason): Wording.sentence(Wording.bounded(reason))
    case LinkError.notConnected, LinkError.closed: "its connection ended."
    case LinkError.timedOut: "it did not answer in time."
    default: "it did not answer properly."
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

  /// Best effort: whoever misses it finds its data connection closed and its staged result unclaimed.
  func abandon(_ query: QueryID, parties: Set<AccountID>) async {
    await notify(MessageKind.abandon, query, Array(parties), timeout: .seconds(2))
  }

  private func notify(_ kind: String, _ query: QueryID, _ accounts: [AccountID], timeout: Duration) async {
    guard let payload = try? WireJSON.encode(QueryNotice(query: query)) else { return }
    await withTaskGroup(of: Void.self) { group in
      for account in accounts where link.isConnected(account) {
        group.addTask { _ = try? await link.request(kind, payload, to: account, timeout: timeout) }
      }
    }
  }
}
