import Crypto
import CryptoExtras
import Foundation

/// Cipher suites of TLS 1.3 (RFC 8446, appendix B.4).
enum CipherSuite: UInt16, Sendable {
  case aes128GCM = 0x1301
  case aes256GCM = 0x1302
  case chaCha20Poly1305 = 0x1303

  static let tagSize = 16

  private var keySize: Int { self == .aes128GCM ? 16 : 32 }
  private var hashSize: Int { self == .aes256GCM ? 48 : 32 }

  func isSecret(_ bytes: [UInt8]) -> Bool { bytes.count == hashSize }

  /// Section 7.3.
  func keys(from secret: [UInt8]) -> TrafficKeys {
    TrafficKeys(
      suite: self, secret: secret, key: SymmetricKey(data: expand(secret, "key", keySize)),
      iv: expand(secret, "iv", 12))
  }

  /// Section 7.2: what follows a KeyUpdate.
  func nextSecret(after secret: [UInt8]) -> [UInt8] { expand(secret, "traffic upd", hashSize) }

  /// HKDF-Expand-Label with an empty context, section 7.1.
  func expand(_ secret: [UInt8], _ label: String, _ length: Int) -> [UInt8] {
    let name = Array("tls13 \(label)".utf8)
    let info = [UInt8(length >> 8), UInt8(length & 255), UInt8(name.count)] + name + [0]
    let key = SymmetricKey(data: secret)
    let output =
      self == .aes256GCM
      ? HKDF<SHA384>.expand(pseudoRandomKey: key, info: info, outputByteCount: length)
      : HKDF<SHA256>.expand(pseudoRandomKey: key, info: info, outputByteCount: length)
    return output.withUnsafeBytes { Array($0) }
  }

  func open(_ record: ArraySlice<UInt8>, header: [UInt8], key: SymmetricKey, nonce: [UInt8]) throws -> Data {
    let (text, tag) = (record.dropLast(Self.tagSize), record.suffix(Self.tagSize))
    switch self {
    case .aes128GCM, .aes256GCM:
      let box = try AES.GCM.SealedBox(nonce: AES.GCM.Nonce(data: nonce), ciphertext: text, tag: tag)
      return try AES.GCM.open(box, using: key, authenticating: header)
    case .chaCha20Poly1305:
      let box = try ChaChaPoly.SealedBox(nonce: ChaChaPoly.Nonce(data: nonce), ciphertext: text, tag: tag)
      return try ChaChaPoly.open(box, using: key, authenticating: header)
    }
  }

  /// Decrypts the beginning of a record whose end, and with it the tag, never came.
  func openBeginning(_ text: ArraySlice<UInt8>, key: SymmetricKey, nonce: [UInt8]) throws -> Data {
    switch self {
    case .aes128GCM, .aes256GCM:
      // The first counter block encrypts the tag (NIST SP 800-38D, section 7.1).
      return try AES._CTR.decrypt(text, using: key, nonce: AES._CTR.Nonce(nonceBytes: nonce + [0, 0, 0, 2]))
    case .chaCha20Poly1305:
      return try Insecure.ChaCha20CTR.encrypt(
        text, using: key, counter: Insecure.ChaCha20CTR.Counter(offset: 1),
        nonce: Insecure.ChaCha20CTR.Nonce(data: nonce))
    }
  }
}

/// Keys of one direction for one epoch, and the number of the next record.
struct TrafficKeys {
  let suite: CipherSuite
  private let secret: [UInt8]
  private let key: SymmetricKey
  private let iv: [UInt8]
  private var sequence: UInt64 = 0

  fileprivate init(suite: CipherSuite, secret: [UInt8], key: SymmetricKey, iv: [UInt8]) {
    self.suite = suite
    self.secret = secret
    self.key = key
    self.iv = iv
  }

  var next: TrafficKeys { suite.keys(from: suite.nextSecret(after: secret)) }

  /// Section 5.3.
  private var nonce: [UInt8] {
    var nonce = iv
    for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * index)) }
    return nonce
  }

  mutating func open(_ record: ArraySlice<UInt8>, header: [UInt8]) throws -> Data {
    defer { sequence += 1 }
    return try suite.open(record, header: header, key: key, nonce: nonce)
  }

  func openBeginning(_ text: ArraySlice<UInt8>) throws -> Data {
    try suite.openBeginning(text, key: key, nonce: nonce)
  }
}
