import CleanRoomMatching
import CleanRoomModel
import Crypto
import Foundation

/// How raw cells leave.
enum Leak: String, CaseIterable {
  // In a control message, in an encoding.
  case utf8, utf16le, utf16be, hex
  case hexUpper = "hex-upper"
  case base64At0 = "base64-0"
  case base64At1 = "base64-1"
  case base64At2 = "base64-2"
  case base64URL = "base64-url"
  case sha256
  case sha256Hex = "sha256-hex"
  case sha256Base64 = "sha256-base64"
  case canonical
  case canonicalSHA256Hex = "canonical-sha256-hex"
  case prefix
  case sha256Prefix = "sha256-prefix"
  case digits
  case int64le, int64be, int32le, int32be, double
  /// One directly behind the other.
  case joined
  case lines
  // By other ways, in an encoding that no search knows.
  case extraBatch = "extra-batch"
  case extraColumn = "extra-column"
  case largerMessage = "larger-message"
  case unknownMessage = "unknown-message"
  case extraConnection = "extra-connection"

  /// The cells as they travel in a message; nil for the other ways.
  func encoded(_ cells: [String]) -> [UInt8]? {
    switch self {
    case .extraBatch, .extraColumn, .largerMessage, .unknownMessage, .extraConnection: return nil
    // A zero byte between numbers would shift them against each other.
    case .joined, .int32le, .int32be, .int64le, .int64be, .double: return cells.flatMap(encoded)
    case .lines: return Array(cells.joined(separator: "\n").utf8)
    default: return Array(cells.map(encoded).joined(separator: [0]))
    }
  }

  private func encoded(_ cell: String) -> [UInt8] {
    let text = Array(cell.utf8)
    let canonical = KeyNormalizer.normalize(cell, as: .email)
    let digits = cell.filter(\.isNumber)
    switch self {
    case .utf16le: return cell.utf16.flatMap { bytes($0.littleEndian) }
    case .utf16be: return cell.utf16.flatMap { bytes($0.bigEndian) }
    case .hex: return Array(Hex.encode(text).utf8)
    case .hexUpper: return Array(Hex.encode(text).uppercased().utf8)
    case .base64At0: return Array(Base64.encode(text).utf8)
    case .base64At1: return Array(Base64.encode([0] + text).utf8)
    case .base64At2: return Array(Base64.encode([0, 0] + text).utf8)
    case .base64URL:
      return Array(
        Base64.encode(text).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "").utf8)
    case .sha256: return Array(SHA256.hash(data: text))
    case .sha256Hex: return Array(KeyNormalizer.sha256Hex(cell).utf8)
    case .sha256Base64: return Array(Base64.encode(Array(SHA256.hash(data: text))).utf8)
    case .canonical: return Array(canonical.utf8)
    case .canonicalSHA256Hex: return Array(KeyNormalizer.sha256Hex(canonical).utf8)
    case .prefix: return Array(text.prefix(8))
    case .sha256Prefix: return Array(SHA256.hash(data: text).prefix(8))
    case .digits: return Array(digits.utf8)
    case .int64le: return bytes((Int64(digits) ?? 0).littleEndian)
    case .int64be: return bytes((Int64(digits) ?? 0).bigEndian)
    case .int32le: return bytes((Int32(digits) ?? 0).littleEndian)
    case .int32be: return bytes((Int32(digits) ?? 0).bigEndian)
    case .double: return bytes((Double(cell) ?? 0).bitPattern.littleEndian)
    default: return text
    }
  }

  private func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}
