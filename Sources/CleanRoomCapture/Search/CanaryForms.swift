import CleanRoomMatching
import CleanRoomModel
import Crypto
import Foundation

/// The byte strings by which a value is searched for. Hexadecimal and base64 are not among them: these the search
/// decodes in the stream.
///
/// A form is searched for only where it can be told from chance: text from eight bytes on, UTF-16 from eight characters
/// on (its zero bytes tell nothing), a binary number when five of its bytes are neither zero nor 0xFF. Shorter cells are
/// searched for together with their neighbours, see `CellRuns`.
enum CanaryForms {
  /// Hands each form of a cell's text to `body`.
  static func ofText(_ text: [UInt8], _ body: (CanaryForm, [UInt8]) -> Void) {
    guard !text.isEmpty else { return }
    let digest = [UInt8](SHA256.hash(data: text))
    // Hashes of short values are as long as others, but anybody can make them: they tell the value all the same.
    body(.sha256, digest)
    body(.sha256Prefix, Array(digest.prefix(Fingerprint.minimum)))
    if text.count >= Fingerprint.minimum {
      body(.text, text)
      if text.count > Fingerprint.minimum { body(.prefix, Array(text.prefix(Fingerprint.minimum))) }
    }
    let string = String(decoding: text, as: UTF8.self)
    for wide in utf16(string) { body(.utf16, wide) }
    canonical(string, text, body)
    digits(text, body)
    if let spelled = HexText.bytes(string), spelled.count >= Fingerprint.minimum { body(.text, spelled) }
  }

  private static func canonical(_ string: String, _ text: [UInt8], _ body: (CanaryForm, [UInt8]) -> Void) {
    let canonical = Array(KeyNormalizer.normalize(string, as: .email).utf8)
    guard canonical != text, !canonical.isEmpty else { return }
    let digest = [UInt8](SHA256.hash(data: canonical))
    body(.canonicalSHA256, digest)
    body(.sha256Prefix, Array(digest.prefix(Fingerprint.minimum)))
    if canonical.count >= Fingerprint.minimum { body(.canonical, canonical) }
  }

  /// Of telephone numbers, amounts and the like, without what separates them; also as binary integers.
  private static func digits(_ text: [UInt8], _ body: (CanaryForm, [UInt8]) -> Void) {
    let digits = text.filter { (48...57).contains($0) }
    guard digits.count >= Fingerprint.minimum, digits.count * 2 > text.count else { return }
    if digits.count < text.count { body(.digits, digits) }
    guard let value = Int64(String(decoding: digits, as: UTF8.self)) else { return }
    for form in binary(withUnsafeBytes(of: value.littleEndian) { Array($0) }) { body(.number, form) }
  }

  /// A number as it lies in memory, and the other way round.
  static func binary(_ littleEndian: [UInt8]) -> [[UInt8]] {
    guard littleEndian.count >= Fingerprint.minimum, littleEndian.count(where: { $0 != 0 && $0 != 255 }) >= 5 else {
      return []
    }
    return [littleEndian, littleEndian.reversed()]
  }

  /// Without the outer zeros, so that one form is found in either byte order where the other bytes are zero.
  private static func utf16(_ string: String) -> [[UInt8]] {
    let units = Array(string.utf16)
    guard units.count >= Fingerprint.minimum else { return [] }
    let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    if units.allSatisfy({ $0 < 256 }) { return [little.dropLast()] }
    return [little, units.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }]
  }
}
