import CleanRoomModel
import Crypto
import Foundation
import Testing

@testable import CleanRoomCapture

/// Writes records as a TLS 1.3 sender does.
struct RecordWriter {
  let suite: CipherSuite
  private var secret: [UInt8]
  private var sequence: UInt64 = 0

  init(_ suite: CipherSuite, secret: [UInt8]) {
    self.suite = suite
    self.secret = secret
  }

  mutating func record(_ type: UInt8, _ content: [UInt8], padding: Int = 0) throws -> [UInt8] {
    let inner = content + [type] + [UInt8](repeating: 0, count: padding)
    let size = inner.count + CipherSuite.tagSize
    let header = [23, 3, 3, UInt8(size >> 8), UInt8(size & 255)]
    let key = SymmetricKey(data: suite.expand(secret, "key", suite == .aes128GCM ? 16 : 32))
    var nonce = suite.expand(secret, "iv", 12)
    for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * index)) }
    sequence += 1
    if suite == .chaCha20Poly1305 {
      let box = try ChaChaPoly.seal(inner, using: key, nonce: ChaChaPoly.Nonce(data: nonce), authenticating: header)
      return header + box.ciphertext + box.tag
    }
    let box = try AES.GCM.seal(inner, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: header)
    return header + box.ciphertext + box.tag
  }

  mutating func changeKeys() {
    secret = suite.nextSecret(after: secret)
    sequence = 0
  }
}

@Suite struct DecryptionTests {
  static let suites: [CipherSuite] = [.aes128GCM, .aes256GCM, .chaCha20Poly1305]

  private func secret(_ suite: CipherSuite, _ byte: UInt8) -> [UInt8] {
    Array(repeating: byte, count: suite == .aes256GCM ? 48 : 32)
  }

  private func decryptor(_ suite: CipherSuite) -> RecordDecryptor {
    RecordDecryptor(handshake: suite.keys(from: secret(suite, 1)), application: suite.keys(from: secret(suite, 2)))
  }

  /// A whole direction: hello in clear, handshake, Finished, data, KeyUpdate, data, padding, alert.
  private func direction(_ suite: CipherSuite) throws -> [UInt8] {
    var handshake = RecordWriter(suite, secret: secret(suite, 1))
    var data = RecordWriter(suite, secret: secret(suite, 2))
    var bytes: [UInt8] = [22, 3, 1, 0, 5, 1, 0, 0, 1, 9] + [20, 3, 3, 0, 1, 1]
    // A certificate message in two records, then Finished.
    bytes += try handshake.record(22, [11, 0, 0, 6, 1, 2, 3])
    bytes += try handshake.record(22, [4, 5, 6, 20, 0, 0, 2, 7, 7])
    bytes += try data.record(23, Array("first ".utf8))
    bytes += try data.record(22, [24, 0, 0, 1, 0])
    data.changeKeys()
    bytes += try data.record(23, Array("second ".utf8), padding: 40)
    bytes += try data.record(23, [])
    bytes += try data.record(23, Array("third".utf8))
    return try bytes + data.record(21, [1, 0])
  }

