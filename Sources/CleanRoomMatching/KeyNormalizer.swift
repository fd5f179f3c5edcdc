import CleanRoomModel
import Crypto

/// The canonical spelling of an identifier. ASCII white space is trimmed and letters are lower-cased as Unicode 15 does.
public enum KeyNormalizer {
  public static func normalize(_ text: String, as form: KeyForm) -> String {
    switch form {
    case .none, .sha256Hex: text
    case .trim: trimmed(text)
    case .lowercase, .email: lowered(trimmed(text))
    case .phone: phone(trimmed(text))
    }
  }

  /// Lower-case hexadecimal.
  public static func sha256Hex(_ text: String) -> String {
    Hex.encode(SHA256.hash(data: Array(text.utf8)))
  }

  /// Letters that are newer stay as they are, so that members with software of different age agree.
  private static func lowered(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text.lowercased() }
    return text.unicodeScalars.reduce(into: "") { lowered, scalar in
      let isKnown = scalar.properties.age.map { $0.major <= 15 } ?? false
      lowered += isKnown ? scalar.properties.lowercaseMapping : String(scalar)
    }
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private static func phone(_ text: String) -> String {
    // Byte by byte: a digit counts whatever combining mark follows it.
    let digits = text.utf8.filter { (48...57).contains($0) }
    return (text.utf8.first == UInt8(ascii: "+") ? "+" : "") + String(decoding: digits, as: UTF8.self)
  }
}
