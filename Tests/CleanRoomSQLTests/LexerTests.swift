import Testing

@testable import CleanRoomSQL

@Suite struct LexerTests {
  private func kinds(_ text: String) throws -> [Token.Kind] {
    var lexer = Lexer(Array(text.utf8), limits: .standard)
    return try lexer.tokens().map(\.kind).dropLast()
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
    ("1", Token.Kind.integer("1")), ("1.50", .decimal("1.50")), (".5", .decimal(".5")),
    ("5.", .decimal("5.")),
    ("1e3", .double("1e3")), ("1.5E-3", .double("1.5E-3")),
    ("123456789012345678901234567890123456789", .integer("123456789012345678901234567890123456789")),
  ])
  func numbersKeepTheirDigits(_ text: String, _ kind: Token.Kind) throws {
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
    let tokens = try lexer.tokens()
    #expect(tokens[1].span.start == SourcePosition(offset: 9, line: 1, column: 6))
    #expect(tokens[2].span.start == SourcePosition(offset: 13, line: 2, column: 3))
  }
}
