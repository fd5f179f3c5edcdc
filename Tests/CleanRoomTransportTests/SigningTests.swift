import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomTransport

@Suite struct SigningTests {
  private func refusal(
    _ document: SignedDocument, _ trust: TrustStore, _ purpose: SignedDocument.Purpose = .query
  ) -> TrustError? {
    do {
      _ = try trust.verify(document, purpose: purpose, at: nowStamp)
      return nil
    } catch {
      return error
    }
  }

  @Test func signedDocumentsAreBelieved() throws {
    let consortium = try Consortium()
    let document = try consortium.identity("acme").sign([1, 2, 3], purpose: .query)
    let trust = try consortium.identity("partner").trust
    #expect(try trust.verify(document, purpose: .query, at: nowStamp).account == Consortium.acme)
    let copy = try JSONDecoder().decode(SignedDocument.self, from: try JSONEncoder().encode(document))
    #expect(copy == document && refusal(copy, trust) == nil)
  }

  @Test func everyForgeryIsRefused() throws {
    let (consortium, other) = (try Consortium(), try Consortium())
    let trust = try consortium.identity("coordinator").trust
    let document = try consortium.identity("acme").sign([1, 2, 3], purpose: .query)
    func refused(_ change: (inout SignedDocument) throws -> Void) throws -> TrustError? {
      var forged = document
      try change(&forged)
      return refusal(forged, trust)
    }
    #expect(try refused { $0.payload[0] = 9 } == .badSignature)
    #expect(try refused { $0.payload = [] } == .badSignature)
    #expect(try refused { $0.signature[$0.signature.count - 1] ^= 1 } == .badSignature)
    #expect(try refused { $0.signature = [] } == .badSignature)
    #expect(
      try refused { $0.certificate = try consortium.identity("partner").certificateDER } == .badSignature)
    #expect(try refused { $0.certificate = [] } == .malformed)
    #expect(try refused { $0.purpose = .table } == .wrongPurpose)
    // The purpose is under the signature: relabelling does not help.
    var relabelled = document
    relabelled.purpose = .table
    #expect(refusal(relabelled, trust, .table) == .badSignature)
    #expect(refusal(try other.identity("acme").sign([1], purpose: .query), trust) == .foreignAuthority)
  }

  @Test func signaturesOfExpiredAndRevokedMembersDoNotCount() throws {
    let consortium = try Consortium()
    let document = try consortium.identity("acme").sign([1], purpose: .query)
    let trust = try consortium.identity("partner").trust
    #expect(throws: TrustError.notValidNow) {
      try trust.verify(
        document, purpose: .query, at: Timestamp(milliseconds: nowStamp.milliseconds + 3 * 365 * 86_400_000))
    }
    try consortium.revoke("acme")
    #expect(refusal(document, try consortium.identity("partner").trust) == .revoked)
  }

  @Test func recordsOutliveCertificates() throws {
    let consortium = try Consortium()
    let (acme, partner) = (try consortium.identity("acme"), try consortium.identity("partner"))
    let document = try acme.sign([7], purpose: .ledgerLine)
    try consortium.revoke("acme")
    let trust = try consortium.identity("partner").trust
    #expect(trust.wasSigned(document, by: acme.role))
    #expect(!trust.wasSigned(document, by: partner.role))
    for change: (inout SignedDocument) -> Void in [
      { $0.payload = [8] }, { $0.purpose = .ledgerHead }, { $0.certificate = partner.certificateDER },
      { $0.signature[8] ^= 1 },
    ] {
      var changed = document
      change(&changed)
      #expect(!trust.wasSigned(changed, by: acme.role))
    }
    let foreign = try Consortium().identity("acme").sign([7], purpose: .ledgerLine)
    #expect(!trust.wasSigned(foreign, by: acme.role))
  }

  @Test func aReloadCountsInEveryCopy() throws {
    let consortium = try Consortium()
    let identity = try consortium.identity("acme")
    let (copy, trust) = (identity, identity.trust)
    let partner = try consortium.identity("partner").certificateDER
    #expect(try trust.verify(certificate: partner, at: nowStamp).role == .member(Consortium.partner))
    try consortium.revoke("partner")
    let renewed = try consortium.identity("acme")
    identity.adopt(renewed)
    #expect(copy.certificateDER == renewed.certificateDER)
    #expect(throws: TrustError.revoked) { try trust.verify(certificate: partner, at: nowStamp) }
  }

  // MARK: Sealing

  @Test func sealedForOneReceiverAndOneUse() throws {
    let consortium = try Consortium()
    let (acme, partner) = (try consortium.identity("acme"), try consortium.identity("partner"))
    let sealed = try acme.trust.seal([1, 2, 3], to: partner.certificateDER, info: [9])
    #expect(try partner.open(sealed: sealed, info: [9]) == [1, 2, 3])
    #expect(throws: (any Error).self) { try partner.open(sealed: sealed, info: [8]) }
    #expect(throws: (any Error).self) { try acme.open(sealed: sealed, info: [9]) }
    #expect(try acme.trust.seal([1, 2, 3], to: partner.certificateDER, info: [9]) != sealed)
    #expect(!sealed.contains([1, 2, 3]))
    for length in 0..<sealed.count {
      #expect(throws: (any Error).self) { try partner.open(sealed: Array(sealed.prefix(length)), info: [9]) }
    }
    for position in sealed.indices {
      var damaged = sealed
      damaged[position] ^= 1
      #expect(throws: (any Error).self) { try partner.open(sealed: damaged, info: [9]) }
    }
  }

  @Test func streamsOpenInOrderOnly() throws {
    let consortium = try Consortium()
    let partner = try consortium.identity("partner")
    var sealer = try ResultSealer(to: partner.certificateDER, info: [1])
    let messages = try (0..<3).map { try sealer.seal([UInt8($0)]) }
    var opener = try ResultOpener(identity: partner, encapsulatedKey: sealer.encapsulatedKey, info: [1])
    #expect(try messages.map { try opener.open($0) } == [[0], [1], [2]])
    var second = try ResultOpener(identity: partner, encapsulatedKey: sealer.encapsulatedKey, info: [1])
    #expect(throws: (any Error).self) { try second.open(messages[1]) }
    #expect(throws: (any Error).self) {
      _ = try ResultOpener(
        identity: try consortium.identity("acme"), encapsulatedKey: sealer.encapsulatedKey, info: [1]
      ).openFirst(messages[0])
    }
  }
}

extension ResultOpener {
  fileprivate func openFirst(_ message: [UInt8]) throws -> [UInt8] {
    var opener = self
    return try opener.open(message)
  }
}
