import CleanRoomModel
import Crypto
import Foundation
import Testing
import X509

@testable import CleanRoomTransport

/// A daemon starts with a sound identity or says which file is wrong and what to do.
@Suite struct IdentityTests {
  private func expect(
    _ error: IdentityError?, _ file: String, _ problem: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(error?.file == file, sourceLocation: sourceLocation)
    #expect(
      error?.problem.contains(problem) == true, "\(error?.problem ?? "nothing")",
      sourceLocation: sourceLocation)
    #expect(error?.remedy.isEmpty == false, sourceLocation: sourceLocation)
    #expect(
      error.map { $0.description.contains(file) && $0.description.contains($0.remedy) } == true,
      sourceLocation: sourceLocation)
  }

  @Test func soundIdentities() throws {
    let consortium = try Consortium()
    for name in ["coordinator", "acme", "partner"] {
      let identity = try consortium.identity(name)
      #expect(identity.role == consortium.role(name))
      #expect(
        try identity.trust.verify(certificate: identity.certificateDER, at: nowStamp).role == identity.role)
    }
  }

  @Test func privateKeysAreNeverReadableByOthers() throws {
    let before = umask(0)
    defer { umask(before) }
    let consortium = try Consortium()
    for file in ["ca/authority.key", "acme/identity.key", "coordinator/identity.key"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: consortium.path + "/" + file)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func nothingIsOverwritten() throws {
    let consortium = try Consortium()
    let authority = try consortium.authority()
    #expect(throws: (any Error).self) { try authority.write(to: consortium.path + "/ca", now: now) }
    #expect(throws: (any Error).self) {
      try authority.writeIdentity(.coordinator, name: "x", to: consortium.path + "/acme", now: now)
    }
    #expect(try consortium.identity("acme").role == .member(Consortium.acme))
  }

  @Test func wrongRole() throws {
    let consortium = try Consortium()
    let files = consortium.files("partner")
    expect(
      consortium.problem(files), files.certificate,
      "is the identity of member 222222222222, not of member 111111111111")
    expect(consortium.problem(files, expecting: .coordinator), files.certificate, "not of coordinator")
    let coordinator = consortium.files("coordinator")
    expect(consortium.problem(coordinator), coordinator.certificate, "is the identity of coordinator")
  }

  @Test func foreignAuthority() throws {
    let (consortium, other) = (try Consortium(), try Consortium(name: "Other"))
    var files = consortium.files("acme")
    files.authority = other.files("acme").authority
    files.revocations = nil
    expect(consortium.problem(files), files.certificate, "was not issued by the authority")
    // The same name does not make it the same authority.
    files.authority = try Consortium().files("acme").authority
    let twin = try Consortium()
    files.authority = twin.files("acme").authority
    expect(consortium.problem(files), files.certificate, "was not issued by the authority")
  }

  @Test func foreignRevocations() throws {
    let (consortium, other) = (try Consortium(), try Consortium())
    var files = consortium.files("acme")
    files.revocations = other.files("acme").revocations
    expect(consortium.problem(files), files.revocations ?? "", "is not a revocation list signed by")
  }

  @Test func notValidNow() throws {
    let consortium = try Consortium()
    let files = consortium.files("acme")
    expect(
      consortium.problem(files, at: now.addingTimeInterval(3 * 365 * 86_400)), files.certificate, "expired")
    expect(consortium.problem(files, at: now.addingTimeInterval(-86_400)), files.certificate, "not valid yet")
  }

  @Test func revoked() throws {
    let consortium = try Consortium()
    try consortium.revoke("acme")
    expect(consortium.problem(consortium.files("acme")), consortium.files("acme").certificate, "revoked")
    #expect(consortium.problem(consortium.files("partner"), expecting: .member(Consortium.partner)) == nil)
    try consortium.revoke("partner")
    #expect(consortium.problem(consortium.files("acme")) != nil, "a later revocation keeps the earlier one")
    #expect(consortium.problem(consortium.files("partner"), expecting: .member(Consortium.partner)) != nil)
  }

  @Test func mismatchedKey() throws {
    let consortium = try Consortium()
    var files = consortium.files("acme")
    files.privateKey = consortium.files("partner").privateKey
    expect(consortium.problem(files), files.certificate, "does not belong to the private key")
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o620, 0o601]) func keyForOthers(mode: Int) throws {
    let consortium = try Consortium()
    let files = consortium.files("acme")
    chmod(files.privateKey, mode_t(mode))
    expect(consortium.problem(files), files.privateKey, "can be read by others")
    #expect(consortium.problem(files)?.remedy == "Run: chmod 600 \(files.privateKey)")
  }

  @Test(arguments: ["certificate", "privateKey", "authority", "revocations"]) func filesThatAreNoSuchThing(
    which: String
  ) throws {
    let consortium = try Consortium()
    var files = consortium.files("acme")
    let path = consortium.path + "/odd"
    switch which {
    case "certificate": files.certificate = path
    case "privateKey": files.privateKey = path
    case "authority": files.authority = path
    default: files.revocations = path
    }
    expect(consortium.problem(files), path, "does not exist")
    #expect(
      FileManager.default.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: 0o600]))
    expect(consortium.problem(files), path, "is empty")
    for text in ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "words", "\u{0}"] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      chmod(path, 0o600)
      expect(consortium.problem(files), path, "is not a")
    }
    try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o600)
    expect(consortium.problem(files), path, "is not a text file")
    unlink(path)
    mkfifo(path, 0o600)
    expect(consortium.problem(files), path, "is not a regular file")
    unlink(path)
    mkdir(path, 0o700)
    expect(consortium.problem(files), path, "is not a regular file")
  }

  @Test func problemsDoNotQuoteTheFile() throws {
    let consortium = try Consortium()
    let files = consortium.files("acme")
    let text = try String(contentsOfFile: files.privateKey, encoding: .utf8)
    let secret = text.split(separator: "\n")[1]
    try Data(text.replacing("PRIVATE", with: "PRIVATTE").utf8).write(
      to: URL(fileURLWithPath: files.privateKey))
    chmod(files.privateKey, 0o600)
    let problem = consortium.problem(files)
    #expect(problem.map { $0.description.contains(secret) } == false)
  }

  @Test func certificatesNameExactlyOneRole() throws {
    let consortium = try Consortium()
    let trust = try consortium.identity("acme").trust
    let key = P256.Signing.PrivateKey()
    let authority = try consortium.authority()
    // A hostname is no role, whatever it says.
    let issued = try authority.issue(
      .member(Consortium.acme), name: "x", publicKey: key.publicKey, hostnames: ["urn:cleanroom:coordinator"],
      notBefore: now,
      notAfter: now.addingTimeInterval(60))
    #expect(
      try trust.verify(certificate: try issued.derBytes(), at: nowStamp).role == .member(Consortium.acme))
    #expect(PeerRole(uri: "urn:cleanroom:account:12345678901") == nil)
    #expect(PeerRole(uri: "urn:cleanroom:account:1234567890123") == nil)
    #expect(PeerRole(uri: "urn:cleanroom:coordinator ") == nil)
  }
}
