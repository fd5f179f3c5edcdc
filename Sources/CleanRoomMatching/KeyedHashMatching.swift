import COpenSSL
import CleanRoomModel

/// Turns the values of a key column into something that can be compared without being read.
public protocol Matching: Sendable {
  /// - Returns: tokens in `int128` storage; NULL stays NULL.
  func tokens(for column: ColumnVector, type: ColumnType, form: KeyForm?) throws -> ColumnVector
}

public enum MatchingError: Error, Sendable, Equatable {
  /// Values of this type have no canonical form.
  case typeHasNoToken(ColumnType)
}

/// Tokens are the first 16 bytes of HMAC-SHA-256 over the value's canonical form. This hides values from whoever does
/// not hold the key; it is neither PSI nor MPC, and whoever holds the key can try candidate values.
public struct KeyedHashMatching: Matching {
  private let key: MatchKey

  public init(key: MatchKey) { self.key = key }

  public func tokens(for column: ColumnVector, type: ColumnType, form: KeyForm?) throws -> ColumnVector {
    let (offsets, data) = try CanonicalForm.messages(column, type: type, form: form)
    let count = column.count
    let tokens = [Int128](unsafeUninitializedCapacity: count) { tokens, initialized in
      initialized = count
      let out = UnsafeMutableRawBufferPointer(tokens).assumingMemoryBound(to: UInt8.self).baseAddress
      key.withBytes { key in
        hash(key, offsets, data, column.validity, count, out)
      }
    }
    return ColumnVector(validity: column.validity, storage: .int128(tokens))
  }

  private func hash(
    _ key: [UInt8], _ offsets: [UInt32], _ data: [UInt8], _ validity: [UInt64]?, _ count: Int,
    _ out: UnsafeMutablePointer<UInt8>?
  ) {
    guard count > 0 else { return }
    if let validity {
      ccr_tokens(key, key.count, offsets, data, validity, count, out)
    } else {
      ccr_tokens(key, key.count, offsets, data, nil, count, out)
    }
  }
}
