import CleanRoomModel
import Crypto
import Foundation
import SwiftASN1
import X509

extension Certificate {
  func derBytes() throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.serialize(self)
    return serializer.serializedBytes
  }
}

extension DaemonIdentity {
  /// Reads and checks every file before any is used.
  public static func load(_ files: IdentityFiles, expecting role: PeerRole, now: Date) throws(IdentityError)
    -> DaemonIdentity
  {
    let trust = try loadTrust(files)
    let keyText = try IdentityFile(files.privateKey).secretText()
    guard let key = try? P256.Signing.PrivateKey(pemRepresentation: keyText) else {
      throw IdentityError(
        file: files.privateKey, problem: "is not a P-256 private key in PEM",
        remedy: "Restore the file, or issue a new identity")
    }
    let certificate = try loadCertificate(files.certificate)
    guard P256.Signing.PublicKey(certificate.publicKey)?.rawRepresentation == key.publicKey.rawRepresentation else {
      throw IdentityError(
        file: files.certificate, problem: "does not belong to the private key \(files.privateKey)",
        remedy: "Use certificate and key of one identity")
    }
    let der: [UInt8]
    do {
      der = try certificate.derBytes()
      let seen = try trust.verify(
        certificate: der, at: Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1000))
      ).role
      guard seen == role else {
        throw IdentityError(
          file: files.certificate, problem: "is the identity of \(seen), not of \(role)",
          remedy: "Name the right certificate, or correct the account in the configuration")
      }
    } catch let error as IdentityError {
      throw error
    } catch {
      throw problem(error as? TrustError ?? .malformed, files)
    }
    return DaemonIdentity(role: role, certificateDER: der, trust: trust, key: key)
  }

  private static func loadTrust(_ files: IdentityFiles) throws(IdentityError) -> TrustStore {
    let authority = try loadCertificate(files.authority)
    guard let path = files.revocations else { return TrustStore(authority: authority, revocations: nil) }
    let text = try IdentityFile(path).text()
    do {
      return TrustStore(authority: authority, revocations: try RevocationList(pem: text, authority: authority))
    } catch {
      throw IdentityError(
        file: path, problem: "is not a revocation list signed by \(files.authority)",
        remedy: "Fetch the authority's current revocation list")
    }
  }

  private static func loadCertificate(_ path: String) throws(IdentityError) -> Certificate {
    let text = try IdentityFile(path).text()
    guard let certificate = try? Certificate(pemEncoded: text) else {
      throw IdentityError(file: path, problem: "is not a certificate in PEM", remedy: "Restore the file")
    }
    return certificate
  }

  private static func problem(_ error: TrustError, _ files: IdentityFiles) -> IdentityError {
    let (problem, remedy) =
      switch error {
      case .foreignAuthority:
        (
          "was not issued by the authority \(files.authority)",
          "Use the consortium's authority, or a certificate it issued"
        )
      case .notValidNow: ("has expired, or is not valid yet", "Check the clock, or have the identity issued again")
      case .revoked: ("has been revoked", "Have a new identity issued")
      default: ("names no Cleanroom role", "Have the identity issued again with cleanroom init or pki")
      }
    return IdentityError(file: files.certificate, problem: problem, remedy: remedy)
  }
}

/// A file that must be what it claims to be before it is read.
struct IdentityFile {
  let path: String

  init(_ path: String) { self.path = path }

  func text() throws(IdentityError) -> String {
    try check(secret: false)
    return try read()
  }

  /// Refuses a file that others could read.
  func secretText() throws(IdentityError) -> String {
    try check(secret: true)
    return try read()
  }

  private func check(secret: Bool) throws(IdentityError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw fail("does not exist", "Correct the path, or create the file") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw fail("is not a regular file", "Name a regular file") }
    guard status.st_size > 0 else { throw fail("is empty", "Restore the file") }
    guard status.st_size < 1 << 20 else { throw fail("is too large", "Restore the file") }
    guard secret else { return }
    guard status.st_mode & 0o077 == 0 else {
      throw fail("can be read by others", "Run: chmod 600 \(path)")
    }
    guard status.st_uid == getuid() || getuid() == 0 else {
      throw fail("belongs to another user", "Run: chown to the user that runs the daemon")
    }
  }

  private func read() throws(IdentityError) -> String {
    // Not blocking, in case the file has been replaced by a pipe since it was looked at.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw fail("cannot be read", "Give the daemon's user read permission") }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard let data = try? handle.readToEnd(), let text = String(data: data, encoding: .utf8) else {
      throw fail("is not a text file", "Restore the file")
    }
    return text
  }

  private func fail(_ problem: String, _ remedy: String) -> IdentityError {
    IdentityError(file: path, problem: problem, remedy: remedy)
  }
}