  private func decrypt(_ suite: CipherSuite, _ bytes: [UInt8], pieces: Int = 7) throws -> ClearText {
    var decryptor = decryptor(suite)
    var text = ClearText()
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      try decryptor.take(Data(bytes[start..<min(start + pieces, bytes.count)]), into: &text)
    }
    try decryptor.finish(into: &text)
    return text
  }

  @Test(arguments: suites) func readsAWholeDirection(_ suite: CipherSuite) throws {
    let bytes = try direction(suite)
    for pieces in [1, 7, 1000] {
      let text = try decrypt(suite, bytes, pieces: pieces)
      #expect(String(decoding: text.application, as: UTF8.self) == "first second third")
      #expect(text.handshake.prefix(5) == [1, 0, 0, 1, 9] && text.handshake.suffix(2) == [1, 0])
    }
  }

  /// What was cut in the middle of a record is read as far as it goes.
  @Test(arguments: suites) func readsTheBeginningOfARecord(_ suite: CipherSuite) throws {
    let whole = try direction(suite)
    var writer = RecordWriter(suite, secret: suite.nextSecret(after: secret(suite, 2)))
    for _ in 0..<4 { _ = try writer.record(23, []) }
    let text = Array("a long secret that never came to its end".utf8)
    let last = try writer.record(23, text)
    let clear = try decrypt(suite, whole + last.prefix(5 + 20))
    #expect(String(decoding: clear.application, as: UTF8.self) == "first second third" + "a long secret that n")
    #expect(throws: CaptureError.self) { try decrypt(suite, whole + last.dropLast() + [last.last.map { $0 ^ 1 } ?? 0]) }
  }

  @Test(arguments: suites) func nothingDamagedPassesForClean(_ suite: CipherSuite) throws {
    let bytes = try direction(suite)
    // From the first encrypted record on; a flip in a length may also make the rest a record that never came whole.
    for place in stride(from: 21, to: bytes.count - 24, by: 5) {
      var damaged = bytes
      damaged[place] ^= 0x10
      let text = try? decrypt(suite, damaged)
      #expect(text.map { String(decoding: $0.application, as: UTF8.self) } != "first second third")
    }
    #expect(throws: CaptureError.self) { try decrypt(suite, Array("GET / HTTP/1.1\r\n\r\n".utf8)) }
    var without = RecordDecryptor(handshake: nil, application: nil)
    var text = ClearText()
    #expect(throws: CaptureError.self) { try without.take(Data(bytes), into: &text) }
    // In clear where encryption has begun.
    #expect(throws: CaptureError.self) { try decrypt(suite, bytes + [22, 3, 3, 0, 1, 65]) }
  }

  /// RFC 8448, section 3: the server's handshake traffic keys and the client's.
  @Test func derivesTheKeysOfTheRFC() throws {
    let server = try #require(HexText.bytes("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"))
    #expect(Hex.encode(CipherSuite.aes128GCM.expand(server, "key", 16)) == "3fce516009c21727d0f2e4e86ee403bc")
    #expect(Hex.encode(CipherSuite.aes128GCM.expand(server, "iv", 12)) == "5d313eb2671276ee13000b30")
    let client = try #require(HexText.bytes("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"))
    #expect(Hex.encode(CipherSuite.aes128GCM.expand(client, "key", 16)) == "dbfaa693d1762c5b666af5d950258d01")
    #expect(Hex.encode(CipherSuite.aes128GCM.expand(client, "iv", 12)) == "5bd3c71b836e0b76bb73265f")
  }

  @Test func readsTheHellos() throws {
    let random = (0..<32).map { UInt8($0) }
    let hello: [UInt8] = [22, 3, 1, 0, 42, 1, 0, 0, 38, 3, 3] + random + [0, 0, 0, 0]
    #expect(try HelloMessages.clientRandom(hello) == random)
    #expect(try HelloMessages.clientRandom(Array(hello.prefix(20))) == nil)
    #expect(try HelloMessages.clientRandom([]) == nil)
    #expect(throws: CaptureError.self) { try HelloMessages.clientRandom(Array("SSH-2.0".utf8)) }
    let body: [UInt8] = [3, 3] + random + [0, 0x13, 0x03, 0, 0, 0]
    let answer: [UInt8] = [22, 3, 3, 0, UInt8(body.count + 4), 2, 0, 0, UInt8(body.count)] + body
    #expect(try HelloMessages.cipherSuite(answer) == .chaCha20Poly1305)
    let retry = try #require(HexText.bytes("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"))
    let other: [UInt8] = [3, 3] + retry + [0, 0x13, 0x01, 0, 0, 0]
    let first: [UInt8] = [22, 3, 3, 0, UInt8(other.count + 4), 2, 0, 0, UInt8(other.count)] + other
    #expect(try HelloMessages.cipherSuite(first + [20, 3, 3, 0, 1, 1] + answer) == .chaCha20Poly1305)
    #expect(try HelloMessages.cipherSuite(first) == nil)
    var old = answer
    old[9 + 2 + 32 + 1] = 0xC0
    #expect(throws: CaptureError.self) { try HelloMessages.cipherSuite(old) }
  }

  @Test func readsKeyLogs() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/keys.log"
    let random = String(repeating: "ab", count: 32)
    let secret = String(repeating: "0c", count: 32)
    func log(_ text: String) throws -> KeyLog {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      var log = KeyLog()
      try log.add(contentsOf: path)
      return log
    }
    let line = "CLIENT_TRAFFIC_SECRET_0 \(random) \(secret)\n"
    let read = try log("# comment\n\nEXPORTER_SECRET \(random) \(secret)\n" + line + "SERVER_TRAFFIC_SEC")
    let bytes = [UInt8](repeating: 0xAB, count: 32)
    #expect(read.secret(.clientApplication, of: bytes) == [UInt8](repeating: 0x0C, count: 32))
    #expect(read.secret(.serverApplication, of: bytes) == nil)
    #expect(throws: CaptureError.self) { try log("CLIENT_TRAFFIC_SECRET_0 zz \(secret)\n") }
    #expect(throws: CaptureError.self) { try log(line + line.replacing("0c", with: "0d")) }
    var none = KeyLog()
    #expect(throws: CaptureError.self) { try none.add(contentsOf: folder.path + "/none") }
  }
}
