import Foundation
import Testing

@testable import CleanRoomSQL

/// Text from another organization: whatever it is, the answer comes quickly and the stack holds.
@Suite struct HostileTextTests {
  /// The stack of a worker thread; unoptimized frames are several times as large. What was read is also written and
  /// read again.
  private static let roomy: ParserLimits = {
    var limits = ParserLimits.standard
    limits.characters *= 4
    limits.tokens *= 2
    return limits
  }()

  private func outcome(_ text: String) throws -> SyntaxError? {
    final class Box: @unchecked Sendable { var error: SyntaxError? }  // Read after the thread has signalled its end.
    let box = Box()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      do throws(SyntaxError) {
        _ = try SQLParser.parse(SQLPrinter.text(try SQLParser.parse(text)), limits: Self.roomy)
      } catch { box.error = error }
      done.signal()
    }
    #if DEBUG
      thread.stackSize = 4 << 20
    #else
      thread.stackSize = 512 << 10
    #endif
    thread.start()
    try #require(done.wait(timeout: .now() + 60) == .success)
    return box.error
  }

  static let deep: [String] = [
    "SELECT " + String(repeating: "(", count: 25_000),
    "SELECT " + String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200),
    "SELECT " + String(repeating: "NOT ", count: 25_000) + "a",
    "SELECT " + String(repeating: "- ", count: 25_000) + "1",
    "SELECT " + String(repeating: "+ ", count: 25_000) + "1",
    "SELECT 1" + String(repeating: " + 1", count: 25_000),
    "SELECT a" + String(repeating: " = a", count: 25_000),
    "SELECT a" + String(repeating: "::int", count: 5_000),
    "SELECT a" + String(repeating: " IS NULL", count: 5_000),
    "SELECT " + String(repeating: "f(", count: 12_000),
    "SELECT " + String(repeating: "CASE WHEN ", count: 10_000),
    "SELECT " + String(repeating: "interval - ", count: 10_000),
    "SELECT " + String(repeating: "cast(", count: 10_000),
    "SELECT " + String(repeating: "extract(year from ", count: 5_000),
    "SELECT " + String(repeating: "exists(select ", count: 5_000),
    "SELECT " + String(repeating: "trim(", count: 10_000),
    "SELECT " + String(repeating: "position(", count: 10_000),
    String(repeating: "(", count: 25_000) + "SELECT 1",
    "SELECT 1" + String(repeating: " UNION SELECT 1", count: 8_000),
    "SELECT 1" + String(repeating: " INTERSECT SELECT 1", count: 5_000),
    "SELECT 1 FROM a" + String(repeating: " JOIN a ON b", count: 8_000),
    "SELECT 1 FROM " + String(repeating: "(", count: 25_000) + "a",
    "SELECT 1 FROM " + String(repeating: "(SELECT 1 FROM ", count: 5_000),
    "WITH a AS " + String(repeating: "(WITH a AS ", count: 5_000),
    "SELECT sum(a) OVER (ORDER BY " + String(repeating: "sum(a) OVER (ORDER BY ", count: 5_000),
    // Nesting and chains together: no level is deep, the tree would be.
    (0..<90).reduce("a") { text, level in "(" + text + String(repeating: " + 1", count: 95 - level) + ")" },
    "SELECT "
      + (0..<90).reduce("a") { text, level in "(" + text + String(repeating: " + 1", count: 95 - level) + ")"
      },
    "SELECT "
      + (0..<60).reduce("a") { text, _ in "(SELECT " + text + String(repeating: " - 1", count: 30) + ")" },
  ]

  @Test(arguments: deep.indices)
  func depthIsBounded(_ index: Int) throws {
    #expect(try outcome(Self.deep[index]) != nil, "\(Self.deep[index].prefix(40))")
  }

  @Test func widthIsAccepted() throws {
    let numbers = (0..<50_000).map(String.init).joined(separator: ", ")
    #expect(try outcome("SELECT 1 FROM t WHERE a IN (\(numbers))") == nil)
    let conditions = Array(repeating: "a = 1", count: 40_000).joined(separator: " OR ")
    #expect(try outcome("SELECT 1 FROM t WHERE \(conditions)") == nil)
    let nested = String(repeating: "(", count: 40) + "1" + String(repeating: ")", count: 40)
    #expect(try outcome("SELECT \(nested)") == nil)
    #expect(try outcome("SELECT '" + String(repeating: "x", count: 499_000) + "'") == nil)
    #expect(try outcome("SELECT 1 -- " + String(repeating: "x", count: 499_000)) == nil)
  }

  @Test func widthIsBounded() throws {
    #expect(try outcome("SELECT " + String(repeating: " ", count: 500_000))?.kind == .limit)
    #expect(try outcome("SELECT 1" + String(repeating: ",1", count: 200_000))?.kind == .limit)
    #expect(try outcome("SELECT a" + String(repeating: " OR a", count: 90_000))?.kind == .limit)
    #expect(try outcome("SELECT " + String(repeating: "9", count: 1000))?.kind == .limit)
  }

  @Test func badEncodingIsRefused() {
    for bytes: [UInt8] in [
      [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], Array("SELECT '".utf8) + [0x80, 0x27],
    ] {
      #expect(throws: SyntaxError.self) { try SQLParser.parse(bytes: bytes) }
    }
  }

  @Test func messagesShowLittleOfTheText() throws {
    let error = try #require(try outcome("SELECT 1 " + String(repeating: "x", count: 10_000) + " y"))
    #expect(error.message.utf8.count < 300)
    let secret = try #require(try outcome("SELECT 1 FROM t WHERE a 'top secret'"))
    #expect(!secret.message.contains("secret"))
  }

  /// Pieces of SQL in random order: any answer will do, as long as there is one.
  @Test func randomTextIsAnswered() {
    var generator = SplitMix(state: 42)
    let pieces = [
      "SELECT ", "FROM ", "t ", "JOIN ", "ON ", "a ", "( ", ") ", ", ", "'x' ", "1 ", "+ ", "= ", "AND ",
      "OR ", "NOT ",
      "IN ", "BETWEEN ", "LIKE ", "CASE ", "WHEN ", "END ", "GROUP BY ", "ORDER BY ", "LIMIT ", "WITH ",
      "AS ", "OVER ",
      "interval ", "date ", "cast( ", "extract( ", ":: ", ". ", "* ", "UNION ", "VALUES ", "IS ", "NULL ",
      "trim( ",
    ]
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        pieces[Int.random(in: pieces.indices, using: &generator)]
      }.joined()
      _ = try? SQLParser.parse("SELECT " + text)
    }
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
