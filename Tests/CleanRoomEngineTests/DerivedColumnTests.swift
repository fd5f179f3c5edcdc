import CleanRoomMatching
import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomEngine

/// Columns hashed by the engine must equal what `KeyNormalizer` and SHA-256 give: members hash in either way.
@Suite struct DerivedColumnTests {
  @Test func knownDigest() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "id,email\n1, Ada@Example.COM \n2,\n3,\"\"\n")
    let lines = try await SourceDatabase.lines(
      .csv(file, derived: [.init(name: "Hashed_Email", source: "EMAIL", normalize: .email)]),
      columns: "id, hashed_email")
    #expect(
      lines == [
        // printf ada@example.com | sha256sum
        "1,b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72", "2,",
        "3,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ])
  }

  @Test func derivedReplacesARawColumnOfItsName() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "id,email\n1,a\n")
    let source = TableSource.csv(file, derived: [.init(name: "email", source: "email", normalize: .none)])
    let database = try SourceDatabase(sources: [source], limits: .testing())
    #expect(try await database.describe(source).columns.map(\.name) == ["id", "email"])
    #expect(
      try await SourceDatabase.lines(source, columns: "email") == [
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
      ])
  }

  private static let odd = [
    "", " ", "a", " A ", "\t\u{B}\u{C}x\r\n", "Ünïcödé@EXAMPLE.de", "STRASSE ß ẞ", "İstanbul", "ΑΣ ΣΑΣ",
    "\u{A0}nbsp\u{A0}",
    "e\u{301}", "É", "日本語", "👩‍👩‍👧", "+49 (30) 123-45", " +1\u{301}23", "00 49/30", "٣٤٥", "１２", "+", "++1",
    "1+2", "K\u{212A}",
    "quote\"d", "comma,d", "two\nlines", "'single'", "x\u{200B}", "\u{FEFF}bom",
  ]

  private func compare(_ texts: [String], _ form: KeyForm) async throws -> [String] {
    let folder = try ScratchFolder()
    let rows = texts.enumerated().map { "\($0),\"\($1.replacing("\"", with: "\"\""))\"\n" }
    let file = try folder.write("t.csv", "id,raw\n" + rows.joined())
    let source = TableSource.csv(
      file, types: ["id": .bigint, "raw": .string],
      derived: [.init(name: "h", source: "raw", normalize: form)])
    let lines = try await SourceDatabase.lines(source, columns: "id, h", orderBy: "id")
    let expected = texts.enumerated().map {
      "\($0),\(KeyNormalizer.sha256Hex(KeyNormalizer.normalize($1, as: form)))"
    }
    #expect(lines.count == expected.count)
    return zip(zip(lines, expected), texts).filter { $0.0.0 != $0.0.1 }.map { _, text in
      text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    }
  }

  @Test(arguments: KeyForm.allCases) func oddTextIsHashedAlike(form: KeyForm) async throws {
    let different = try await compare(Self.odd, form)
    #expect(different == [])
  }

  @Test func everyLetterIsLoweredAlike() async throws {
    let letters = (0x21..<0x1FFFF).compactMap { Unicode.Scalar($0) }.filter(\.properties.isCased)
      .map { "x\(Character($0))" }
    #expect(letters.count > 2500)
    let different = try await compare(letters, .email)
    #expect(different == [])
  }
}
