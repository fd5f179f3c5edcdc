import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

extension MemberAPI {
  /// Joins under the charter that the creator signed; from here on only that charter says who may do what.
  func createMembership(_ call: APICall) async throws -> JSONValue {
    let result = try defaultResult(call)
    let answer = try await forward(call)
    let output = answer.output
    guard let id = output["membership"]?["id"]?.string.flatMap({ MembershipID($0) }) else {
      throw APIError.internalError
    }
    let (history, charter) = try accepted(answer, call)
    let signed = history.charter
    let earlier = try memberships.membership(id)
    guard earlier.map({ $0.collaboration == charter.id && $0.charter.payload == signed.payload }) ?? true,
      try isContinued(charter.id, by: history)
    else {
      throw APIError.unavailable(
        "The coordinator's answer contradicts a membership that exists here. Ask the coordinator's operator.")
    }
    try memberships.keep(
      LocalMembership(
        id: id, collaboration: charter.id, charter: signed, defaultResult: result ?? earlier?.defaultResult),
      at: call.now)
    try memberships.keep(history, of: charter.id, at: call.now)
    await secrets.prepare(charter)
    return output
  }

  /// Amendments that are known here, as its creator's own, cannot be missing.
  private func isContinued(_ id: CollaborationID, by history: CharterHistory) throws -> Bool {
    guard let known = try memberships.history(in: id) else { return true }
    return known.charter.payload == history.charter.payload
      && (try? charters.chain.extended(known, with: history.amendments)) != nil
  }

  private func accepted(
    _ answer: Forwarded, _ call: APICall
  ) throws -> (CharterHistory, CollaborationCharter) {
    guard let document = answer.document,
      let signer = try? identity.trust.verify(document, purpose: .charter, at: call.now),
      let charter = try? WireJSON.decode(CollaborationCharter.self, from: document.payload),
      signer.role == .member(charter.creator), charter.id.value == call.text("collaborationIdentifier"),
      CharterID.isOwn(charter),
      let history = try? charters.chain.extended(CharterHistory(charter: document), with: answer.amendments ?? []),
      let current = try? CharterChain.current(history), current.member(account) != nil
    else {
      throw APIError.unavailable(
        "The coordinator's answer holds no charter signed by the collaboration's creator, so the membership cannot be used. Ask the coordinator's operator."
      )
    }
    return (history, current)
  }

  func updateMembership(_ call: APICall) async throws -> JSONValue {
    let result = try defaultResult(call)
    let output = try await forward(call).output
    if let result, let id = MembershipID(call.text("membershipIdentifier")),
      var membership = try memberships.membership(id)
    {
      membership.defaultResult = result
      try memberships.keep(membership, at: call.now)
    }
    return output
  }

  /// Leaving for good, from this moment on: nothing of the collaboration stays here but logs and the ledger. The
  /// coordinator is told now or when it can be reached.
  func deleteMembership(_ call: APICall) async throws -> JSONValue {
    guard let id = MembershipID(call.text("membershipIdentifier")), let membership = try memberships.membership(id)
    else { return try await forward(call).output }
    // Unless the collaboration has ended, which only the coordinator knows.
    if try memberships.charter(of: membership).creator == account { return try await ended(membership, call) }
    let departure = CharterDeparture(collaboration: membership.collaboration, account: account, at: call.now)
    let document = try identity.sign(try WireJSON.encode(departure), purpose: .charterDeparture)
    try store.write { writer in
      guard try writer.list(.associations, parent: id.value).isEmpty else {
        throw APIError.conflict(
          "Delete the membership's configured table associations first.", id: id.value, type: "MEMBERSHIP",
          reason: "SUBRESOURCES_EXIST")
      }
      try withdrawals.note(WithdrawalNote(departure: .init(membership: id, document: document)), at: call.now, writer)
      try writer.delete(.memberships, id.value)
      try writer.delete(.charterHistories, membership.collaboration.value)
      try writer.delete(.secrets, membership.collaboration.value)
    }
    releases.abandon(membership.collaboration)
    await withdrawals.send()
    return .object([:])
  }

  private func ended(_ membership: LocalMembership, _ call: APICall) async throws -> JSONValue {
    let output = try await forward(call).output
    try memberships.forget(membership)
    try secrets.forget(membership.collaboration)
    return output
  }

  /// A place that does not exist is refused now, not when the first result arrives.
  private func defaultResult(_ call: APICall) throws -> ResultLocation? {
    let path = "defaultResultConfiguration.outputConfiguration.s3"
    let configuration = call.input["defaultResultConfiguration"]?["outputConfiguration"]?["s3"]
    guard let location = configuration.flatMap({ ResultLocation($0) }) else { return nil }
    try results.check(location, path: path)
    return location
  }
}

extension ResultStore {
  /// - Parameter path: where the request names the place.
  func check(_ location: ResultLocation, path: String) throws(APIError) {
    do {
      _ = try self.location(
        bucket: location.bucket, keyPrefix: location.keyPrefix, query: .random(),
        format: location.resultFormat)
    } catch .badKeyPrefix {
      throw .field(
        "\(path).keyPrefix",
        "Value at '\(path).keyPrefix' failed to satisfy constraint: Member must not hold '..' or control characters"
      )
    } catch {
      throw .validation(
        "No bucket \(location.bucket) is configured at this member daemon. Add results.buckets.\(location.bucket) to its member.yaml and start it again, or name a configured bucket."
      )
    }
  }
}
