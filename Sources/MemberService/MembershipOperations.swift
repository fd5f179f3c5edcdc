import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// Joins under the charter that the creator signed; from here on only that charter says who may do what.
  func createMembership(_ call: APICall) async throws -> JSONValue {
    let result = try defaultResult(call)
    let (output, document) = try await forward(call)
    guard let id = output["membership"]?["id"]?.string.flatMap({ MembershipID($0) }) else {
      throw APIError.internalError
    }
    let (signed, charter) = try accepted(document, call)
    let earlier = try memberships.membership(id)
    guard earlier.map({ $0.collaboration == charter.id && $0.charter.payload == signed.payload }) ?? true else {
      throw APIError.unavailable(
        "The coordinator's answer contradicts a membership that exists here. Ask the coordinator's operator.")
    }
    try memberships.keep(
      LocalMembership(
        id: id, collaboration: charter.id, charter: signed, defaultResult: result ?? earlier?.defaultResult),
      at: call.now)
    await secrets.prepare(charter)
    return output
  }

  private func accepted(
    _ document: SignedDocument?, _ call: APICall
  ) throws -> (SignedDocument, CollaborationCharter) {
    guard let document, let signer = try? identity.trust.verify(document, purpose: .charter, at: call.now),
      let charter = try? WireJSON.decode(CollaborationCharter.self, from: document.payload),
      signer.role == .member(charter.creator), charter.id.value == call.text("collaborationIdentifier"),
      charter.member(account) != nil, CharterID.isOwn(charter)
    else {
      throw APIError.unavailable(
        "The coordinator's answer holds no charter signed by the collaboration's creator, so the membership cannot be used. Ask the coordinator's operator."
      )
    }
    return (document, charter)
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

  /// Leaving for good: nothing of the collaboration stays here but logs and the ledger.
  func deleteMembership(_ call: APICall) async throws -> JSONValue {
    let output = try await forward(call).output
    if let id = MembershipID(call.text("membershipIdentifier")),
      let membership = try memberships.membership(id)
    {
      try memberships.forget(membership)
      try secrets.forget(membership.collaboration)
    }
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
