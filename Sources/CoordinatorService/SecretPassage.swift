import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// Passes collaboration secrets from their creators to the other members, sealed to each member's certified
/// key: this daemon can read none of them.
struct SecretPassage: Sendable {
  /// Why there is no secret, in words for the member that asked.
  struct Problem: Error { let reason: String }

  let store: DocumentStore
  let link: any MemberLink
  let trust: TrustStore
  let clock: @Sendable () -> Timestamp
  private static let timeout: Duration = .seconds(10)

  /// - Returns: the creator's `SealedSecret` for the account's present certificate.
  func obtain(_ id: CollaborationID, for account: AccountID) async throws -> SignedDocument {
    let record = try store.read { try $0.get(.collaborations, id.value)?.value }
    guard let record, record.isActive(account) else {
      throw Problem(reason: "The account has no active membership in the collaboration.")
    }
    let creator = record.charter.creator
    guard creator != account else { throw Problem(reason: "The creator's daemon makes the secret itself.") }
    guard let certificate = link.certificate(of: account) else {
      throw Problem(reason: "The member is not connected.")
    }
    let text = Base64.encode(certificate)
    let key = SealedSecretRecord.key(id, account)
    if let kept = try store.read({ try $0.get(.sealedSecrets, key)?.value }), kept.certificate == text {
      return kept.document
    }
    let document = try await ask(creator, SealRequest(collaboration: id, account: account, certificate: text))
    try store.write {
      try $0.put(
        .sealedSecrets, id: key, parent: id.value,
        value: SealedSecretRecord(document: document, certificate: text),
        at: clock())
    }
    return document
  }

  private func ask(_ creator: AccountID, _ request: SealRequest) async throws -> SignedDocument {
    let payload = try WireJSON.encode(request)
    let reply: [UInt8]
    do {
      reply = try await link.request(MessageKind.sealSecret, payload, to: creator, timeout: Self.timeout)
    } catch LinkError.failed(let reason) {
      throw Problem(reason: "The creator, account \(creator), refused: \(Wording.bounded(reason))")
    } catch {
      throw Problem(reason: "The creator, account \(creator), must be connected once.")
    }
    guard let document = try? WireJSON.decode(SignedDocument.self, from: reply),
      let signer = try? trust.verify(document, purpose: .collaborationSecret, at: clock()),
      signer.role == .member(creator),
      let secret = try? WireJSON.decode(SealedSecret.self, from: document.payload),
      secret.collaboration == request.collaboration, secret.recipient == request.account
    else { throw Problem(reason: "The creator's answer is not a sealed secret of its own.") }
    return document
  }
}
