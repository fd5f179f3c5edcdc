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

/// Who this daemon is: its certificate and private key, and the authority it trusts. Copies share them, so that a
/// reload counts everywhere at once.
public struct DaemonIdentity: Sendable {
  private struct Keys: Sendable {
    var certificateDER: [UInt8]
    var key: P256.Signing.PrivateKey
  }

  public let role: PeerRole
  public let trust: TrustStore
  private let keys: Live<Keys>

  public var certificateDER: [UInt8] { keys.current.certificateDER }

  init(role: PeerRole, certificateDER: [UInt8], trust: TrustStore, key: P256.Signing.PrivateKey) {
    self.role = role
    self.trust = trust
    keys = Live(Keys(certificateDER: certificateDER, key: key))
  }

  /// Takes the certificate, the key and the trust of an identity of the same role that has just been read and checked.
  /// What is signed, accepted and handshaken from here on uses them.
  public func adopt(_ other: DaemonIdentity) {
    trust.adopt(other.trust)
    keys.exchange(other.keys.current)
  }

  public func sign(_ payload: [UInt8], purpose: SignedDocument.Purpose) throws -> SignedDocument {
    let keys = keys.current
    let signature = try keys.key.signature(for: SignedDocument.signedBytes(purpose: purpose, payload: payload))
    return SignedDocument(
      purpose: purpose, payload: payload, signature: Array(signature.derRepresentation),
      certificate: keys.certificateDER)
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
      privateKey: try P256.KeyAgreement.PrivateKey(rawRepresentation: keys.current.key.rawRepresentation),
      ciphersuite: Sealing.suite, info: Data(info), encapsulatedKey: Data(encapsulatedKey))
  }

  // MARK: TLS

  /// Certificate and key of one moment, so that they belong together.
  private func tlsIdentity() throws -> (NIOSSLCertificateSource, NIOSSLPrivateKeySource) {
    let keys = keys.current
    return (
      .certificate(try NIOSSLCertificate(bytes: keys.certificateDER, format: .der)),
      .privateKey(try NIOSSLPrivateKey(bytes: Array(keys.key.pemRepresentation.utf8), format: .pem))
    )
  }

  private func tlsAuthority() throws -> NIOSSLTrustRoots {
    .certificates([try NIOSSLCertificate(bytes: trust.authorityDER(), format: .der)])
  }

  /// For the link's listener: TLS 1.3, a client certificate of our authority is required.
  func linkServerConfiguration(_ keyLog: LinkKeyLog? = nil) throws -> TLSConfiguration {
    let (certificate, key) = try tlsIdentity()
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: [certificate], privateKey: key)
    configuration.minimumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = try tlsAuthority()
    configuration.keyLogCallback = keyLog?.callback
    return configuration
  }

  /// For the link's caller. The host name is not checked: the coordinator's role in its certificate is.
  func linkClientConfiguration(_ keyLog: LinkKeyLog? = nil) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = try tlsAuthority()
    let (certificate, key) = try tlsIdentity()
    configuration.certificateChain = [certificate]
    configuration.privateKey = key
    configuration.keyLogCallback = keyLog?.callback
    return configuration
  }

  /// For the member's HTTPS API: callers prove themselves by signature, not by certificate.
  public func apiServerConfiguration() throws -> TLSConfiguration {
    let (certificate, key) = try tlsIdentity()
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: [certificate], privateKey: key)
    configuration.minimumTLSVersion = .tlsv12
    // The server may outlive a certificate: every handshake asks for the present one.
    configuration.sslContextCallback = { _, promise in
      promise.completeWith(
        Result {
          var override = NIOSSLContextConfigurationOverride()
          let (certificate, key) = try tlsIdentity()
          (override.certificateChain, override.privateKey) = ([certificate], key)
          return override
        })
    }
    return configuration
  }
}

extension TrustStore {
  func authorityDER() throws -> [UInt8] { try authority.derBytes() }
}
