import CleanRoomModel
import Crypto
import Testing

@testable import CleanRoomMatching

@Suite struct MatchKeyTests {
  static let secret = CollaborationSecret((0..<32).map { UInt8($0) })

  static func query(_ number: Int) throws -> QueryID {
    try #require(QueryID("00000000-0000-0000-0000-00000000000\(number)"))
  }

  static func key(
    query number: Int = 1, hash: [UInt8] = [1, 2], domain: String = "d", secret: CollaborationSecret = secret
  )
    throws -> MatchKey
  {
    MatchKey.derive(secret, query: try query(number), requestHash: hash, domain: domain)
  }

  /// HKDF (RFC 5869) written out: what any other implementation has to compute.
  @Test func keyIsHKDFOverTheBoundFields() throws {
    func mac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
      Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
    let query = Array("00000000-0000-0000-0000-000000000001".utf8)
    let info =
      Array("cleanroom match key 1".utf8) + [0, 0, 0, 36] + query + [0, 0, 0, 2, 1, 2] + [0, 0, 0, 1, 0x64]
    let extracted = mac([UInt8](repeating: 0, count: 32), (0..<32).map { UInt8($0) })
    #expect(try Self.key().withBytes { $0 } == mac(extracted, info + [1]))
  }

  @Test func everyFieldChangesTheKey() throws {
    let keys = [
      try Self.key(), try Self.key(query: 2), try Self.key(hash: [1, 3]), try Self.key(domain: "e"),
      try Self.key(hash: [1], domain: "\u{2}d"), try Self.key(hash: [], domain: "d"),
      try Self.key(domain: ""),
      try Self.key(secret: CollaborationSecret([UInt8](repeating: 7, count: 32))),
    ].map { $0.withBytes { $0 } }
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.count == 32 })
  }

  @Test func checkValueTellsSecretsApart() {
    #expect(Self.secret.checkValue.count == 8)
    #expect(Self.secret.checkValue == CollaborationSecret((0..<32).map { UInt8($0) }).checkValue)
    #expect(Self.secret.checkValue != CollaborationSecret.random().checkValue)
    #expect(CollaborationSecret.random().checkValue != CollaborationSecret.random().checkValue)
  }

  @Test func secretsDoNotPrint() throws {
    let bytes = [UInt8](repeating: 0xAB, count: 32)
    let secret = CollaborationSecret(bytes)
    for text in [
      "\(secret)", String(reflecting: secret), "\(try Self.key(secret: secret))",
      "\(KeyedHashMatching(key: try Self.key()))",
    ] {
      #expect(!text.contains("171") && !text.lowercased().contains("abab"))
    }
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("171"))
  }
}
