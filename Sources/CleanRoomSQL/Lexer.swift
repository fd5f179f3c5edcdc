/// Cuts a query text into tokens, one pass over its bytes.
struct Lexer {
  private let bytes: [UInt8]
  private let limits: ParserLimits
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  /// Continuation bytes since the beginning of the line: columns count characters, not bytes.
  private var continuations = 0

  init(_ bytes: [UInt8], limits: ParserLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func tokens() throws(SyntaxError) -> [Token] {
    var result: [Token] = []
    result.reserveCapacity(min(bytes.count / 4 + 1, limits.tokens))
    while let token = try next() {
      result.append(token)
      guard result.count <= limits.tokens else {
        throw SyntaxError(
          message: "The query has more than \(limits.tokens) tokens.", position: token.span.start,
          kind: .limit)
      }
    }
    result.append(Token(kind: .end, span: SourceSpan(start: position, end: position)))
    return result
  }

  // MARK: Characters

  private var position: SourcePosition {
    SourcePosition(offset: offset, line: line, column: offset - lineStart - continuations + 1)
  }

  private func byte(_ ahead: Int = 0) -> UInt8? {
    offset + ahead < bytes.count ? bytes[offset + ahead] : nil
  }

  private mutating func advance() {
    let current = bytes[offset]
    offset += 1
    if current == UInt8(ascii: "\n") {
      line += 1
      lineStart = offset
      continuations = 0
    } else if current & 0xC0 == 0x80 {
      continuations += 1
    }
  }

  private func fail(_ message: String, at place: SourcePosition) -> SyntaxError {
    SyntaxError(message: message, position: place)
  }

  // MARK: Tokens

  private mutating func next() throws(SyntaxError) -> Token? {
    try skipBlanks()
    guard let first = byte() else { return nil }
    let start = position
    let kind: Token.Kind
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      kind = .word(word())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): kind = try number(start)
    case UInt8(ascii: "."):
      if let second = byte(1), Self.isDigit(second) {
        kind = try number(start)
      } else {
        kind = try symbol(start)
      }
    case UInt8(ascii: "'"): kind = .string(try strings(start))
    case UInt8(ascii: "`"), UInt8(ascii: "\""): kind = .quotedIdentifier(try quoted(first, start))
    case UInt8(ascii: ":"):
      if let second = byte(1), Self.isWordByte(second) {
        advance()
        kind = .parameter(word())
      } else {
        kind = try symbol(start)
      }
    default: kind = try symbol(start)
    }
    return Token(kind: kind, span: SourceSpan(start: start, end: position))
  }

  private mutating func skipBlanks() throws(SyntaxError) {
    while let current = byte() {
      switch (current, byte(1)) {
      case (UInt8(ascii: " "), _), (UInt8(ascii: "\t"), _), (UInt8(ascii: "\n"), _), (UInt8(ascii: "\r"), _):
        advance()
      case (UInt8(ascii: "-"), UInt8(ascii: "-")):
        while let inside = byte(), inside != UInt8(ascii: "\n") { advance() }
      case (UInt8(ascii: "/"), UInt8(ascii: "*")): try skipComment()
      default: return
      }
    }
  }

  /// Comments nest. Hints (`/*+ … */`) are comments here: no hint changes what a query means.
  private mutating func skipComment() throws(SyntaxError) {
    let start = position
    var depth = 0
    repeat {
      guard let current = byte() else { throw fail("A comment is not closed.", at: start) }
      switch (current, byte(1)) {
      case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        depth += 1
        advance()
      case (UInt8(ascii: "*"), UInt8(ascii: "/")):
        depth -= 1
        advance()
      default: break
      }
      advance()
    } while depth > 0
  }

  private mutating func word() -> String {
    let start = offset
    while let current = byte(), Self.isWordByte(current) { advance() }
    return String(decoding: bytes[start..<offset].map(Self.lower), as: UTF8.self)
  }

  private mutating func number(_ start: SourcePosition) throws(SyntaxError) -> Token.Kind {
    let first = offset
    var isDecimal = false
    var isDouble = false
    digits()
    if byte() == UInt8(ascii: ".") {
      isDecimal = true
      advance()
      digits()
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      isDouble = true
      advance()
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { advance() }
      guard let digit = byte(), Self.isDigit(digit) else {
        throw fail("A number has an exponent without digits.", at: start)
      }
      digits()
    }
    let text = String(decoding: bytes[first..<offset], as: UTF8.self)
    guard text.utf8.count <= 400 else {
      throw SyntaxError(message: "A number is too long.", position: start, kind: .limit)
    }
    let plain: Token.Kind = isDouble ? .double(text) : isDecimal ? .decimal(text) : .integer(text)
    guard let following = byte(), Self.isWordByte(following) else { return plain }
    guard let kind = NumberSuffix.kind(of: plain, suffix: word()) else {
      throw fail("A number is followed directly by a letter; Spark's suffixes are Y, S, L, F, D and BD.", at: start)
    }
    return kind
  }

  private mutating func digits() {
    while let current = byte(), Self.isDigit(current) { advance() }
  }

  private mutating func quoted(_ quote: UInt8, _ start: SourcePosition) throws(SyntaxError) -> String {
    var content: [UInt8] = []
    advance()
    while let current = byte() {
      advance()
      if current == quote {
        guard byte() == quote else {
          guard !content.isEmpty else { throw fail("A quoted name is empty.", at: start) }
          return String(decoding: content, as: UTF8.self)
        }
        advance()
      } else if current < 0x20 || current == 0x7F {
        throw fail("A quoted name contains a control character.", at: start)
      }
      content.append(current)
    }
    throw fail("A quoted name is not closed.", at: start)
  }

  /// Adjacent string literals are one string, as in Spark.
  private mutating func strings(_ start: SourcePosition) throws(SyntaxError) -> String {
    var content: [UInt8] = []
    repeat {
      try string(into: &content, start)
      try skipBlanks()
    } while byte() == UInt8(ascii: "'")
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func string(into content: inout [UInt8], _ start: SourcePosition) throws(SyntaxError) {
    advance()
    while let current = byte() {
      advance()
      switch current {
      case UInt8(ascii: "'"):
        guard byte() == UInt8(ascii: "'") else { return }
        advance()
        content.append(current)
      case UInt8(ascii: "\\"): try escape(into: &content, start)
      default: content.append(current)
      }
    }
    throw fail("A string is not closed.", at: start)
  }

  private mutating func escape(into content: inout [UInt8], _ start: SourcePosition) throws(SyntaxError) {
    guard let current = byte() else { throw fail("A string is not closed.", at: start) }
    advance()
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
      guard let current = byte(), let digit = Character(Unicode.Scalar(current)).hexDigitValue else {
        throw fail("A \\u escape needs four hexadecimal digits.", at: start)
      }
      value = value * 16 + UInt32(digit)
      advance()
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw fail("A \\u escape is not a character.", at: start)
    }
    content += Array(String(Character(scalar)).utf8)
  }

  private mutating func symbol(_ start: SourcePosition) throws(SyntaxError) -> Token.Kind {
    try refuseOperator(start)
    for length in stride(from: 3, through: 1, by: -1) where offset + length <= bytes.count {
      guard let symbol = Self.symbols[Self.packed(bytes[offset..<offset + length])] else { continue }
      for _ in 0..<length { advance() }
      return .symbol(symbol)
    }
    let isText = (bytes[offset] >= 0x21 && bytes[offset] < 0x7F)
    let shown = isText ? " '\(Character(Unicode.Scalar(bytes[offset])))'" : ""
    throw fail("The query contains a character\(shown) that has no place outside of quotes.", at: start)
  }

  /// Up to four bytes as one number.
  private static func packed(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func refuseOperator(_ start: SourcePosition) throws(SyntaxError) {
    guard Self.unavailableStarts.contains(bytes[offset]) else { return }
    for (text, name) in Self.unavailable where bytes[offset...].starts(with: text) {
      guard text != Array("|".utf8) || byte(1) != UInt8(ascii: "|") else { continue }
      throw fail("\(name) (\(String(decoding: text, as: UTF8.self))) is not available.", at: start)
    }
  }

  private static let unavailable: [([UInt8], String)] = [
    ("->", "A lambda function"), ("=>", "A named argument"), ("<<", "The bit operator"), (">>", "The bit operator"),
    ("&", "The bit operator"), ("|", "The bit operator"), ("^", "The bit operator"), ("~", "The bit operator"),
  ].map { (Array($0.0.utf8), $0.1) }

  private static let unavailableStarts: [UInt8] = Array("-=<>&|^~".utf8)

  private static let symbols: [UInt32: Symbol] = {
    var table = Dictionary(uniqueKeysWithValues: Symbol.allCases.map { (packed($0.rawValue.utf8), $0) })
    table[packed("==".utf8)] = .equal
    table[packed("!=".utf8)] = .notEqual
    table[packed("!>".utf8)] = .lessOrEqual
    table[packed("!<".utf8)] = .greaterOrEqual
    return table
  }()

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (97...122).contains(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
}
