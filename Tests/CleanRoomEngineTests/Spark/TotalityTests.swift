import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomEngine

/// Nothing that is approved can fail on any data. `CLEANROOM_TOTALITY` sets how many expressions are tried.
struct TotalityTests {
  private static var count: Int {
    ProcessInfo.processInfo.environment["CLEANROOM_TOTALITY"].flatMap { Int($0) } ?? 2000
  }

  private static func bench(_ random: inout SeededRandom, rows: Int) throws -> QueryBench {
    let bench = try QueryBench([.init(name: "t", columns: HostileValues.columns)])
    try bench.fill("t", (0..<rows).map { _ in HostileValues.row(&random) })
    return bench
  }

  /// Runs queries until enough have been approved.
  private func run(_ wanted: Int, seed: UInt64, _ make: (inout RandomSparkExpression) -> String) throws {
    var random = SeededRandom(seed)
    var source = RandomSparkExpression(seed: seed)
    let bench = try Self.bench(&random, rows: 40)
    var (approved, tried) = (0, 0)
    while approved < wanted, tried < wanted * 20 {
      tried += 1
      let sql = make(&source)
      guard let plan = try? bench.plan(sql) else { continue }
      approved += 1
      do {
        _ = try bench.run(plan)
      } catch {
        Issue.record("\(sql): \(error)\n\(plan.combination.sql)")
      }
    }
    #expect(approved >= wanted, "too few of the random queries are approved: \(approved) of \(tried)")
  }

  @Test func expressions() throws {
    try run(Self.count / 4, seed: 11) { source in
      let list = (0..<4).map { "\(source.next()) AS v\($0)" }
      return "SELECT \(list.joined(separator: ", ")) FROM t"
    }
  }

  @Test func conditions() throws {
    try run(Self.count / 10, seed: 12) { "SELECT i, l FROM t WHERE \($0.next("?"))" }
  }

  @Test func aggregates() throws {
    let calls = [
      "SUM(#)", "AVG(#)", "SUM(DISTINCT #)", "AVG(DISTINCT #)", "MIN(*)", "MAX(*)", "COUNT(DISTINCT *, *)",
      "MEDIAN(#)", "PERCENTILE(#, 0.3)", "APPROX_PERCENTILE(#, 0.9)", "STDDEV(#)", "VAR_POP(#)", "STDDEV_POP(#)",
      "VAR_SAMP(#)", "BOOL_AND(?)", "COUNT_IF(?)", "SUM(#) FILTER (WHERE ?)", "MEDIAN(#) FILTER (WHERE ?)",
      "STDDEV(#) FILTER (WHERE ?)", "ANY_VALUE($)", "APPROX_COUNT_DISTINCT(*)",
    ]
    try run(Self.count / 10, seed: 13) { source in
      let call = source.filled(source.random.pick(calls), depth: 2)
      return "SELECT \(source.next(depth: 1)) AS k, \(call) AS v FROM t GROUP BY 1"
    }
  }

  @Test func windows() throws {
    let calls = [
      "SUM(#)", "AVG(#)", "COUNT(*)", "MIN(#)", "MAX($)", "ROW_NUMBER()", "RANK()", "NTILE(3)", "LAG(*)",
      "LEAD(#, 2, 0)", "FIRST_VALUE(*)", "LAST_VALUE($)", "NTH_VALUE(#, 2)", "PERCENT_RANK()", "CUME_DIST()",
    ]
    let frames = [
      "", "", "ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", "RANGE BETWEEN 2147483647 PRECEDING AND 1 FOLLOWING",
      "RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING", "ROWS BETWEEN 2147483647 PRECEDING AND 2147483647 FOLLOWING",
    ]
    try run(Self.count / 10, seed: 14) { source in
      let call = source.filled(source.random.pick(calls), depth: 2)
      let order = source.random.pick(["i", "l", "y", "d", "x", "s", source.next("@", depth: 2)])
      return "SELECT \(call) OVER (PARTITION BY b ORDER BY \(order) \(source.random.pick(frames))) AS v FROM t"
    }
  }

  // MARK: Bounds

  private static func nested(_ start: String, _ times: Int, _ wrap: (String) -> String) -> String {
    (0..<times).reduce(start) { text, _ in wrap(text) }
  }

  @Test(arguments: [
    nested("s", 3) { "repeat(\($0), 100)" }, nested("s", 16) { "concat(\($0), s, \($0))" },
    nested("s", 8) { "replace(\($0), 'l', 'looooooong')" }, nested("s", 5) { "replace(\($0), 'l', \($0))" },
    nested("s", 20) { "hex(\($0))" }, "repeat(lpad(s, 10000), 10)", "repeat((SELECT MAX(repeat(s, 500)) FROM t), 500)",
  ])
  func textsCannotGrowWithoutEnd(_ expression: String) throws {
    var random = SeededRandom(1)
    let bench = try Self.bench(&random, rows: 3)
    #expect(throws: QueryBench.Refused.self) { try bench.plan("SELECT length(\(expression)) AS v FROM t") }
  }

  @Test func growthIsCountedThroughDerivedTables() throws {
    var random = SeededRandom(1)
    let bench = try Self.bench(&random, rows: 3)
    let derived = Self.nested("t", 20) { "(SELECT s || s AS s FROM \($0))" }
    #expect(throws: QueryBench.Refused.self) { try bench.plan("SELECT s FROM \(derived)") }
    let common = (1...20).map { "q\($0) AS (SELECT concat(s, s) AS s FROM \($0 == 1 ? "t" : "q\($0 - 1)"))" }
    #expect(throws: QueryBench.Refused.self) {
      try bench.plan("WITH \(common.joined(separator: ", ")) SELECT COUNT(*) AS n FROM q20 WHERE s = 'a'")
    }
    let few = Self.nested("t", 5) { "(SELECT s || s AS s FROM \($0))" }
    #expect(try bench.run(try bench.plan("SELECT s FROM \(few)")).rows.count == 3)
  }

  /// What is written once but used twice must not double with every level.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("i", "nullif(@, 1)"), ("b", "(@ BETWEEN b AND b)"), ("i", "CASE @ WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE i END"),
      ("i", "pmod(@, 7)"), ("i", "(@ + 1)"), ("s", "upper(@)"), ("s", "lower(@)"), ("d", "date_add(@, 1)"),
      ("x", "round(@, 2)"),
      ("s", "substring(@, 2)"), ("n", "CAST(@ / 2 AS DECIMAL(12,2))"), ("s", "CAST(CAST(@ AS INT) AS STRING)"),
    ])
  func nestingStaysAsLongAsItIsWritten(_ start: String, _ template: String) throws {
    var random = SeededRandom(1)
    let bench = try Self.bench(&random, rows: 3)
    for depth in [10, 25, 60] {
      let expression = Self.nested(start, depth) { template.replacing("@", with: $0) }
      guard let plan = try? bench.plan("SELECT \(expression) AS v FROM t") else { continue }
      #expect(throws: Never.self, "\(depth) times \(template)") { try bench.run(plan) }
    }
    let derived = Self.nested("t", 30) { "(SELECT i + i AS i FROM \($0))" }
    let plan = try bench.plan("SELECT i FROM \(derived) WHERE i > 3")
    #expect(try bench.run(plan).rows.allSatisfy { !$0.isEmpty })
  }
}
