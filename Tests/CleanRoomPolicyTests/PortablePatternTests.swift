import Testing

@testable import CleanRoomPolicy

/// What the engine is given for a pattern, and which patterns it is never given because RE2 and Java read them apart.
@Suite struct PortablePatternTests {
  @Test(arguments: [
    ("a{100,100}", "a{100,100}"), ("a{0}", "a{0}"), ("a{1,}", "a{1,}"), ("a??", "a??"), ("a{2}?", "a{2}?"),
    ("[a-z]", "[a-z]"), ("[a-a]", "[a-a]"), ("[-a]", "[-a]"), ("[a-]", "[a-]"), ("[^a]", "[^a]"),
    ("[\\d\\w]", "[0-9A-Za-z0-9_]"), ("\\d", "[0-9]"), ("\\w", "[A-Za-z0-9_]"), ("\\D", "[^0-9]"),
    ("\\W", "[^A-Za-z0-9_]"), ("\\S", "[^ \\t\\n\\x0B\\f\\r]"), ("\\t\\n\\r\\f", "\\t\\n\\r\\f"), ("[\\t]", "[\\t]"),
    ("\\!", "\\!"), ("\\-\\~", "\\-\\~"), ("[\\]]", "[\\]]"), ("(?:a|b)", "(?:a|b)"), ("^a", "^a"),
    ("a.b", "a[^\\n\\r\\x{85}\\x{2028}\\x{2029}]b"),
  ])
  func meansTheSame(_ pattern: String, _ engine: String) { #expect(PortablePattern(pattern)?.text == engine) }

  @Test(arguments: [
    // Quantifiers: possessive, repeated, or spelled so that RE2 takes them for plain text.
    "a*+", "a++", "a?+", "a{2}+", "a**", "a{2}{3}", "a{01}", "a{1,02}", "a{+1}", "a{1,+2}", "a{-1}", "a{101}",
    "a{1,101}",
    "a{2,1}", "a{1,2,3}", "a{}", "a{,2}", "a{1", "a{",
    // Classes: unions, intersections, ranges of or up to a class, and those that do not end.
    "[a[b]]", "[a[", "[a&&b]", "[a&", "[a^", "[~", "[b-a]", "[b-a", "[a-\\d]", "[a-[", "[--a]", "[\\d-z]", "[]", "[]a]",
    "[^]", "[a", "[\\q]", "[\\q", "[\\D]", "[\\W]", "[\\S]", "[\\",
    // Escapes: letters and digits with meanings of their own, and what is no punctuation.
    "\\", "\\q", "\\b", "\\1", "\\0", "\\é", "\\€", "\\ ", "\\\n", "\\½",
    // Groups and anchors.
    "(?=a)", "(?i)a", "(?", "(a", "a)", "a^", "a$", "^a|b", "^^",
  ])
  func isNeverGiven(_ pattern: String) { #expect(PortablePattern(pattern) == nil) }

  @Test func knowsAnchorsAndEmptyMatches() throws {
    for (pattern, isAnchored, canBeEmpty) in [
      ("a", false, false), ("^a", true, false), ("a*", false, true), ("^", true, true), ("a|", false, true),
      ("a{0,3}", false, true), ("a{1,3}", false, false), ("(a?)b", false, false), ("(a?)(b*)", false, true),
      ("", false, true),
      ("a+?", false, false), ("\\d?", false, true), ("[a]", false, false),
    ] {
      let found = try #require(PortablePattern(pattern), "\(pattern)")
      #expect(found.isAnchored == isAnchored && found.canBeEmpty == canBeEmpty, "\(pattern)")
    }
  }

  @Test func isBounded() {
    let groups = String(repeating: "(a)", count: 333)
    #expect(PortablePattern(groups + "a") != nil && PortablePattern(groups + "aa") == nil)
    // An atom and its 99 repetitions, ten times.
    let atoms = String(repeating: "a{99}", count: 10)
    #expect(PortablePattern(atoms) != nil && PortablePattern(atoms + "a") == nil)
    #expect(PortablePattern(String(repeating: "a{100}", count: 10)) == nil)
    #expect(PortablePattern(String(repeating: "(?:aa){49}", count: 10)) != nil)
    #expect(PortablePattern(String(repeating: "(?:aa){49}", count: 10) + "a") == nil)
    for (depth, isGiven) in [(19, true), (20, false)] {
      let nested = String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
      #expect((PortablePattern(nested) != nil) == isGiven)
    }
  }
}
