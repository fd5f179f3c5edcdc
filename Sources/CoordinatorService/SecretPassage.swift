import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// A sealed collaboration secret, kept for the member whose certificate it was sealed to.
struct SealedCopy: Sendable, Codable {
  /// DER, base64.
  var certificate: String
  /// Of a `SealedSecret`, signed by the creator.
  var document: SignedDocument
}

extension DocumentKind where Value == SealedCopy {
  /// Keyed by collaboration and account; the parent is the collaboration.
  static var sealedCopies: Self { DocumentKind(name: "sealed-secret") }
}

/// Passes a collaboration's secret from its creator to each member. It is sealed to the member's certified key, so
/// nothing that is kept here opens it.
struct SecretPassage: Sendable {
  struct Problem: Error { let reason: String }

  let store: DocumentStore
  let rooms: Rooms
  let link: LinkServer
  let clock: @Sendable () -> Timestamp

  /// - Returns: the creator's signed document.
  func obtain(_ request: SecretRequest, for account: AccountID) async throws -> SignedDocument {
    guard let room = try? rooms.room(request.collaboration), room.record.isActive(account),
      let certificate = link.certificate(of: account).map(Base64.encode)
    else { throw Problem(reason: "There is no such collaboration.") }
    let key = "\(request.collaboration)/\(account)"
    if let kept = try store.read({ try $0.get(.sealedCopies, key)?.value }), kept.certificate == certificate {
      return kept.document
    }
    let creator = room.record.charter.creator
    let seal = SealRequest(collaboration: request.collaboration, account: account, certificate: certificate)
    guard creator != account,
      let reply = try? await link.request(
        MessageKind.sealSecret, try WireJSON.encode(seal), to: creator, timeout: .seconds(10)),
      let document = try? WireJSON.decode(SignedDocument.self, from: reply)
    else { throw Problem(reason: "Member \(room.label(creator)), the creator, must be connected once.") }
    try store.write {
      try $0.put(
        .sealedCopies, id: key, parent: request.collaboration.value,
        value: SealedCopy(certificate: certificate, document: document), at: clock())
    }
    return document
  }
}
