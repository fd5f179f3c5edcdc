import CleanRoomModel
import Crypto
import Foundation
import SwiftASN1
import X509

/// Why a certificate or a signed document is not believed.
public enum TrustError: Error, Sendable, Equatable {
  case malformed
  case foreignAuthority
  case notValidNow
  case revoked
  case noRole
  case wrongPurpose
  case badSignature
}

/// Decides which certificates and signatures count: those of the consortium's authority, in time, not revoked. Copies
/// share what they trust, so that a reload counts everywhere at once.
public struct TrustStore: Sendable {
  private struct Roots: Sendable {
    var authority: Certificate
    var revoked: Set<[UInt8]>
  }

  private let roots: Live<Roots>

  var authority: Certificate { roots.current.authority }

  init(authority: Certificate, revocations: RevocationList?) {
    roots = Live(Roots(authority: authority, revoked: revocations?.serials ?? []))
  }

  func adopt(_ other: TrustStore) { roots.exchange(other.roots.current) }

  public func verify(certificate der: [UInt8], at time: Timestamp) throws(TrustError) -> PeerIdentity {
    PeerIdentity(role: try verified(der, at: time).1, certificate: der)
  }

  /// Checks the author's certificate and the signature over purpose and payload.
  public func verify(_ document: SignedDocument, purpose: SignedDocument.Purpose, at time: Timestamp)
    throws(TrustError) -> PeerIdentity
  {
    guard document.purpose == purpose else { throw .wrongPurpose }
    let (certificate, role) = try verified(document.certificate, at: time)
    guard Self.isSigned(document.payload, document.signature, purpose: purpose, by: certificate) else {
      throw .badSignature
    }
    return PeerIdentity(role: role, certificate: document.certificate)
  }

  static func isSigned(
    _ payload: [UInt8], _ signature: [UInt8], purpose: SignedDocument.Purpose, by certificate: Certificate
  ) -> Bool {
    guard let key = P256.Signing.PublicKey(certificate.publicKey),
      let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
    else { return false }
    return key.isValidSignature(signature, for: SignedDocument.signedBytes(purpose: purpose, payload: payload))
  }

  func verified(_ der: [UInt8], at time: Timestamp) throws(TrustError) -> (Certificate, PeerRole) {
    let (authority, revoked) = (roots.current.authority, roots.current.revoked)
    let certificate = try issued(der, by: authority)
    let now = Date(timeIntervalSince1970: time.seconds)
    guard certificate.notValidBefore <= now, now <= certificate.notValidAfter, now <= authority.notValidAfter else {
      throw .notValidNow
    }
    guard !revoked.contains(RevocationList.normalized(certificate.serialNumber.bytes)) else { throw .revoked }
    guard let role = certificate.role else { throw .noRole }
    return (certificate, role)
  }

  private func issued(_ der: [UInt8], by authority: Certificate) throws(TrustError) -> Certificate {
    guard let certificate = try? Certificate(derEncoded: der) else { throw .malformed }
    guard certificate.issuer == authority.subject,
      authority.publicKey.isValidSignature(certificate.signature, for: certificate)
    else { throw .foreignAuthority }
    return certificate
  }

  /// Whether the holder of `role` signed the document at some time, with any certificate that the authority has issued
  /// to it: for records that outlive certificates.
  public func wasSigned(_ document: SignedDocument, by role: PeerRole) -> Bool {
    guard let certificate = try? issued(document.certificate, by: authority), certificate.role == role else {
      return false
    }
    return Self.isSigned(document.payload, document.signature, purpose: document.purpose, by: certificate)
  }

  /// Encrypts to the certified key of one organization (HPKE, RFC 9180, base mode).
  /// - Returns: the encapsulated key, then the ciphertext.
  public func seal(_ plaintext: [UInt8], to certificate: [UInt8], info: [UInt8]) throws -> [UInt8] {
    var sender = try HPKE.Sender(
      recipientKey: try Sealing.agreementKey(of: certificate), ciphersuite: Sealing.suite, info: Data(info))
    return Array(sender.encapsulatedKey) + Array(try sender.seal(plaintext))
  }
}

enum Sealing {
  static let suite = HPKE.Ciphersuite.P256_SHA256_AES_GCM_256
  /// An uncompressed P-256 point.
  static let encapsulatedKeySize = 65

  static func agreementKey(of certificate: [UInt8]) throws -> P256.KeyAgreement.PublicKey {
    guard let key = P256.Signing.PublicKey(try Certificate(derEncoded: certificate).publicKey) else {
      throw TrustError.malformed
    }
    return try P256.KeyAgreement.PublicKey(x963Representation: key.x963Representation)
  }
}

/// Encrypts a stream of messages to one receiver; they open only in the same order.
public struct ResultSealer {
  private var sender: HPKE.Sender
  public let encapsulatedKey: [UInt8]

  public init(to certificate: [UInt8], info: [UInt8]) throws {
    sender = try HPKE.Sender(
      recipientKey: try Sealing.agreementKey(of: certificate), ciphersuite: Sealing.suite, info: Data(info))
    encapsulatedKey = Array(sender.encapsulatedKey)
  }

  public mutating func seal(_ message: [UInt8]) throws -> [UInt8] { Array(try sender.seal(message)) }
}

public struct ResultOpener {
  private var recipient: HPKE.Recipient

  public init(identity: DaemonIdentity, encapsulatedKey: [UInt8], info: [UInt8]) throws {
    recipient = try identity.recipient(encapsulatedKey: encapsulatedKey, info: info)
  }

  public mutating func open(_ sealed: [UInt8]) throws -> [UInt8] { Array(try recipient.open(sealed)) }
}
