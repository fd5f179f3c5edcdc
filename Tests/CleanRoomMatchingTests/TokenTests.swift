import COpenSSL
import CleanRoomModel
import Crypto
import Testing

@testable import CleanRoomMatching

@Suite struct TokenTests {
  private static func strings(_ texts: [String?]) -> ColumnVector {
    var offsets: [UInt32] = [0]
    var data: [UInt8] = []
    var validity = [UInt64](repeating: 0, count: (texts.count + 63) / 64)
    for (row, text) in texts.enumerated() {
      data += (text ?? "").utf8
      offsets.append(UInt32(data.count))
      if text != nil { validity[row / 64] |= 1 << UInt64(row % 64) }
    }
    return ColumnVector(
      validity: texts.contains(nil) ? validity : nil, storage: .bytes(offsets: offsets, data: data))
  }

  private static func tokens(
    _ column: ColumnVector, _ type: ColumnType = .string, _ form: KeyForm? = nil, key: MatchKey? = nil
  ) throws -> [Int128] {
    let key = try key ?? MatchKeyTests.key()
    let result = try KeyedHashMatching(key: key).tokens(for: column, type: type, form: form)
    guard case .int128(let tokens) = result.storage else { return [] }
    #expect(result.validity == column.validity)
    return tokens
  }

  private static func token(_ text: String, _ form: KeyForm? = nil) throws -> Int128 {
    try tokens(strings([text]), .string, form)[0]
  }

  @Test(arguments: [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000]) func hmacAgreesWithSwiftCrypto(size: Int) {
    let message = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for keySize in [0, 1, 32, 63, 64, 65, 200] {
      let key = (0..<keySize).map { UInt8(truncatingIfNeeded: $0 &+ 3) }
      var out = [UInt8](repeating: 0, count: 32)
      ccr_hmac_sha256(key, key.count, message, message.count, &out)
      #expect(out == Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))))
    }
  }

  /// RFC 4231, test case 2.
  @Test func hmacVector() {
    var out = [UInt8](repeating: 0, count: 32)
    let message = Array("what do ya want for nothing?".utf8)
    ccr_hmac_sha256(Array("Jefe".utf8), 4, message, message.count, &out)
    #expect(
      out == [
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a,
        0x00, 0x3f,
        0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
      ])
  }

  @Test func tokenIsTheBeginningOfTheMAC() throws {
    let key = try MatchKeyTests.key()
    let mac = key.withBytes { bytes in
      Array(
        HMAC<SHA256>.authenticationCode(
          for: [1] + Array("ada@example.com".utf8), using: SymmetricKey(data: bytes)))
    }
    let token = try Self.token(" ADA@example.com", .email)
    #expect(withUnsafeBytes(of: token) { Array($0) } == Array(mac.prefix(16)))
  }

  @Test func nullHasNoToken() throws {
    let tokens = try Self.tokens(Self.strings(["a", nil, "", nil]))
    #expect(tokens[1] == 0 && tokens[3] == 0, "what lies under a NULL must not depend on anything")
    #expect(tokens[0] != 0 && tokens[2] != 0 && tokens[0] != tokens[2])
  }

  @Test func equalValuesOfDifferentTypesAreEqual() throws {
    let values = [
      try Self.tokens(ColumnVector(storage: .int8([-5, 7])), .tinyint),
      try Self.tokens(ColumnVector(storage: .int16([-5, 7])), .smallint),
      try Self.tokens(ColumnVector(storage: .int32([-5, 7])), .integer),
      try Self.tokens(ColumnVector(storage: .int64([-5, 7])), .bigint),
    ]
    #expect(Set(values).count == 1)
    #expect(try Self.tokens(ColumnVector(storage: .int32([-5, 7])), .date) != values[0])
    #expect(try Self.token("7") != values[0][1])
  }

  @Test func digestsAreEqualInEitherCase() throws {
    let lower = KeyNormalizer.sha256Hex("ada@example.com")
    #expect(try Self.token(lower, .sha256Hex) == Self.token(lower.uppercased(), .sha256Hex))
    #expect(try Self.token(lower) != Self.token(lower.uppercased()))
    #expect(try Self.token(lower, .sha256Hex) != Self.token(lower))
  }

  @Test func whatIsNoDigestIsText() throws {
    for text in [
      "", "abc", String(repeating: "g", count: 64), String(repeating: "a", count: 63) + "g",
      String(repeating: "a", count: 65),
    ] {
      #expect(try Self.token(text, .sha256Hex) == Self.token(text))
    }
  }

  @Test func formsThatNormalizeAlikeMatch() throws {
    #expect(try Self.token(" A@B.org ", .email) == Self.token("a@b.org", .lowercase))
    #expect(try Self.token(" A ", .trim) == Self.token("A"))
    #expect(try Self.token("+49 30 1", .phone) == Self.token("+49301"))
    #expect(try Self.token("a") != Self.token("A"))
  }

  /// Messages are separated by their offsets, not by their bytes.
  @Test func neighboursDoNotBleed() throws {
    #expect(try Self.tokens(Self.strings(["ab", "c"])) != Self.tokens(Self.strings(["a", "bc"])))
    #expect(try Self.tokens(Self.strings(["x", "ab"]))[1] == Self.token("ab"))
  }

  @Test func twoQueriesHaveNoTokenInCommon() throws {
    let column = Self.strings((0..<1000).map { "person\($0)" })
    let first = Set(try Self.tokens(column))
    let second = Set(try Self.tokens(column, key: MatchKeyTests.key(query: 2)))
    let other = Set(try Self.tokens(column, key: MatchKeyTests.key(domain: "other")))
    #expect(first.count == 1000)
    #expect(first.isDisjoint(with: second) && first.isDisjoint(with: other) && second.isDisjoint(with: other))
  }

  @Test(arguments: [
    ColumnType.double, .real, .boolean, .timestamp, .decimal(precision: 4, scale: 0), .binary,
  ])
  func typesWithoutACanonicalForm(type: ColumnType) {
    #expect(throws: MatchingError.typeHasNoToken(type)) {
      try Self.tokens(
        ColumnVector(storage: type.physical == .bytes ? .bytes(offsets: [0], data: []) : .int16([])), type)
    }
  }

  @Test func emptyColumn() throws {
    #expect(try Self.tokens(Self.strings([])) == [])
    #expect(try Self.tokens(ColumnVector(storage: .int64([])), .bigint) == [])
  }

  /// Generous: the build is not optimized. Tokens of a released batch must not hold up a query.
  @Test func aMillionTokensAreQuick() throws {
    let digests = (0..<1000).map { Array(KeyNormalizer.sha256Hex("\($0)").utf8) }
    let data = Array(repeating: Array(digests.joined()), count: 1000).flatMap { $0 }
    let column = ColumnVector(
      storage: .bytes(offsets: Array(stride(from: UInt32(0), through: 64_000_000, by: 64)), data: data))
    let clock = ContinuousClock()
    let time = try clock.measure { _ = try Self.tokens(column, .string, .sha256Hex) }
    #expect(time < .seconds(20))
  }
}
