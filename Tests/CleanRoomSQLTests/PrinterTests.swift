import Foundation
import Testing

@testable import CleanRoomSQL

@Suite struct PrinterTests {
  @Test func randomTreesComeBack() throws {
    let count = ProcessInfo.processInfo.environment["CLEANROOM_RANDOM_QUERIES"].flatMap { Int($0) } ?? 20_000
    var random = RandomQuery(seed: 7)
    for number in 0..<count {
      let tree = random.query(number % 5)
      let text = SQLPrinter.text(tree)
      do throws(SyntaxError) {
        let again = try SQLParser.parse(text)
        guard again == tree, SQLPrinter.text(again) == text else {
          Issue.record("read back as \(SQLPrinter.text(again)): \(text)")
          return
        }
      } catch {
        Issue.record("\(error.message) at \(error.position.column): \(text)")
        return
      }
    }
    let kinds =
      (0..<RandomQuery.kinds).map { "expression \($0)" } + (0...7).map { "literal \($0)" }
      + (0...6).map { "call \($0)" } + (0...2).map { "special \($0)" } + (0...4).map { "bound \($0)" }
      + (0...3).map { "grouping \($0)" }
      + ["INNER", "LEFT", "RIGHT", "FULL", "CROSS", "LEFT SEMI", "LEFT ANTI"].map { "join " + $0 }
      + ["UNION", "EXCEPT", "INTERSECT"].map { "set " + $0 } + [
        "with", "values", "nested", "select", "derived", "table",
      ]
    for kind in kinds { #expect(random.made[kind, default: 0] > 20, "\(kind)") }
  }

  @Test(arguments: [
    (
      "select a from t x where ((a+1)*2 = 3) and not (b is null)",
      "SELECT a FROM t AS x WHERE (a + 1) * 2 = 3 AND NOT b IS NULL"
    ),
    ("select - -1, a-(b-c), (a-b)-c", "SELECT - -1, a - (b - c), a - b - c"),
    ("select 1L, 1.5BD, 2D, x::int", "SELECT CAST(1 AS BIGINT), 1.5, 2e0, CAST(x AS INT)"),
    ("select interval 1 day 2 hours", "SELECT INTERVAL '1 day 2 hours'"),
    ("select * from values (1), (2) as v(a)", "SELECT * FROM (VALUES (1), (2)) AS v (a)"),
    ("select a from t group by a, b with rollup", "SELECT a FROM t GROUP BY ROLLUP (a, b)"),
    ("select a from t group by a grouping sets ((a), ())", "SELECT a FROM t GROUP BY GROUPING SETS ((a), ())"),
    ("select ((select 1) + 1) from ((select 1 a) x join b)", "SELECT (SELECT 1) + 1 FROM (SELECT 1 AS a) AS x JOIN b"),
    ("select 1 minus select 2 limit all", "SELECT 1 EXCEPT SELECT 2"),
    ("select !a, b !in (1), c is not unknown", "SELECT NOT a, b NOT IN (1), c IS NOT NULL"),
    ("select a between 1 and 2 = c, d like e = f", "SELECT a BETWEEN 1 AND 2 = c, d LIKE e = f"),
    ("select sum(a) over (w) from t window w as (order by b)", "SELECT sum(a) OVER w FROM t WINDOW w AS (ORDER BY b)"),
  ])
  func textIsCanonical(_ text: String, _ canonical: String) throws {
    #expect(SQLPrinter.text(try SQLParser.parse(text)) == canonical)
  }

  @Test(arguments: [
    ("a is null = b", "parentheses"), ("not a is null is null", "parentheses"), ("a is null + 1", "parentheses"),
    ("a & b", "bit operator"), ("a | b", "bit operator"), ("~a", "bit operator"), ("f(x -> x)", "lambda"),
    ("a[1]", "ARRAY"),
    ("f(a).b", "STRUCT"), ("* except (a)", "* EXCEPT"), ("* replace (1 as a)", "* REPLACE"),
    ("a like any ('x')", "LIKE ANY"),
    ("a from t group by all", "GROUP BY ALL"), ("a from t lateral view explode(x)", "LATERAL VIEW"),
    ("a from t pivot (sum(b) for c in (1))", "PIVOT"), ("a from t tablesample (1 rows)", "TABLESAMPLE"),
    ("a from t cluster by a", "CLUSTER BY"), ("a from t where b distribute by a", "DISTRIBUTE BY"),
    ("a from t sort by a", "SORT BY"), ("x'00'", "BINARY"), ("cast(a as array<int>)", "ARRAY"),
    ("300Y", "suffixes"), ("interval 1", "unit"), ("interval '1-2' year to month", "TO"),
    ("1 order by 1 union select 2", "parentheses"),
    ("a from b natural", "should end"),
  ])
  func whatIsNotAvailableIsNamed(_ text: String, _ part: String) {
    #expect { try SQLParser.parse("SELECT " + text) } throws: { error in
      (error as? SyntaxError)?.message.contains(part) == true
    }
  }
}
