import CleanRoomModel
import Crypto
import Foundation
import SwiftASN1
import X509

/// What an authority does for organizations on other machines: private keys never come here.
extension CertificateAuthority {
  /// Trust in what this authority has issued, its revocations aside: for records that outlive certificates.
  public var trust: TrustStore { TrustStore(authority: certificate, revocations: nil) }

  /// Issues what a request asks for, as a certificate in PEM. Never overwrites.
  /// - Returns: until when it is valid.
  public func sign(_ request: IdentityRequest, days: Int, to path: String, now: Date) throws -> Date {
    let end = now.addingTimeInterval(Double(days) * 86_400)
    guard end <= certificate.notValidAfter else {
      throw RequestProblem("The authority itself ends before \(days) days are over. Choose fewer --days.")
    }
    let issued = try issue(
      request.role, name: request.name, publicKey: request.publicKey, hostnames: request.hostnames,
      notBefore: now.addingTimeInterval(-300), notAfter: end)
    do {
      try PrivateFile.create(path, try issued.serializeAsPEM().pemString + "\n", mode: 0o644)
    } catch {
      throw RequestProblem("\(path) exists already, or cannot be written. Choose another --out.")
    }
    return end
  }

  /// Adds to the revocation list on disk, which is replaced as a whole.
  /// - Parameter what: the path of a certificate, or a serial number in hexadecimal.
  /// - Returns: the serial number, hexadecimal.
  public func revoke(_ what: String, folder: String, now: Date) throws -> String {
    let serial = try serial(of: what)
    try revoke(serials: [serial], folder: folder, now: now)
    return Hex.encode(serial)
  }

  private func serial(of what: String) throws -> [UInt8] {
    guard let text = try? String(contentsOfFile: what, encoding: .utf8) else {
      guard let serial = Self.bytes(hexadecimal: what.filter { $0 != ":" }) else {
        throw RequestProblem(
          "'\(what)' is neither a certificate's file nor a serial number in hexadecimal. Correct it.")
      }
      return RevocationList.normalized(serial[...])
    }
    guard let issued = try? Certificate(pemEncoded: text) else {
      throw RequestProblem("\(what) is not a certificate in PEM. Name the certificate to revoke, or its serial number.")
    }
    guard issued.issuer == certificate.subject, certificate.publicKey.isValidSignature(issued.signature, for: issued)
    else {
      throw RequestProblem(
        "\(what) was not issued by this authority, which therefore cannot revoke it. Name the right --authority.")
    }
    return RevocationList.normalized(issued.serialNumber.bytes)
  }

  /// At most 20 bytes, as RFC 5280 allows serial numbers.
  private static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = (text.count.isMultiple(of: 2) ? text : "0" + text).map(\.hexDigitValue)
    let values = digits.compactMap { $0 }
    guard (1...40).contains(text.count), values.count == digits.count else { return nil }
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
  }
}
