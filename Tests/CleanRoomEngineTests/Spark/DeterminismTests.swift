import CleanRoomModel
import CleanRoomPlanning
import Testing

@testable import CleanRoomEngine

/// Equal data gives equal bytes, whatever the order of the rows and the number of threads.
struct DeterminismTests {
  private static let extras = [
    "SELECT SUM(x) AS a, AVG(x) AS b, STDDEV(x) AS c, MEDIAN(x) AS d FROM t",
    "SELECT k, SUM(x * 0.1) AS a, VAR_POP(x) AS b FROM t GROUP BY k",
    "SELECT k, ROW_NUMBER() OVER (ORDER BY k) AS n, x FROM t",
    "SELECT x, LAG(x) OVER (PARTITION BY k ORDER BY g) AS p FROM t",
    "SELECT FIRST_VALUE(x) OVER (PARTITION BY k ORDER BY g) AS f, LAST_VALUE(x) OVER (PARTITION BY k ORDER BY g) AS l FROM t",
    "SELECT SUM(x) OVER (PARTITION BY k ORDER BY g ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS s FROM t",
    "SELECT SUM(x) OVER (PARTITION BY k ORDER BY g) AS s FROM t",
    "SELECT NTILE(7) OVER (ORDER BY g) AS n, COUNT(*) OVER () AS c FROM t",
    "SELECT COUNT(*) AS n, SUM(x) AS s FROM (SELECT x FROM t ORDER BY g LIMIT 50) z",
    "SELECT x FROM (SELECT x, k FROM t LIMIT 40) z",
    "SELECT MIN(x) AS a, MAX(x) AS b, ANY_VALUE(x) AS c FROM t WHERE x = 0 GROUP BY k",
    "SELECT DISTINCT x FROM t", "SELECT x FROM t UNION SELECT g FROM t", "SELECT APPROX_PERCENTILE(x, 0.4) AS p FROM t",
    "SELECT x, COUNT(*) AS n FROM t GROUP BY x", "SELECT -x AS y, x FROM t ORDER BY k LIMIT 30",
    "SELECT k, (SELECT SUM(u.x) FROM t u WHERE u.k = t.k) AS s FROM t LIMIT 20",
  ]

  private static func rows() -> [String] {
    var random = SeededRandom(31)
    return (0..<600).map { _ in
      let x = random.pick(["0.0", "-0.0", "0.1", "1e17", "-1e17", "3.3333333", "1e-9", "NULL", "7.7"])
      return "(\(random.next() % 5), \(random.next() % 11), CAST('\(x)' AS DOUBLE))".replacing(
        "CAST('NULL' AS DOUBLE)", with: "NULL")
    }
  }

  private static func results(_ queries: [String], threads: Int, seed: UInt64) throws -> [BenchResult] {
    var random = SeededRandom(seed)
    let bench = try QueryBench(
      RandomSparkQuery.tables + [.init(name: "t", columns: [("k", .integer), ("g", .integer), ("x", .double)])],
      threads: threads)
    var source = RandomSparkQuery(seed: 32)
    try bench.fill("people", source.rows(of: "people", 120).shuffled(using: &random))
    try bench.fill("visits", source.rows(of: "visits", 50).shuffled(using: &random))
    try bench.fill("t", rows().shuffled(using: &random))
    return try queries.map { try bench.run(try bench.plan($0)) }
  }

  @Test func orderAndThreadsDoNotShow() throws {
    var source = RandomSparkQuery(seed: 33)
    let queries = Self.extras + (0..<183).map { _ in source.next() }
    let first = try Self.results(queries, threads: 1, seed: 1)
    for (threads, seed) in [(1, UInt64(2)), (4, 3)] {
      let other = try Self.results(queries, threads: threads, seed: seed)
      for (query, pair) in zip(queries, zip(first, other)) {
        #expect(pair.0 == pair.1, "\(query), \(threads) threads")
      }
    }
  }
}
