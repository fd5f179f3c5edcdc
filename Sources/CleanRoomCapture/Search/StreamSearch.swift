import Foundation

/// Searches a stream of any length piece by piece, also inside the hexadecimal and base64 text that it holds.
struct StreamSearch {
  /// - Parameters:
  ///   - encodings: how the stream was decoded before the pattern was found, outermost first.
  ///   - place: in the stream; of the encoded text's beginning where it was decoded.
  typealias Hit = (_ pattern: Int, _ encodings: [String], _ place: Int) -> Void

  /// Names of what is decoded before it is searched.
  static let decodings = ["hexadecimal", "base64"]
  /// Encodings within encodings.
  private static let depth = 2
  private static let pieceSize = 1 << 20
  /// Longer than any pattern is in any encoding.
  private static let overlap = 1 << 12

  private let table: PatternTable
  private let hit: Hit
  private var buffer: [UInt8] = []
  /// Place of the buffer in the stream.
  private var base = 0

  init(_ table: PatternTable, hit: @escaping Hit) {
    self.table = table
    self.hit = hit
    buffer.reserveCapacity(Self.pieceSize * 2)
  }

  mutating func take(_ bytes: some Collection<UInt8>) {
    buffer += bytes
    guard buffer.count >= Self.pieceSize else { return }
    search(isLast: false)
    let passed = buffer.count - Self.overlap
    buffer.removeFirst(passed)
    base += passed
  }

  mutating func finish() {
    search(isLast: true)
    base += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private func search(isLast: Bool) {
    buffer.withUnsafeBytes { bytes in
      let end = isLast ? bytes.count : bytes.count - Self.overlap
      table.matches(bytes, 0..<end) { hit($0, [], base + $1) }
      decode(bytes, encodings: [], place: base)
    }
  }

  private func decode(_ bytes: UnsafeRawBufferPointer, encodings: [String], place: Int) {
    guard encodings.count < Self.depth else { return }
    EncodedRuns.decode(bytes) { decoded, name, start in
      let path = encodings + [name]
      let begin = encodings.isEmpty ? place + start : place
      decoded.withUnsafeBytes { inner in
        table.matches(inner, 0..<inner.count) { pattern, _ in hit(pattern, path, begin) }
        decode(inner, encodings: path, place: begin)
      }
    }
  }
}
