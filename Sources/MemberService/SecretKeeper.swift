import CleanRoomMatching
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Crypto

/// Keeps the collaborations' match secrets: made by the creator's daemon, sealed to each member's certified key,
/// never readable by the coordinator that passes them on.
struct SecretKeeper: Sendable {
  struct Problem: Error { let reason: String }

  let account: AccountID
  let identity: DaemonIdentity
  let trust: TrustStore
  let store: DocumentStore
  let link: LinkClient
  let clock: @Sendable () -> Timestamp

  /// Makes the secret of a collaboration that this organization creates.
  func create(for collaboration: CollaborationID) throws {
    let secret = CollaborationSecret.random()
    try keep(secret, for: collaboration)
  }

  func forget(_ collaboration: CollaborationID) throws {
    try store.write { try $0.delete(.secrets, collaboration.value) }
  }

  /// Obtains the secret while the creator may be online, so that it need not be at query time.
  func prepare(_ charter: CollaborationCharter) async {
    guard charter.creator != account else { return }
    // What is missing now is asked for again when a query needs it.
    _ = try? await secret(of: charter)
  }

  /// The secret, asked of the creator if this member does not hold it yet.
  func secret(of charter: CollaborationCharter) async throws -> CollaborationSecret {
    if let kept = try kept(charter.id) { return kept }
    guard charter.creator != account else {
      throw Problem(
        reason: "The creator's copy of the collaboration secret is missing from its state folder.")
    }
    let secret = try await obtain(charter)
    try keep(secret, for: charter.id)
    return secret
  }

  private func obtain(_ charter: CollaborationCharter) async throws -> CollaborationSecret {
    let reply: [UInt8]
    do {
      reply = try await link.request(
        MessageKind.obtainSecret, try WireJSON.encode(SecretRequest(collaboration: charter.id)),
        timeout: .seconds(15))
    } catch {
      throw Problem(
        reason:
          "The collaboration secret could not be obtained: the creator, account \(charter.creator), must be connected once."
      )
    }
    let document = try WireJSON.decode(SignedDocument.self, from: reply)
    let signer = try trust.verify(document, purpose: .collaborationSecret, at: clock())
    let message = try WireJSON.decode(SealedSecret.self, from: document.payload)
    guard signer.role == .member(charter.creator), message.collaboration == charter.id,
      message.recipient == account,
      let sealed = Base64.decode(message.sealed)
    else {
      throw Problem(reason: "The sealed collaboration secret was not made by the collaboration's creator.")
    }
    return CollaborationSecret(
      try identity.open(sealed: sealed, info: Self.sealingInfo(charter.id, recipient: account)))
  }

  /// Seals the secret to a member's certified key; only the creator's daemon can.
  func seal(_ request: SealRequest, charter: CollaborationCharter) throws -> SignedDocument {
    guard charter.creator == account, charter.member(request.account) != nil,
      let certificate = Base64.decode(request.certificate),
      try trust.verify(certificate: certificate, at: clock()).role == .member(request.account),
      let secret = try kept(charter.id)
    else { throw Problem(reason: "The secret cannot be sealed for this account.") }
    let sealed = try secret.withBytes {
      try trust.seal($0, to: certificate, info: Self.sealingInfo(charter.id, recipient: request.account))
    }
    let message = SealedSecret(
      collaboration: charter.id, recipient: request.account, sealed: Base64.encode(sealed))
    return try identity.sign(try WireJSON.encode(message), purpose: .collaborationSecret)
  }

  private static func sealingInfo(_ collaboration: CollaborationID, recipient: AccountID) -> [UInt8] {
    Array("cleanroom/secret/1 \(collaboration) \(recipient)".utf8)
  }

  private func kept(_ id: CollaborationID) throws -> CollaborationSecret? {
    let record = try store.read { try $0.get(.secrets, id.value)?.value }
    return try record.map { record in
      guard let bytes = Base64.decode(record.secret) else {
        throw Problem(reason: "The stored secret is damaged.")
      }
      return CollaborationSecret(bytes)
    }
  }

  private func keep(_ secret: CollaborationSecret, for id: CollaborationID) throws {
    let record = secret.withBytes { SecretRecord(secret: Base64.encode($0)) }
    try store.write { try $0.put(.secrets, id: id.value, parent: nil, value: record, at: clock()) }
  }
}
