/// Spoils a cell's text where it stands, at the end of the buffer. Every way of spelling changes the text if it can.
enum Spelling {
  /// - Parameter start: where the cell begins.
  static func apply(_ spelling: DirtySpelling, _ bits: UInt64, to out: inout [UInt8], from start: Int) {
    guard out.count > start else { return }
    switch spelling {
    case .upperCase: changeCase(&out, start, ascii: 97...122, latin: 0xA0...0xBE, by: 0xE0)
    case .lowerCase: changeCase(&out, start, ascii: 65...90, latin: 0x80...0x9E, by: 0x20)
    case .blanks: addBlanks(bits, &out, start)
    case .typo: misspell(bits, &out, start)
    case .dots: addDot(bits, &out, start)
    case .plusTag: addTag(bits, &out, start)
    case .format: break
    }
  }

  /// Letters of ASCII, and those of Latin-1 but for the signs × and ÷ and the letter ß.
  private static func changeCase(
    _ out: inout [UInt8], _ start: Int, ascii: ClosedRange<UInt8>, latin: ClosedRange<UInt8>, by step: UInt8
  ) {
    for place in start..<out.count {
      let byte = out[place]
      if ascii.contains(byte) {
        out[place] = byte &+ step
      } else if place > start, out[place - 1] == 0xC3, latin.contains(byte), byte & 0x1F != 0x17 {
        out[place] = byte &+ step
      }
    }
  }

  private static func addBlanks(_ bits: UInt64, _ out: inout [UInt8], _ start: Int) {
    let side = bits.index(below: 3)
    if side != 0 { out.insert(UInt8(ascii: " "), at: start) }
    if side != 1 { out.append(UInt8(ascii: " ")) }
  }

  /// In the part before an @, at an ASCII letter or digit that is followed by another one.
  private static func misspell(_ bits: UInt64, _ out: inout [UInt8], _ start: Int) {
    let end = out[start...].firstIndex(of: UInt8(ascii: "@")) ?? out.count
    let place = place(in: start..<max(start, end - 1), from: bits) { isPlain(out[$0]) && isPlain(out[$0 + 1]) }
    guard let place else { return out.append(UInt8(ascii: ".")) }
    switch bits.next.index(below: 3) {
    case 0 where out[place] != out[place + 1]: out.swapAt(place, place + 1)
    case 1 where end - start > 2: out.remove(at: place)
    default: out.insert(out[place], at: place)
    }
  }

  private static func addDot(_ bits: UInt64, _ out: inout [UInt8], _ start: Int) {
    guard let end = out[start...].firstIndex(of: UInt8(ascii: "@")) else { return }
    let place = place(in: start..<max(start, end - 1), from: bits) { isPlain(out[$0]) && isPlain(out[$0 + 1]) }
    if let place { out.insert(UInt8(ascii: "."), at: place + 1) }
  }

  private static let tags = ["+news", "+shop", "+offers", "+web"].map { Array($0.utf8) }

  private static func addTag(_ bits: UInt64, _ out: inout [UInt8], _ start: Int) {
    guard let end = out[start...].firstIndex(of: UInt8(ascii: "@")) else { return }
    out.insert(contentsOf: tags[bits.index(below: tags.count)], at: end)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// A random place where `fits` holds: the first one at or after a random one, going round.
  private static func place(in range: Range<Int>, from bits: UInt64, where fits: (Int) -> Bool) -> Int? {
    guard !range.isEmpty else { return nil }
    let middle = range.lowerBound + bits.index(below: range.count)
    return (middle..<range.upperBound).first(where: fits) ?? (range.lowerBound..<middle).first(where: fits)
  }
}
