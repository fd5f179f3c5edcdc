/// A 12-digit AWS-style account number: the name of an organization everywhere in Cleanroom.
public struct AccountID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  public let value: String

  /// Nil unless `value` is exactly twelve ASCII digits.
  public init?(_ value: String) {
    guard value.utf8.count == 12, value.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    self.value = value
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let account = AccountID(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "an account id has 12 digits")
    }
    self = account
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  public var description: String { value }
  public static func < (left: AccountID, right: AccountID) -> Bool { left.value < right.value }
}

/// A lower-case UUID of 36 characters that names one resource of kind `Kind`.
public struct ResourceID<Kind>: Hashable, Sendable, Codable, CustomStringConvertible {
  public let value: String

  /// Nil unless `value` has the form of a lower-case hexadecimal UUID.
  public init?(_ value: String) {
    guard isUUID(value) else { return nil }
    self.value = value
  }

  /// A new name: a random UUID (RFC 9562, version 4).
  public static func random() -> ResourceID {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  public static func random(using generator: inout some RandomNumberGenerator) -> ResourceID {
    ResourceID(bytes: (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }, version: 4)
  }

  /// The UUID of a version that 16 bytes amount to; further bytes do not count, missing ones are zero.
  public init(bytes: [UInt8], version: UInt8) {
    var bytes = Array((bytes + [UInt8](repeating: 0, count: 16)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | version << 4
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = Hex.encode(bytes)
    for position in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: position)) }
    value = text
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let id = ResourceID(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a lower-case UUID")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  public var description: String { value }
}

public enum CollaborationKind {}
public enum MembershipKind {}
public enum ConfiguredTableKind {}
public enum AssociationKind {}
public enum QueryKind {}

public typealias CollaborationID = ResourceID<CollaborationKind>
public typealias MembershipID = ResourceID<MembershipKind>
public typealias ConfiguredTableID = ResourceID<ConfiguredTableKind>
public typealias AssociationID = ResourceID<AssociationKind>
public typealias QueryID = ResourceID<QueryKind>

private func isUUID(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard bytes.count == 36 else { return false }
  for (index, byte) in bytes.enumerated() {
    if index == 8 || index == 13 || index == 18 || index == 23 {
      guard byte == UInt8(ascii: "-") else { return false }
    } else {
      guard (48...57).contains(byte) || (97...102).contains(byte) else { return false }
    }
  }
  return true
}

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable, Codable, Comparable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }

  /// Seconds with a millisecond fraction: how the AWS API writes time.
  public var seconds: Double { Double(milliseconds) / 1000 }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}
