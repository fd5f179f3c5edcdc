import Testing

@testable import CleanRoomSQL

@Suite struct LexerTests {
  /// A token with its text.
  enum Reading: Equatable {
    case word(String), quotedIdentifier(String), string(String), parameter(String)
    case integer(String), decimal(String), double(String), typed(String, NumberType)
    case symbol(Symbol), end
  }

  private func kinds(_ text: String) throws -> [Reading] {
    var lexer = Lexer(Array(text.utf8), limits: .standard)
    let list = try lexer.tokens()
    return list.tokens.dropLast().map { token in
      switch token.kind {
      case .word: .word(list.name(token))
      case .quotedIdentifier(let text): .quotedIdentifier(list.text(text))
      case .string(let text): .string(list.text(text))
      case .parameter: .parameter(list.name(token))
      case .integer(let text): .integer(list.text(text))
      case .decimal(let text): .decimal(list.text(text))
      case .double(let text): .double(list.text(text))
      case .typed(let text, let type): .typed(list.text(text), type)
      case .symbol(let symbol): .symbol(symbol)
      case .end: .end
      }
    }
  }

  @Test func everyKeywordIsFound() throws {
    for keyword in Keyword.allCases {
      var lexer = Lexer(Array(keyword.display.utf8), limits: .standard)
      #expect(try lexer.tokens().tokens.map(\.kind) == [.word(keyword), .end])
    }
    for word in ["selec", "selects", "a", "current_timestamps", String(repeating: "a", count: 24) + "select"] {
      var lexer = Lexer(Array(word.utf8), limits: .standard)
      #expect(try lexer.tokens().tokens.map(\.kind) == [.word(nil), .end])
    }
  }

  @Test func wordsAreFoldedAndQuotedNamesAreNot() throws {
    #expect(
      try kinds("SeLeCt _a1 \"Ab\"\"c\" `d``E`") == [
        .word("select"), .word("_a1"), .quotedIdentifier("Ab\"c"), .quotedIdentifier("d`E"),
      ])
  }

  @Test(arguments: [
    ("'it''s'", "it's"), ("'a\\'b'", "a'b"), ("'a\\nb'", "a\nb"), ("'\\u0041'", "A"), ("'100\\%'", "100\\%"),
    ("'a' 'b'", "ab"), ("''", ""), ("'\\\\'", "\\"), ("'ünï😀'", "ünï😀"), ("'x\\0y'", "x\0y"),
  ])
  func stringsAreReadAsSparkDoes(_ text: String, _ value: String) throws {
    #expect(try kinds(text) == [.string(value)])
  }

  @Test(arguments: [
    ("1", Reading.integer("1")), ("1L", .typed("1", .bigint)), ("2f", .typed("2", .float)), ("3bd", .decimal("3.")),
    ("1.50", .decimal("1.50")), (".5", .decimal(".5")),
    ("5.", .decimal("5.")),
    ("1e3", .double("1e3")), ("1.5E-3", .double("1.5E-3")),
    ("123456789012345678901234567890123456789", .integer("123456789012345678901234567890123456789")),
  ])
  func numbersKeepTheirDigits(_ text: String, _ kind: Reading) throws {
    #expect(try kinds(text) == [kind])
  }

  @Test func operatorsAreReadLongestFirst() throws {
    #expect(
      try kinds("<=> <= <> != == || :: :name") == [
        .symbol(.nullSafeEqual), .symbol(.lessOrEqual), .symbol(.notEqual), .symbol(.notEqual),
        .symbol(.equal),
        .symbol(.concatenate), .symbol(.doubleColon), .parameter("name"),
      ])
  }

  @Test func commentsNestAndHintsAreComments() throws {
    #expect(
      try kinds("a -- b\n/* c /* d */ e */ f /*+ BROADCAST(x) */ g") == [.word("a"), .word("f"), .word("g")])
  }

  @Test(arguments: [
    "'open", "\"open", "`open", "/* open", "/* /* */", "'a\\", "'\\u12'", "'\\ud800'", "1e", "1abc", "a # b",
    "a ; § b",
    "\"\"", "\"a\u{0}b\"", "a\u{0}b", "\u{FEFF}select", "a\u{A0}b", "ünï", "а", "$1", "?", "@x",
  ])
  func whatIsNoTokenIsRefused(_ text: String) {
    #expect(throws: SyntaxError.self) { try kinds(text) }
  }

  @Test func positionsCountCharacters() throws {
    var lexer = Lexer(Array("'ü😀' x\n  y".utf8), limits: .standard)
    let tokens = try lexer.tokens().tokens
    #expect(tokens[1].span.start == SourcePosition(offset: 9, line: 1, column: 6))
    #expect(tokens[2].span.start == SourcePosition(offset: 13, line: 2, column: 3))
  }
}
