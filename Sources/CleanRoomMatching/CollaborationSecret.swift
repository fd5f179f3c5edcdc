import CleanRoomModel
import Crypto

/// The secret that a collaboration's members share and nobody else has: 32 random bytes from the creator's daemon.
public struct CollaborationSecret: Sendable {
  private let bytes: Secret<[UInt8]>

  public init(_ bytes: [UInt8]) { self.bytes = Secret(bytes) }

  public static func random() -> CollaborationSecret {
    CollaborationSecret(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
  }

  public func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
    try bytes.withExposed(body)
  }

  /// Eight bytes that tell whether two members hold the same secret, and nothing else about it.
  public var checkValue: [UInt8] {
    withBytes { bytes in
      let label = Array("cleanroom key check value 1".utf8)
      return Array(HMAC<SHA256>.authenticationCode(for: label, using: SymmetricKey(data: bytes)).prefix(8))
    }
  }
}

/// The key of one join domain in one query. Tokens of two queries cannot be linked: their keys have nothing in common.
public struct MatchKey: Sendable {
  private let bytes: Secret<[UInt8]>

  /// HKDF-SHA-256 over the secret, bound to the query, to the bytes the runner signed, and to the domain.
  public static func derive(
    _ secret: CollaborationSecret, query: QueryID, requestHash: [UInt8], domain: String
  ) -> MatchKey {
    var info = Array("cleanroom match key 1".utf8)
    for field in [Array(query.value.utf8), requestHash, Array(domain.utf8)] {
      withUnsafeBytes(of: UInt32(field.count).bigEndian) { info.append(contentsOf: $0) }
      info += field
    }
    let key = secret.withBytes { bytes in
      HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: bytes), info: info, outputByteCount: 32)
    }
    return MatchKey(bytes: Secret(key.withUnsafeBytes { Array($0) }))
  }

  func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result { try bytes.withExposed(body) }
}
