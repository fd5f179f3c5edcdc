/// Strings and quoted names.
extension Lexer {
  mutating func quoted(_ quote: UInt8, _ start: SourcePosition) throws(SyntaxError) -> String {
    var content: [UInt8] = []
    skip(1)
    while let current = take() {
      if current == quote {
        guard byte() == quote else {
          guard !content.isEmpty else { throw fail("A quoted name is empty.", at: start) }
          return String(decoding: content, as: UTF8.self)
        }
        skip(1)
      } else if current < 0x20 || current == 0x7F {
        throw fail("A quoted name contains a control character.", at: start)
      }
      content.append(current)
    }
    throw fail("A quoted name is not closed.", at: start)
  }

  /// Adjacent string literals are one string, as in Spark.
  mutating func strings(_ start: SourcePosition) throws(SyntaxError) -> String {
    var content: [UInt8] = []
    repeat {
      try string(into: &content, start)
      try skipBlanks()
    } while byte() == UInt8(ascii: "'")
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func string(into content: inout [UInt8], _ start: SourcePosition) throws(SyntaxError) {
    skip(1)
    while let current = take() {
      switch current {
      case UInt8(ascii: "'"):
        guard byte() == UInt8(ascii: "'") else { return }
        skip(1)
        content.append(current)
      case UInt8(ascii: "\\"): try escape(into: &content, start)
      default: content.append(current)
      }
    }
    throw fail("A string is not closed.", at: start)
  }

  private mutating func escape(into content: inout [UInt8], _ start: SourcePosition) throws(SyntaxError) {
    guard let current = take() else { throw fail("A string is not closed.", at: start) }
    switch current {
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "0"): content.append(0)
    case UInt8(ascii: "Z"): content.append(26)
    // LIKE patterns need these two as they are.
    case UInt8(ascii: "%"), UInt8(ascii: "_"): content += [UInt8(ascii: "\\"), current]
    case UInt8(ascii: "u"): try unicodeEscape(into: &content, start)
    default: content.append(current)
    }
  }

  private mutating func unicodeEscape(into content: inout [UInt8], _ start: SourcePosition)
    throws(SyntaxError)
  {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(byte())).hexDigitValue else {
        throw fail("A \\u escape needs four hexadecimal digits.", at: start)
      }
      value = value * 16 + UInt32(digit)
      skip(1)
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw fail("A \\u escape is not a character.", at: start)
    }
    content += Array(String(Character(scalar)).utf8)
  }
}
