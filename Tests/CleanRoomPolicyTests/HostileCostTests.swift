import CleanRoomModel
import CleanRoomPlanning
import CleanRoomSQL
import Foundation
import Testing

@testable import CleanRoomPolicy

/// Queries as long, deep and wide as the limits let them be are answered within a second.
@Suite struct HostileCostTests {
  private static func list(_ count: Int, _ separator: String = ", ", _ element: (Int) -> String) -> String {
    (0..<count).map(element).joined(separator: separator)
  }

  private static func rows(where condition: String) -> String { "SELECT COUNT(*) FROM people WHERE \(condition)" }

  static let queries: [String] = [
    "SELECT '" + String(repeating: "x", count: 499_900) + "' FROM people",
    "SELECT 1 /*" + String(repeating: "/*", count: 120_000) + String(repeating: "*/", count: 120_000)
      + "*/ FROM people",
    "SELECT " + String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000),
    "SELECT 1 FROM " + String(repeating: "(", count: 100_000) + "SELECT 1" + String(repeating: ")", count: 100_000),
    rows(where: String(repeating: "NOT ", count: 100_000) + "active"),
    "SELECT " + String(repeating: "f(", count: 100_000) + String(repeating: ")", count: 100_000),
    rows(where: "age IN (" + list(50_000) { "\($0)" } + ")"),
    rows(where: "email IN (" + list(50_000) { "'\($0)'" } + ")"),
    rows(where: "spend NOT IN (" + list(50_000) { "\($0).5" } + ")"),
    rows(where: list(15_000, " OR ") { "email LIKE '%\($0)%'" }),
    rows(where: list(15_000, " AND ") { "x\($0) = 1" }),
    "SELECT COALESCE(" + list(36_000) { "age + \($0)" } + ") FROM people",
    "SELECT GREATEST(" + list(36_000) { "age + \($0)" } + ") FROM people",
    "SELECT CONCAT(" + list(40_000) { "'\($0)'" } + ") FROM people",
    "SELECT CASE age " + list(20_000, " ") { "WHEN \($0) THEN \($0)" } + " END FROM people",
    "SELECT " + list(900) { "SUM(age) OVER w AS s\($0)" } + " FROM people WINDOW w AS (PARTITION BY age IN ("
      + list(5_000) { "\($0)" } + "))",
    "SELECT SUM(age) OVER (ORDER BY " + list(40_000) { _ in "age" } + ") FROM people",
    "SELECT " + list(40_000) { _ in "SUM(age)" } + " FROM people",
    "SELECT COUNT(*) FROM people HAVING " + list(20_000, " OR ") { "SUM(age) > \($0)" },
    "SELECT COUNT(*) FROM wide" + String(repeating: " NATURAL JOIN wide", count: 80),
    "SELECT COUNT(*) FROM wide a" + list(20, "") { i in " JOIN wide v\(i) USING (" + list(1_000) { "w\($0)" } + ")" },
    "SELECT * FROM wide" + String(repeating: " UNION SELECT * FROM wide", count: 25),
    "SELECT * FROM wide" + String(repeating: " UNION SELECT * FROM wide", count: 90),
  ]

  private static func context() throws -> PolicyContext {
    var context = try CustomResolverTests.context()
    let wide = (0..<1_000).map { ("w\($0)", ColumnType.integer) }
    context.tables.append(try CustomResolverTests.table("wide", wide, owner: "111122223333"))
    return context
  }

  /// Unoptimized code takes some thirty times as long.
  private static var limit: Double {
    #if DEBUG
      30
    #else
      1
    #endif
  }

  @Test(arguments: queries.indices) func answersSoon(_ index: Int) throws {
    let (sql, context) = (Self.queries[index], try Self.context())
    #expect(sql.unicodeScalars.count <= ParserLimits.standard.characters)
    // Processor time of the process: other tests that run beside this one count, so the best of three does.
    var best = Double.infinity
    for _ in 0..<3 where best > Self.limit {
      let start = clock()
      if case .approved(let query) = QueryPolicy.check(sql: sql, in: context) {
        let plan = QueryPlanner.plan(query, joinsDifferentNames: true)
        for fragment in plan.fragments { #expect(!fragment.sql(relation: "r").isEmpty) }
      }
      best = min(best, Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }
    #expect(best <= Self.limit, "\(sql.prefix(80)): \(best) s")
  }
}
