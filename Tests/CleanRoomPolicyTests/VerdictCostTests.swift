import CleanRoomModel
import CleanRoomPlanning
import Foundation
import Testing

@testable import CleanRoomPolicy

/// What one verdict costs. Measured in a release build by `Scripts/bench-verdict`.
@Suite struct VerdictCostTests {
  private static let isMeasuring = ProcessInfo.processInfo.environment["CLEANROOM_MEASURE_VERDICT"] != nil

  @Test(.enabled(if: isMeasuring)) func foundingQuery() throws {
    let context = try Fixture.context([Fixture.purchases(), Fixture.impressions()])
    let microseconds = try Self.median(of: 21) {
      guard case .approved = QueryPolicy.check(sql: HowToTests.foundingQuery, in: context) else {
        Issue.record("refused")
        return
      }
    }
    print("verdict: \(microseconds) µs for the founding query (limit 50)")
    #expect(microseconds <= 50)
  }

  @Test(.enabled(if: isMeasuring)) func customQuery() throws {
    let sql = """
      WITH a AS (SELECT email, COUNT(*) AS n FROM visits WHERE page <> 'x' GROUP BY email)
      SELECT p.region, SUM(a.n), AVG(p.spend) FROM people p LEFT JOIN a ON p.email = a.email
      WHERE p.age BETWEEN 20 AND 40 GROUP BY p.region ORDER BY 2 DESC LIMIT 10
      """
    let context = try CustomResolverTests.context()
    let verdict = try Self.median(of: 21) { _ = QueryPolicy.check(sql: sql, in: context) }
    guard case .approved(let approved) = QueryPolicy.check(sql: sql, in: context) else {
      Issue.record("refused")
      return
    }
    let plan = try Self.median(of: 21) { _ = QueryPlanner.plan(approved, joinsDifferentNames: true) }
    print("verdict: \(verdict) µs and plan: \(plan) µs for a CUSTOM query with a common table")
  }

  /// - Returns: microseconds of processor time of one call, which hold still on a busy machine: the median of several
  ///   batches of a thousand.
  private static func median(of batches: Int, _ call: () throws -> Void) throws -> Double {
    var times: [Double] = []
    for _ in 0..<batches {
      let start = clock()
      for _ in 0..<1_000 { try call() }
      times.append(Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1_000)
    }
    return (times.sorted()[batches / 2] * 10).rounded() / 10
  }
}
