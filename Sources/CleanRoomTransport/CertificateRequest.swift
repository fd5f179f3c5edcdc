import CleanRoomModel
import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate request that cannot be used, or a certificate that cannot be revoked; with what to do.
public struct RequestProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// What an organization asks of the authority: a role, a name and hosts for a key that stays with it.
public struct IdentityRequest: Sendable {
  public static let keyFile = "identity.key"
  public static let requestFile = "identity.csr"

  public let role: PeerRole
  public let name: String
  /// DNS names of the member's API.
  public let hostnames: [String]
  let publicKey: P256.Signing.PublicKey

  /// SHA-256 of the public key (RFC 7469 section 2.4), hexadecimal: to be compared by another way than the request
  /// travels.
  public var fingerprint: String { Hex.encode(SHA256.hash(data: publicKey.derRepresentation)) }

  /// Makes a key and its request, as `identity.key` (mode 0600) and `identity.csr`. Never overwrites.
  public static func write(_ role: PeerRole, name: String, hostnames: [String], to folder: String) throws
    -> IdentityRequest
  {
    for file in [keyFile, requestFile] where FileManager.default.fileExists(atPath: folder + "/" + file) {
      throw RequestProblem("\(folder)/\(file) exists already and is not overwritten. Choose another folder.")
    }
    let key = P256.Signing.PrivateKey()
    let names = try Certificate.Extensions { SubjectAlternativeNames(PeerNames(role, hostnames).general) }
    let request = try CertificateSigningRequest(
      version: .v1, subject: try DistinguishedName { CommonName(name) }, privateKey: .init(key),
      attributes: .init([.init(ExtensionRequest(extensions: names))]), signatureAlgorithm: .ecdsaWithSHA256)
    let pem = try request.serializeAsPEM().pemString + "\n"
    let asked = try IdentityRequest(pem: pem)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try PrivateFile.create(folder + "/" + keyFile, key.pemRepresentation + "\n", mode: 0o600)
    try PrivateFile.create(folder + "/" + requestFile, pem, mode: 0o644)
    return asked
  }

  /// Reads a request (PKCS #10, PEM) and takes from it only what an identity may have.
  /// - Throws: `RequestProblem` for anything else.
  public init(pem: String) throws {
    guard let request = try? CertificateSigningRequest(pemEncoded: pem) else {
      throw RequestProblem("The file is not a certificate request in PEM. Make one with cleanroom pki request.")
    }
    guard let key = P256.Signing.PublicKey(request.publicKey) else {
      throw RequestProblem("The request's key is not a P-256 key. Make one with cleanroom pki request.")
    }
    guard request.publicKey.isValidSignature(request.signature, for: request) else {
      throw RequestProblem("The request is not signed with the key it is for. Make a new one.")
    }
    publicKey = key
    name = try Self.name(of: request)
    (role, hostnames) = try Self.names(of: request)
  }

  private static func name(of request: CertificateSigningRequest) throws -> String {
    let attributes = request.subject.flatMap { Array($0) }
    guard attributes.count == 1, let first = attributes.first, first.type == .RDNAttributeType.commonName,
      let name = String(first.value), (1...100).contains(name.unicodeScalars.count),
      name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else {
      throw RequestProblem(
        "The request's subject is not one common name of 1 to 100 printable characters. Make a new one.")
    }
    return name
  }

  /// Extensions are never copied: the names are read, and everything else is refused.
  private static func names(of request: CertificateSigningRequest) throws -> (PeerRole, [String]) {
    guard let extensions = try? request.attributes.extensionRequest?.extensions,
      let names = try? extensions.subjectAlternativeNames
    else { throw RequestProblem("The request names no Cleanroom role. Make one with cleanroom pki request.") }
    guard extensions.count == 1 else {
      throw RequestProblem(
        "The request asks for more than names: extensions other than subjectAltName are not issued. Make a new one.")
    }
    let asked = try PeerNames(names)
    return (asked.role, asked.hostnames)
  }
}

/// The subject alternative names of an identity: one role and DNS names.
private struct PeerNames {
  let role: PeerRole
  let hostnames: [String]

  init(_ role: PeerRole, _ hostnames: [String]) { (self.role, self.hostnames) = (role, hostnames) }

  var general: [GeneralName] { [.uniformResourceIdentifier(role.uri)] + hostnames.map { .dnsName($0) } }

  init(_ names: SubjectAlternativeNames) throws {
    var roles: [PeerRole] = []
    var hosts: [String] = []
    for name in names {
      switch name {
      case .uniformResourceIdentifier(let uri):
        guard let role = PeerRole(uri: uri) else {
          throw RequestProblem("The request asks for a name that is no Cleanroom role. Make a new one.")
        }
        roles.append(role)
      case .dnsName(let host):
        guard Self.isHostname(host) else {
          throw RequestProblem("The request names a host that is not a DNS name. Make a new one.")
        }
        hosts.append(host)
      default: throw RequestProblem("The request asks for names that are neither a role nor hosts. Make a new one.")
      }
    }
    guard roles.count == 1 else {
      throw RequestProblem("The request asks for \(roles.count) roles; an identity has exactly one. Make a new one.")
    }
    (role, hostnames) = (roles[0], hosts)
  }

  /// Labels of letters, digits and hyphens; no wildcard.
  static func isHostname(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
          }
      }
  }
}
