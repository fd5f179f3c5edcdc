import Crypto
import Foundation
import Testing
import X509

@testable import CleanRoomTransport

@Suite struct RevocationListTests {
  @Test(arguments: [[], [[1]], [[0x80]], [[0x7F, 0], [0xFF, 1, 2]]] as [[[UInt8]]]) func comesBack(
    serials: [[UInt8]]
  ) throws {
    let key = P256.Signing.PrivateKey()
    let authority = try CertificateAuthority(name: "x", now: now)
    let pem = try RevocationList.make(
      serials: serials, issuer: authority.certificate.subject, key: key, now: now)
    #expect(throws: (any Error).self) { try RevocationList(pem: pem, authority: authority.certificate) }
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try authority.write(to: folder, now: now)
    let own = try P256.Signing.PrivateKey(
      pemRepresentation: try String(contentsOfFile: folder + "/authority.key", encoding: .utf8))
    let list = try RevocationList.make(
      serials: serials, issuer: authority.certificate.subject, key: own, now: now)
    #expect(try RevocationList(pem: list, authority: authority.certificate).serials == Set(serials))
  }

  /// Made by `openssl ca -gencrl` with a next update, reason codes and a number: what other authorities write.
  @Test func openSSLAgrees() async throws {
    let consortium = try Consortium()
    try consortium.revoke("acme")
    let text = try await run(
      "openssl",
      [
        "crl", "-in", consortium.path + "/ca/revoked.pem", "-noout", "-text", "-CAfile",
        consortium.path + "/ca/authority.pem",
      ])
    #expect(
      text.contains("Revoked Certificates") && text.contains("ecdsa-with-SHA256")
        && !text.contains("Serial Number: -"))
  }

  @Test func listsOfOpenSSLAreRead() async throws {
    let consortium = try Consortium()
    let ca = consortium.path + "/ca"
    try Data("".utf8).write(to: URL(fileURLWithPath: ca + "/index"))
    try Data("01\n".utf8).write(to: URL(fileURLWithPath: ca + "/number"))
    let configuration =
      "[ca]\ndefault_ca=d\n[d]\ndatabase=\(ca)/index\ncrlnumber=\(ca)/number\ndefault_md=sha256\nunique_subject=no\ndefault_crl_days=30\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=issuer:always\n"
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: ca + "/c.cnf"))
    let arguments = [
      "ca", "-config", ca + "/c.cnf", "-cert", ca + "/authority.pem", "-keyfile", ca + "/authority.key",
    ]
    try await run(
      "openssl",
      arguments + ["-revoke", consortium.path + "/acme/identity.pem", "-crl_reason", "keyCompromise"])
    let list = try await run("openssl", arguments + ["-gencrl"])
    try Data(list.utf8).write(
      to: URL(fileURLWithPath: ca + "/revoked.pem"))
    #expect(consortium.problem(consortium.files("acme"))?.problem == "has been revoked")
    #expect(consortium.problem(consortium.files("partner"), expecting: .member(Consortium.partner)) == nil)
  }

  @Test func everyDamageIsRefused() throws {
    let consortium = try Consortium()
    try consortium.revoke("acme")
    let path = consortium.path + "/ca/revoked.pem"
    let pem = Array(try String(contentsOfFile: path, encoding: .utf8).utf8)
    let authority = try consortium.authority().certificate
    for position in pem.indices {
      var damaged = pem
      damaged[position] = damaged[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let list = try? RevocationList(pem: String(decoding: damaged, as: UTF8.self), authority: authority)
      // What is outside the signed part, such as spare bits of the encoding, may change; what is revoked may not.
      if let list { #expect(list.serials.count == 1, "changed at \(position)") }
    }
  }
}
