import CleanRoomModel
import Crypto
import Foundation
import SwiftASN1
import X509

/// A consortium's certificate authority: issues identities and revokes them.
public struct CertificateAuthority {
  public static let certificateFile = "authority.pem"
  public static let keyFile = "authority.key"
  public static let revocationFile = "revoked.pem"

  private let key: P256.Signing.PrivateKey
  public let certificate: Certificate

  /// Makes a new authority in memory.
  public init(name: String, now: Date) throws {
    key = P256.Signing.PrivateKey()
    let issuer = try DistinguishedName {
      OrganizationName(name)
      CommonName(name + " authority")
    }
    certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
      notValidBefore: now.addingTimeInterval(-300),
      notValidAfter: now.addingTimeInterval(10 * 365 * 86_400), issuer: issuer, subject: issuer,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      }, issuerPrivateKey: .init(key))
  }

  public init(folder: String) throws {
    key = try P256.Signing.PrivateKey(
      pemRepresentation: try String(contentsOfFile: folder + "/" + Self.keyFile, encoding: .utf8))
    certificate = try Certificate(
      pemEncoded: try String(contentsOfFile: folder + "/" + Self.certificateFile, encoding: .utf8))
  }

  /// Writes certificate, key and an empty revocation list. Never overwrites.
  public func write(to folder: String, now: Date) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try PrivateFile.create(folder + "/" + Self.keyFile, key.pemRepresentation + "\n", mode: 0o600)
    try PrivateFile.create(
      folder + "/" + Self.certificateFile, try certificate.serializeAsPEM().pemString + "\n", mode: 0o644)
    try PrivateFile.create(folder + "/" + Self.revocationFile, try revocationList([], now: now), mode: 0o644)
  }

  /// Issues a certificate for a key that its owner made.
  /// - Parameter hostnames: DNS names; never addresses.
  public func issue(
    _ role: PeerRole, name: String, publicKey: P256.Signing.PublicKey, hostnames: [String] = ["localhost"],
    notBefore: Date, notAfter: Date
  ) throws -> Certificate {
    let usage: ExtendedKeyUsage =
      switch role {
      case .member: try ExtendedKeyUsage([.clientAuth, .serverAuth])
      case .coordinator: try ExtendedKeyUsage([.serverAuth])
      }
    return try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(publicKey), notValidBefore: notBefore,
      notValidAfter: notAfter, issuer: certificate.subject,
      subject: try DistinguishedName { CommonName(name) }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        usage
        SubjectAlternativeNames([.uniformResourceIdentifier(role.uri)] + hostnames.map { .dnsName($0) })
      }, issuerPrivateKey: .init(key))
  }

  /// Makes a daemon's key and certificate as `identity.key` and `identity.pem`. Never overwrites.
  public func writeIdentity(_ role: PeerRole, name: String, to folder: String, now: Date) throws {
    let own = P256.Signing.PrivateKey()
    let issued = try issue(
      role, name: name, publicKey: own.publicKey, notBefore: now.addingTimeInterval(-300),
      notAfter: now.addingTimeInterval(2 * 365 * 86_400))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try PrivateFile.create(folder + "/identity.key", own.pemRepresentation + "\n", mode: 0o600)
    try PrivateFile.create(folder + "/identity.pem", try issued.serializeAsPEM().pemString + "\n", mode: 0o644)
  }

  /// Adds a certificate to the authority's revocation list on disk.
  public func revoke(_ revoked: Certificate, folder: String, now: Date) throws {
    try revoke(serials: [RevocationList.normalized(revoked.serialNumber.bytes)], folder: folder, now: now)
  }

  /// The list is replaced as a whole, so that a daemon never reads half of one.
  func revoke(serials new: [[UInt8]], folder: String, now: Date) throws {
    let path = folder + "/" + Self.revocationFile
    let existing = try RevocationList(pem: try String(contentsOfFile: path, encoding: .utf8), authority: certificate)
    let serials = existing.serials.union(new)
    try Data(try revocationList(serials.sorted { $0.lexicographicallyPrecedes($1) }, now: now).utf8)
      .write(to: URL(fileURLWithPath: path), options: .atomic)
    // Everybody's daemons read it.
    _ = chmod(path, 0o644)
  }

  private func revocationList(_ serials: [[UInt8]], now: Date) throws -> String {
    try RevocationList.make(serials: serials, issuer: certificate.subject, key: key, now: now)
  }
}

/// Creates files that must not exist yet, with their mode from the first moment.
public enum PrivateFile {
  public static func create(_ path: String, _ text: String, mode: mode_t) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw CocoaError(errno == EEXIST ? .fileWriteFileExists : .fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
    _ = fchmod(descriptor, mode)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }
}
