/// Cuts a query text into tokens, one pass over its bytes.
struct Lexer {
  var list: TokenList
  let limits: ParserLimits
  private let keywords = KeywordTable.standard
  private(set) var offset = 0
  private var line = 1
  private var lineStart = 0
  /// Continuation bytes since the beginning of the line: columns count characters, not bytes.
  private var continuations = 0
  /// Parentheses that are not closed yet.
  private var open: [Int32] = []

  init(_ bytes: [UInt8], limits: ParserLimits) {
    list = TokenList(bytes)
    self.limits = limits
  }

  mutating func tokens() throws(SyntaxError) -> TokenList {
    list.tokens.reserveCapacity(min(list.bytes.count / 4 + 1, limits.tokens))
    while true {
      try skipBlanks()
      guard offset < list.bytes.count else { break }
      let start = position
      let kind = try next(start)
      append(Token(kind: kind, span: SourceSpan(start: start, end: position)))
      guard list.tokens.count <= limits.tokens else {
        throw SyntaxError(
          message: "The query has more than \(limits.tokens) tokens.", position: start, kind: .limit)
      }
    }
    list.tokens.append(Token(kind: .end, span: SourceSpan(start: position, end: position)))
    return list
  }

  private mutating func append(_ token: Token) {
    if case .symbol(let symbol) = token.kind {
      let index = list.tokens.count
      if symbol == .leftParenthesis { open.append(Int32(truncatingIfNeeded: index)) }
      if symbol == .rightParenthesis, let start = open.popLast() {
        list.tokens[Int(start)].closing = Int32(truncatingIfNeeded: index)
      }
    }
    list.tokens.append(token)
  }

  // MARK: Characters

  var position: SourcePosition {
    SourcePosition(offset: offset, line: line, column: offset - lineStart - continuations + 1)
  }

  /// Zero after the end of the text, where no token goes on.
  func byte(_ ahead: Int = 0) -> UInt8 {
    offset + ahead < list.bytes.count ? list.bytes[offset + ahead] : 0
  }

  /// The byte at hand, which is taken; nil at the end of the text.
  mutating func take() -> UInt8? {
    guard offset < list.bytes.count else { return nil }
    let current = list.bytes[offset]
    offset += 1
    if current == UInt8(ascii: "\n") {
      line += 1
      lineStart = offset
      continuations = 0
    } else if current & 0xC0 == 0x80 {
      continuations += 1
    }
    return current
  }

  /// Skips bytes that begin no line and are characters of their own.
  mutating func skip(_ count: Int) { offset += count }

  func fail(_ message: String, at place: SourcePosition) -> SyntaxError {
    SyntaxError(message: message, position: place)
  }

  // MARK: Tokens

  private mutating func next(_ start: SourcePosition) throws(SyntaxError) -> Token.Kind {
    let first = byte()
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      return .word(word())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(start)
    case UInt8(ascii: ".") where Self.isDigit(byte(1)): return try number(start)
    case UInt8(ascii: "'"): return .string(list.keep(try strings(start)))
    case UInt8(ascii: "`"), UInt8(ascii: "\""): return .quotedIdentifier(list.keep(try quoted(first, start)))
    case UInt8(ascii: ":") where Self.isWordByte(byte(1)):
      skip(1)
      _ = word()
      return .parameter
    default: return .symbol(try symbol(start))
    }
  }

  mutating func skipBlanks() throws(SyntaxError) {
    while true {
      switch byte() {
      case UInt8(ascii: " "): skip(1)
      case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): _ = take()
      case UInt8(ascii: "-") where byte(1) == UInt8(ascii: "-"):
        while offset < list.bytes.count, byte() != UInt8(ascii: "\n") { _ = take() }
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): try skipComment()
      default: return
      }
    }
  }

  /// Comments nest. Hints (`/*+ … */`) are comments here: no hint changes what a query means.
  private mutating func skipComment() throws(SyntaxError) {
    let start = position
    var depth = 0
    repeat {
      switch (byte(), byte(1)) {
      case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        depth += 1
        skip(1)
      case (UInt8(ascii: "*"), UInt8(ascii: "/")):
        depth -= 1
        skip(1)
      default: break
      }
      guard take() != nil else { throw fail("A comment is not closed.", at: start) }
    } while depth > 0
  }

  private mutating func word() -> Keyword? {
    var key = KeywordTable.Key()
    let start = offset
    while Self.isWordByte(byte()) {
      key.append(Self.lower(byte()))
      offset += 1
    }
    return offset - start <= KeywordTable.longest ? keywords.keyword(key) : nil
  }

  private mutating func number(_ start: SourcePosition) throws(SyntaxError) -> Token.Kind {
    let form = try numberForm(start)
    let text = String(decoding: list.bytes[start.offset..<offset], as: UTF8.self)
    guard text.utf8.count <= 400 else {
      throw SyntaxError(message: "A number is too long.", position: start, kind: .limit)
    }
    guard Self.isWordByte(byte()) else { return number(text, form) }
    let first = offset
    while Self.isWordByte(byte()) { skip(1) }
    let suffix = String(decoding: list.bytes[first..<offset], as: UTF8.self).lowercased()
    guard let (digits, form) = NumberSuffix.apply(suffix, to: text, form) else {
      throw fail("A number is followed directly by a letter; Spark's suffixes are Y, S, L, F, D and BD.", at: start)
    }
    return number(digits, form)
  }

  private mutating func number(_ digits: String, _ form: NumberForm) -> Token.Kind {
    let text = list.keep(digits)
    return switch form {
    case .integer: .integer(text)
    case .decimal: .decimal(text)
    case .double: .double(text)
    case .typed(let type): .typed(text, type)
    }
  }

  private mutating func numberForm(_ start: SourcePosition) throws(SyntaxError) -> NumberForm {
    var form = NumberForm.integer
    digits()
    if byte() == UInt8(ascii: ".") {
      form = .decimal
      skip(1)
      digits()
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      form = .double
      skip(1)
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { skip(1) }
      guard Self.isDigit(byte()) else { throw fail("A number has an exponent without digits.", at: start) }
      digits()
    }
    return form
  }

  private mutating func digits() { while Self.isDigit(byte()) { skip(1) } }

  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  static func isWordByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) || isDigit(byte) || byte == UInt8(ascii: "_")
  }

  static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
}
