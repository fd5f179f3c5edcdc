/// Base64 with padding (RFC 4648 section 4), for bytes inside JSON documents.
public enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  public static func encode(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let available = min(3, bytes.count - index)
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < available ? UInt32(bytes[index + offset]) : 0)
      }
      for position in 0..<4 {
        let digit = Int(group >> UInt32(18 - 6 * position)) & 63
        output.append(position <= available ? alphabet[digit] : UInt8(ascii: "="))
      }
      index += 3
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Nil unless the text is canonical: whole groups, padding only at the end, unused bits zero.
  public static func decode(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 4 == 0 else { return nil }
    let padding = digits.suffix(2).reduce(0) { $0 + ($1 == UInt8(ascii: "=") ? 1 : 0) }
    var output: [UInt8] = []
    output.reserveCapacity(digits.count / 4 * 3)
    for start in stride(from: 0, to: digits.count, by: 4) {
      let isLast = start + 4 == digits.count
      guard let group = decodeGroup(digits[start..<start + 4], padding: isLast ? padding : 0) else { return nil }
      output.append(contentsOf: group)
    }
    return output
  }

  private static func decodeGroup(_ digits: ArraySlice<UInt8>, padding: Int) -> [UInt8]? {
    var group: UInt32 = 0
    for (position, digit) in digits.enumerated() {
      if position >= 4 - padding {
        guard digit == UInt8(ascii: "=") else { return nil }
        group <<= 6
      } else {
        guard let value = value(of: digit) else { return nil }
        group = group << 6 | value
      }
    }
    guard group & ((1 << UInt32(8 * padding)) - 1) == 0 else { return nil }
    return (0..<(3 - padding)).map { UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * $0)) }
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
