import CleanRoomModel
import Crypto
import Foundation
import NIOSSL
import X509

/// The files of a daemon's identity, as its configuration names them.
public struct IdentityFiles: Sendable {
  public var certificate: String
  public var privateKey: String
  public var authority: String
  public var revocations: String?

  public init(certificate: String, privateKey: String, authority: String, revocations: String?) {
    self.certificate = certificate
    self.privateKey = privateKey
    self.authority = authority
    self.revocations = revocations
  }
}

/// An identity that cannot be used: which file, what is wrong, what to do.
public struct IdentityError: Error, Sendable, CustomStringConvertible {
  public let file: String
  public let problem: String
  public let remedy: String

  public var description: String { "\(file): \(problem). \(remedy)." }
}

/// Who this daemon is: its certificate and private key, and the authority it trusts.
public struct DaemonIdentity: Sendable {
  public let role: PeerRole
  public let certificateDER: [UInt8]
  public let trust: TrustStore
  private let certificate: Certificate
  private let key: P256.Signing.PrivateKey

  init(
    role: PeerRole, certificateDER: [UInt8], trust: TrustStore, certificate: Certificate, key: P256.Signing.PrivateKey
  ) {
    self.role = role
    self.certificateDER = certificateDER
    self.trust = trust
    self.certificate = certificate
    self.key = key
  }

  public func sign(_ payload: [UInt8], purpose: SignedDocument.Purpose) throws -> SignedDocument {
    SignedDocument(
      purpose: purpose, payload: payload, signature: try signature(payload, purpose: purpose),
      certificate: certificateDER)
  }

  public func signature(_ payload: [UInt8], purpose: SignedDocument.Purpose) throws -> [UInt8] {
    Array(try key.signature(for: SignedDocument.signedBytes(purpose: purpose, payload: payload)).derRepresentation)
  }

  public func isOwn(_ signature: [UInt8], over payload: [UInt8], purpose: SignedDocument.Purpose) -> Bool {
    TrustStore.isSigned(payload, signature, purpose: purpose, by: certificate)
  }

  /// Opens what `TrustStore.seal` made for this daemon.
  public func open(sealed: [UInt8], info: [UInt8]) throws -> [UInt8] {
    guard sealed.count > Sealing.encapsulatedKeySize else { throw TrustError.malformed }
    var recipient = try recipient(
      encapsulatedKey: Array(sealed.prefix(Sealing.encapsulatedKeySize)), info: info)
    return Array(try recipient.open(Array(sealed.dropFirst(Sealing.encapsulatedKeySize))))
  }

  func recipient(encapsulatedKey: [UInt8], info: [UInt8]) throws -> HPKE.Recipient {
    try HPKE.Recipient(
      privateKey: try P256.KeyAgreement.PrivateKey(rawRepresentation: key.rawRepresentation),
      ciphersuite: Sealing.suite, info: Data(info), encapsulatedKey: Data(encapsulatedKey))
  }

  // MARK: TLS

  private func tlsKey() throws -> NIOSSLPrivateKey {
    try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)
  }

  private func tlsCertificate() throws -> NIOSSLCertificateSource {
    .certificate(try NIOSSLCertificate(bytes: certificateDER, format: .der))
  }

  private func tlsAuthority() throws -> NIOSSLTrustRoots {
    .certificates([try NIOSSLCertificate(bytes: trust.authorityDER(), format: .der)])
  }

  /// For the link's listener: TLS 1.3, a client certificate of our authority is required.
  func linkServerConfiguration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [try tlsCertificate()], privateKey: .privateKey(try tlsKey()))
    configuration.minimumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = try tlsAuthority()
    return configuration
  }

  /// For the link's caller. The host name is not checked: the coordinator's role in its certificate is.
  func linkClientConfiguration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = try tlsAuthority()
    configuration.certificateChain = [try tlsCertificate()]
    configuration.privateKey = .privateKey(try tlsKey())
    return configuration
  }

  /// For the member's HTTPS API: callers prove themselves by signature, not by certificate.
  public func apiServerConfiguration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [try tlsCertificate()], privateKey: .privateKey(try tlsKey()))
    configuration.minimumTLSVersion = .tlsv12
    return configuration
  }
}

extension TrustStore {
  func authorityDER() throws -> [UInt8] { try authority.derBytes() }
}
