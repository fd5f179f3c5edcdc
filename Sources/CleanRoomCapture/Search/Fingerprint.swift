/// How a byte string is known to the search: its first eight bytes and a hash of all of it. No value is kept.
struct Fingerprint {
  /// Shorter ones are not searched for: chance alone would find them.
  static let minimum = 8
  /// Longer ones are searched for by as many of their first bytes.
  static let maximum = 256

  let key: UInt64
  let hash: UInt64
  let length: UInt16

  /// - Returns: nil for fewer than eight bytes.
  init?(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes.prefix(Self.maximum))
    guard bytes.count >= Self.minimum else { return nil }
    (key, hash) = bytes.withUnsafeBytes { (Self.key($0, 0), Self.hash($0, 0, bytes.count)) }
    length = UInt16(bytes.count)
  }

  @inline(__always)
  static func key(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  static func hash(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ length: Int) -> UInt64 {
    var hash = UInt64(length) &* 0x9E37_79B9_7F4A_7C15
    var place = offset
    let end = offset + length
    while end - place >= 8 {
      hash = mixed(hash ^ key(bytes, place))
      place += 8
    }
    var rest: UInt64 = 0
    while place < end {
      rest = rest << 8 | UInt64(bytes[place])
      place += 1
    }
    return mixed(hash ^ rest)
  }

  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    var value = value &* 0xBF58_476D_1CE4_E5B9
    value ^= value >> 31
    value &*= 0x94D0_49BB_1331_11EB
    return value ^ value >> 29
  }
}

/// What a pattern is of its value.
enum CanaryForm: UInt8, CaseIterable, Sendable {
  case text, utf16, sha256, canonical, canonicalSHA256, digits, number, run, prefix, sha256Prefix

  var name: String {
    switch self {
    case .text: "UTF-8"
    case .utf16: "UTF-16"
    case .sha256: "SHA-256"
    case .canonical: "lower-cased and trimmed"
    case .canonicalSHA256: "SHA-256 of the lower-cased and trimmed value"
    case .digits: "digits of a number"
    case .number: "binary number"
    case .run: "cells in a row"
    case .prefix: "first 8 bytes"
    case .sha256Prefix: "first 8 bytes of the SHA-256"
    }
  }
}

/// A byte string to search for, and whose it is. Fields are flat, since there are millions.
struct CanaryPattern: Sendable {
  let key: UInt64
  let hash: UInt64
  let length: UInt16
  let form: CanaryForm
  /// Index of the searched column.
  let column: UInt32

  /// - Returns: nil for fewer than eight bytes.
  init?(_ bytes: [UInt8], column: Int, form: CanaryForm) {
    guard let fingerprint = Fingerprint(bytes) else { return nil }
    (key, hash, length) = (fingerprint.key, fingerprint.hash, fingerprint.length)
    self.form = form
    self.column = UInt32(column)
  }

  func isSame(as other: CanaryPattern) -> Bool {
    key == other.key && hash == other.hash && length == other.length && column == other.column
  }
}
