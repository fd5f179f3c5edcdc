import Testing

@testable import CleanRoomReport

@Suite struct SQLMarkupTests {
  private func kinds(_ sql: String) -> [String] {
    SQLToken.all(of: sql).filter { $0.kind != .space }.map { "\($0.kind) \($0.text)" }
  }

  @Test func tellsPartsApart() {
    #expect(
      kinds("SELECT left(a, 2), 'it''s' FROM t -- end") == [
        "keyword SELECT", "keyword left", "sign (", "name a", "sign ,", "number 2", "sign )", "sign ,", "string 'it'",
        "string 's'", "keyword FROM", "name t", "comment -- end",
      ])
    #expect(
      kinds("sum(:low) /* a\nb */ `x y`") == [
        "function sum", "sign (", "parameter :low", "sign )", "comment /* a\nb */", "name `x y`",
      ])
  }

  /// Colouring may never change the text, however broken it is.
  @Test(arguments: [
    "", "'", "\"", "`", "/*", "/", "-", ":", "a::int", "é\u{301}'\n", "\r\n\t;", "1e5x", "𝔘(😀)", "--", "/**/",
  ])
  func keepsEveryCharacter(_ sql: String) {
    #expect(SQLToken.all(of: sql).map(\.text).joined() == sql)
    #expect(
      Array(SQLToken.all(of: "x \(sql) y").map(\.text).joined().unicodeScalars) == Array("x \(sql) y".unicodeScalars))
  }

  private func marked(_ sql: String, _ line: Int?, _ column: Int?) -> String {
    SQLMarkup(sql, reasons: [ReasonRecord(message: "no", line: line, column: column)], prefix: "q").block.text
  }

  @Test func marksWherePositionsPoint() {
    #expect(marked("SELECT é, b", 1, 11).contains("<mark>b</mark><a class=\"pin\" id=\"q-mark-1\""))
    #expect(marked("SELECT a,\n  bcd", 2, 4).contains("<mark>bcd</mark>"))
    #expect(marked("SELECT a", 1, 9).contains("a<span class=\"marked\"><mark></mark><a class=\"pin\""))
    #expect(marked("SELECT a\nFROM t", 1, 99).contains("<mark>\n</mark>"))
    #expect(marked("SELECT a", 7, 1).contains(" a<span class=\"marked\"><mark></mark><a class=\"pin\""))
    #expect(marked("", 1, 1).contains("<mark></mark><a class=\"pin\""))
    #expect(!marked("SELECT a", nil, nil).contains("<mark>"))
  }

  @Test func severalReasonsMayShareAPlace() {
    let places = [1, 2].map { ReasonRecord(message: "\($0)", line: 1, column: 8) }
    let text = SQLMarkup("SELECT a", reasons: places, prefix: "q").block.text
    #expect(text.contains("id=\"q-mark-1\"") && text.contains("id=\"q-mark-2\""))
    #expect(text.ranges(of: "<mark>").count == 1)
  }
}
