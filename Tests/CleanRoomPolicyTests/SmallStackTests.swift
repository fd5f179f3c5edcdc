import CleanRoomModel
import CleanRoomPlanning
import CleanRoomSQL
import Foundation
import Testing

@testable import CleanRoomPolicy

/// The deepest query of every nesting kind that the parser accepts is read, judged, planned and printed on a small stack.
@Suite struct SmallStackTests {
  /// Unoptimized frames are several times as large.
  private static var stackSize: Int {
    #if DEBUG
      4 << 20
    #else
      512 << 10
    #endif
  }

  private enum Outcome: Equatable { case unread, refused, approved }

  private static func outcome(_ sql: String, _ context: PolicyContext) throws -> Outcome {
    // Sound: read after the thread has signalled its end.
    final class Box: @unchecked Sendable { var outcome = Outcome.unread }
    let box = Box()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      box.outcome = chain(sql, context)
      done.signal()
    }
    thread.stackSize = stackSize
    thread.start()
    try #require(done.wait(timeout: .now() + 120) == .success)
    return box.outcome
  }

  /// Every pure room, one after the other.
  private static func chain(_ sql: String, _ context: PolicyContext) -> Outcome {
    guard let query = try? SQLParser.parse(sql) else { return .unread }
    guard let again = try? SQLParser.parse(SQLPrinter.text(query)), again == query else { return .unread }
    _ = query.referencedTables
    guard case .approved(let approved) = QueryPolicy.check(sql: sql, in: context) else { return .refused }
    let plan = QueryPlanner.plan(approved, joinsDifferentNames: true)
    return plan.fragments.contains { $0.sql(relation: "r").isEmpty } ? .refused : .approved
  }

  /// Opens as often as it closes, around a middle.
  private static func nested(_ levels: Int, _ open: String, _ middle: String, _ close: String) -> String {
    String(repeating: open, count: levels) + middle + String(repeating: close, count: levels)
  }

  struct Form: Sendable {
    let name: String
    /// Levels that people may write, at the least.
    let least: Int
    let sql: @Sendable (Int) -> String
  }

  private static func values(_ name: String, _ open: String, _ middle: String, _ close: String) -> Form {
    Form(name: name, least: 40) { "SELECT " + nested($0, open, middle, close) + " FROM people" }
  }

  private static func conditions(_ name: String, _ open: String, _ close: String, least: Int = 40) -> Form {
    Form(name: name, least: least) { "SELECT age FROM people WHERE " + nested($0, open, "active", close) }
  }

  private static func queries(_ name: String, _ open: String, _ close: String) -> Form {
    Form(name: name, least: 10) { nested($0, open, "SELECT MAX(age) AS age FROM people", close) }
  }

  private static func chains(_ name: String, _ start: String, _ link: String) -> Form {
    Form(name: name, least: 40) { start + String(repeating: link, count: $0) }
  }

  static let forms: [Form] = [
    values("parentheses", "(", "age", ")"), values("signs", "- ", "age", ""), values("ABS", "ABS(", "age", ")"),
    values("COALESCE", "COALESCE(", "age", ", 1)"), values("IF", "IF(active, 1, ", "age", ")"),
    values("ROUND", "ROUND(", "score", ", 1)"), values("CONCAT", "CONCAT(", "email", ", 'a')"),
    values("TRIM", "TRIM(BOTH 'x' FROM ", "email", ")"), values("SUBSTRING", "SUBSTRING(", "email", " FROM 1 FOR 9)"),
    values("CASE", "CASE WHEN active THEN ", "age", " END"),
    values("ELSE", "CASE WHEN active THEN 1 ELSE ", "age", " END"),
    values("WHEN", "CASE WHEN ", "active", " THEN TRUE END"), values("CAST", "CAST(", "age", " AS BIGINT)"),
    values("casts", "", "age", "::BIGINT"), values("steps", "", "joined", " + INTERVAL 1 DAY"),
    values("sums", "", "age", " + 1"), values("sums inside", "1 + (", "age", ")"),
    values("window keys", "ABS(", "SUM(age) OVER (ORDER BY age)", ")"),
    conditions("NOT", "NOT ", ""), conditions("NOT of a condition", "NOT (", ")"),
    conditions("IS NULL", "(", ") IS NULL"),
    conditions("BETWEEN", "active BETWEEN (", ") AND TRUE"), conditions("IN", "active IN (", ", FALSE)"),
    conditions("AND and OR", "active AND (active OR ", ")", least: 30), conditions("=", "(", ") = active"),
    queries("scalar subquery", "SELECT MAX(age) + (", ") FROM people"),
    queries("scalar subquery in a condition", "SELECT MAX(age) FROM people WHERE age = (", ")"),
    queries("IN subquery", "SELECT MAX(age) FROM people WHERE age IN (", ")"),
    queries("EXISTS", "SELECT MAX(age) FROM people WHERE EXISTS (", ")"),
    queries("derived table", "SELECT age FROM (", ") t"),
    queries("derived table in a join", "SELECT t.age FROM people p JOIN (", ") t ON p.age = t.age"),
    queries("WITH", "WITH a AS (", ") SELECT age FROM a"), queries("parentheses", "(", ") LIMIT 3"),
    queries("UNION inside", "SELECT age FROM people UNION (", ")"),
    queries("window", "SELECT SUM(age) OVER (PARTITION BY age ORDER BY age) AS age FROM (", ") t"),
    chains("UNION", "SELECT age FROM people", " UNION SELECT age FROM people"),
    chains("INTERSECT", "SELECT age FROM people", " INTERSECT SELECT age FROM people"),
    Form(name: "joins", least: 40) { count in
      "SELECT p.age FROM people p" + (0..<count).map { " JOIN people p\($0) ON p\($0).age = p.age" }.joined()
    },
    Form(name: "joins in parentheses", least: 40) { count in
      "SELECT p.age FROM " + String(repeating: "(", count: count) + "people p"
        + (0..<count).map { " JOIN people p\($0) ON p\($0).age = p.age)" }.joined()
    },
  ]

  @Test(arguments: forms.indices) func deepestAcceptedQuery(_ index: Int) throws {
    let form = Self.forms[index]
    let deepest = (1...250).last { (try? SQLParser.parse(form.sql($0))) != nil } ?? 0
    #expect(deepest >= form.least && deepest < 250, "\(form.name): \(deepest)")
    let context = try CustomResolverTests.context()
    #expect(try Self.outcome(form.sql(deepest), context) == .approved, "\(form.name): \(deepest)")
  }

  /// Kinds that alternate, so that no kind's own depth stands for all.
  @Test func mixedNesting() throws {
    let context = try CustomResolverTests.context()
    let open = "SELECT MAX(ABS(CASE WHEN (age) > 1 THEN ("
    let close = ") END)) AS age FROM (SELECT * FROM people) t"
    let mixed = { Self.nested($0, open, "SELECT MAX(age) AS age FROM people", close) }
    let deepest = (1...100).last { (try? SQLParser.parse(mixed($0))) != nil } ?? 0
    #expect(deepest >= 5)
    #expect(try Self.outcome(mixed(deepest), context) == .approved)
  }
}
