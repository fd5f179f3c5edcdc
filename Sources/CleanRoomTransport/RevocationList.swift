import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate revocation list (RFC 5280 section 5), as far as serial numbers go.
struct RevocationList: Sendable {
  static let pemType = "X509 CRL"

  /// Big-endian serial numbers without leading zeros.
  let serials: Set<[UInt8]>
  /// Nil where the list writes its time in a way we do not read.
  let issuedAt: Date?

  static func normalized(_ serial: ArraySlice<UInt8>) -> [UInt8] { Array(serial.drop { $0 == 0 }) }

  enum Problem: Error { case malformed, wrongIssuer, badSignature }

  /// Reads a list and checks that the authority signed it.
  init(pem: String, authority: Certificate) throws {
    let document = try PEMDocument(pemString: pem)
    guard document.discriminator == Self.pemType else { throw Problem.malformed }
    let root = try DER.parse(document.derBytes)
    let (list, signature, (serials, issuedAt)) = try DER.sequence(root, identifier: .sequence) { nodes in
      guard let list = nodes.next(), nodes.next() != nil, let bits = nodes.next() else { throw Problem.malformed }
      return (Array(list.encodedBytes), try ASN1BitString(derEncoded: bits), try Self.serials(in: list, authority))
    }
    guard let key = P256.Signing.PublicKey(authority.publicKey),
      let signature = try? P256.Signing.ECDSASignature(derRepresentation: Array(signature.bytes)),
      key.isValidSignature(signature, for: list)
    else { throw Problem.badSignature }
    self.serials = serials
    self.issuedAt = issuedAt
  }

  private static func serials(in list: ASN1Node, _ authority: Certificate) throws -> (Set<[UInt8]>, Date?) {
    try DER.sequence(list, identifier: .sequence) { nodes in
      // The algorithm, after a version where there is one: lists of version 1 have none.
      if nodes.next()?.identifier == .integer { _ = nodes.next() }
      guard let issuer = nodes.next(), let time = nodes.next() else { throw Problem.malformed }
      guard try DistinguishedName(derEncoded: issuer) == authority.subject else { throw Problem.wrongIssuer }
      var serials: Set<[UInt8]> = []
      while let node = nodes.next() {
        guard node.identifier == .sequence else { continue }
        for entry in try DER.sequence(of: RevokedEntry.self, identifier: .sequence, rootNode: node) {
          serials.insert(entry.serial)
        }
      }
      return (serials, (try? UTCTime(derEncoded: time)).flatMap(date))
    }
  }

  private static func date(_ time: UTCTime) -> Date? {
    let parts = DateComponents(
      calendar: Calendar(identifier: .gregorian), timeZone: .gmt, year: time.year, month: time.month, day: time.day,
      hour: time.hours, minute: time.minutes, second: time.seconds)
    return parts.date
  }

  static func make(serials: [[UInt8]], issuer: DistinguishedName, key: P256.Signing.PrivateKey, now: Date) throws
    -> String
  {
    var body = DER.Serializer()
    try body.appendConstructedNode(identifier: .sequence) { list in
      try list.serialize(1)
      try appendAlgorithm(to: &list)
      try list.serialize(issuer)
      try list.serialize(try time(now))
      if !serials.isEmpty {
        try list.appendConstructedNode(identifier: .sequence) { entries in
          for serial in serials {
            try entries.appendConstructedNode(identifier: .sequence) { entry in
              // A leading zero keeps a number with its highest bit set from being negative (X.690 8.3).
              try entry.serialize(((serial.first ?? 0x80) & 0x80 == 0 ? [] : [0]) + serial[...])
              try entry.serialize(try time(now))
            }
          }
        }
      }
    }
    let signature = try key.signature(for: body.serializedBytes).derRepresentation
    var whole = DER.Serializer()
    try whole.appendConstructedNode(identifier: .sequence) { node in
      node.serializeRawBytes(body.serializedBytes)
      try appendAlgorithm(to: &node)
      try node.serialize(ASN1BitString(bytes: Array(signature)[...]))
    }
    return PEMDocument(type: pemType, derBytes: whole.serializedBytes).pemString + "\n"
  }

  /// ecdsa-with-SHA256 (RFC 5758 section 3.2).
  private static func appendAlgorithm(to serializer: inout DER.Serializer) throws {
    try serializer.appendConstructedNode(identifier: .sequence) { node in
      try node.serialize(ASN1ObjectIdentifier(elements: [1, 2, 840, 10045, 4, 3, 2]))
    }
  }

  private static func time(_ date: Date) throws -> UTCTime {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    return try UTCTime(
      year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hours: parts.hour ?? 0,
      minutes: parts.minute ?? 0, seconds: parts.second ?? 0)
  }
}

private struct RevokedEntry: DERParseable {
  let serial: [UInt8]

  init(derEncoded node: ASN1Node) throws {
    serial = try DER.sequence(node, identifier: .sequence) { nodes in
      let serial = try ArraySlice<UInt8>(derEncoded: &nodes)
      while nodes.next() != nil {}
      return RevocationList.normalized(serial)
    }
  }
}
