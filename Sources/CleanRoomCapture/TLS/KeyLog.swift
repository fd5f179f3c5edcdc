import Foundation

/// Secrets of TLS 1.3 connections in the NSS key log format (SSLKEYLOGFILE, RFC 9850): `LABEL RANDOM SECRET`, one a line.
struct KeyLog: Sendable {
  enum Label: String, Sendable {
    case clientHandshake = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
    case serverHandshake = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
    case clientApplication = "CLIENT_TRAFFIC_SECRET_0"
    case serverApplication = "SERVER_TRAFFIC_SECRET_0"
  }

  /// By the random of the ClientHello.
  private var secrets: [[UInt8]: [Label: [UInt8]]] = [:]

  func secret(_ label: Label, of random: [UInt8]) -> [UInt8]? { secrets[random]?[label] }

  /// Adds the lines of a file; a last line without its end was cut, and counts for nothing.
  mutating func add(contentsOf path: String) throws(CaptureError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CaptureError(
        "The key log \(path) cannot be read. Without it nothing that was recorded can be decrypted; record again.")
    }
    for (number, line) in data.split(separator: 10, omittingEmptySubsequences: false).dropLast().enumerated() {
      guard add(line: line) else {
        throw CaptureError("The key log \(path) is damaged in line \(number + 1). Record again.")
      }
    }
  }

  private mutating func add(line: Data) -> Bool {
    let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
    if fields.isEmpty || fields[0].hasPrefix("#") { return true }
    guard fields.count == 3, let random = HexText.bytes(fields[1]), random.count == 32,
      let secret = HexText.bytes(fields[2])
    else { return false }
    // Exporter and early secrets decrypt no record of ours.
    guard let label = Label(rawValue: String(fields[0])) else { return true }
    let known = secrets[random]?[label]
    secrets[random, default: [:]][label] = secret
    return known == nil || known == secret
  }
}

enum HexText {
  /// - Returns: nil unless it is an even number of hexadecimal digits.
  static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
      let (high, low) = (value[Int(digits[index])], value[Int(digits[index + 1])])
      guard high | low < 16 else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// By byte; 255 for what is no hexadecimal digit.
  static let value: [UInt8] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt8(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt8(byte) - 55
    default: 255
    }
  }
}
