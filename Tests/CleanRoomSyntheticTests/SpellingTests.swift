import Testing

@testable import CleanRoomSynthetic

struct SpellingTests {
  private func spoiled(_ text: String, _ spelling: DirtySpelling) -> Set<String> {
    Set(
      (0..<500).map { number in
        var out = Array("before,\(text)".utf8)
        Spelling.apply(spelling, RandomStream(seed: 1, "test")[number], to: &out, from: 7)
        return String(String(decoding: out, as: UTF8.self).dropFirst(7))
      })
  }

  @Test func cases() {
    #expect(spoiled("Jörg Größe-ÿ÷ Ñandú", .upperCase) == ["JÖRG GRÖßE-ÿ÷ ÑANDÚ"])
    #expect(spoiled("ÉMILE × Ä1@X", .lowerCase) == ["émile × ä1@x"])
  }

  @Test func blanks() { #expect(spoiled("ab", .blanks) == [" ab", "ab ", " ab "]) }

  @Test func typos() {
    let seen = spoiled("ab@ab", .typo)
    #expect(seen == ["ba@ab", "aab@ab"])
    #expect(spoiled("abc", .typo) == ["bac", "acb", "bc", "ac", "aabc", "abbc"])
    #expect(spoiled("Éa", .typo) == ["Éa."])
    #expect(spoiled("@", .typo) == ["@."])
    for text in ["ada.bauer12@post.example", "aaaa", "Zoë", "x"] {
      #expect(spoiled(text, .typo).allSatisfy { $0 != text && !$0.contains("\u{FFFD}") })
    }
  }

  @Test func mailTricks() {
    #expect(spoiled("ab.c1@x.example", .dots) == ["a.b.c1@x.example", "ab.c.1@x.example"])
    #expect(
      spoiled("ab@x.example", .plusTag)
        == ["ab+news@x.example", "ab+shop@x.example", "ab+offers@x.example", "ab+web@x.example"])
  }

  @Test func formatsOfPhonesAndNames() throws {
    let phones = try column(.phone(.e164), rows: 3000, people: 3000, dirty: [Weighted(.format, 1)])
    #expect(phones.allSatisfy { $0.wholeMatch(of: /\+1[0-9]{10}/) == nil })
    let digits = phones.map { String($0.filter(\.isNumber).suffix(10)) }
    let clean = try column(.phone(.e164), rows: 3000, people: 3000)
    #expect(digits == clean.map { String($0.suffix(10)) })
    let names = try column(.fullName, rows: 3000, people: 3000, dirty: [Weighted(.format, 0.5)])
    #expect(names.allSatisfy { $0.wholeMatch(of: /"[\p{L}]+, [\p{L}]+"|[\p{L}]+ [\p{L}]+/) != nil })
    #expect(abs(names.count { $0.hasPrefix("\"") } - 1500) < 150)
  }

  @Test func sharesOfDirtySpellings() throws {
    let clean = try column(.email, rows: 50_000, people: 50_000)
    let dirty = try column(
      .email, rows: 50_000, people: 50_000, dirty: [Weighted(.upperCase, 0.1), Weighted(.plusTag, 0.02)])
    let pairs = zip(clean, dirty)
    #expect(abs(pairs.count { $0 != $1 } - 6000) < 400)
    #expect(abs(pairs.count { $0 != $1 && $0 == $1.lowercased() } - 5000) < 350)
    #expect(abs(pairs.count { $1.contains("+") } - 1000) < 160)
  }

  /// RFC 4180, section 2, rules 6 and 7; nothing is NULL and therefore not the empty text.
  @Test func quotes() throws {
    let values = ["plain", "", "a,b", "say \"so\"", "two\nlines", "return\r", " blank "]
    let quoted = ["plain", "\"\"", "\"a,b\"", "\"say \"\"so\"\"\"", "\"two\nlines\"", "\"return\r\"", " blank "]
    for (value, field) in zip(values, quoted) {
      let made = try generator(
        [table("a.t", rows: 1, [ColumnSpecification("c", .category([Weighted(value, 1)]))])]
      ).tables[0]
      #expect(made.text() == field + "\n")
    }
    let header = try generator([
      table(
        "a.t", rows: 1,
        [ColumnSpecification("a,\"b", .sequence(start: 1)), ColumnSpecification("c", .sequence(start: 1))])
    ])
    #expect(String(decoding: header.tables[0].header(), as: UTF8.self) == "\"a,\"\"b\",c\n")
  }
}
