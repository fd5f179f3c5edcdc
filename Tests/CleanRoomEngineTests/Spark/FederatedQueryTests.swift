import CleanRoomModel
import CleanRoomPlanning
import Foundation
import Testing

@testable import CleanRoomEngine

/// The plan over gathered columns and tokens gives what the query gives over the raw tables.
struct FederatedQueryTests {
  /// `CLEANROOM_FEDERATED` sets how many queries are tried.
  private static var count: Int {
    ProcessInfo.processInfo.environment["CLEANROOM_FEDERATED"].flatMap { Int($0) } ?? 200
  }

  @Test func plansGiveWhatRawTablesGive() throws {
    var source = RandomSparkQuery(seed: 21)
    let bench = try QueryBench(RandomSparkQuery.tables)
    for number in 0..<Self.count {
      if number % 20 == 0 {
        try bench.fill("people", source.rows(of: "people", 30))
        try bench.fill("visits", source.rows(of: "visits", 40))
      }
      let sql = source.next()
      do {
        let plan = try bench.plan(sql)
        let seen = try bench.run(plan)
        let expected = try bench.read(Self.raw(sql, plan.combination.output))
        let same = Self.sorted(seen) == Self.sorted(expected)
        #expect(same, "\(sql)\n\(Self.sorted(seen))\n\(Self.sorted(expected))\n\(plan.combination.sql)")
      } catch {
        Issue.record("\(sql): \(error)")
      }
    }
  }

  /// The engine's names for semi joins, and Spark's result types.
  private static func raw(_ sql: String, _ output: [ResultColumn]) -> String {
    let query = sql.replacing("LEFT SEMI JOIN", with: "SEMI JOIN").replacing("LEFT ANTI JOIN", with: "ANTI JOIN")
      .replacing(
        "COUNT(DISTINCT p.email, p.age)",
        with: "COUNT(DISTINCT CASE WHEN p.email IS NOT NULL AND p.age IS NOT NULL THEN (p.email, p.age) END)")
    let names = output.indices.map { "o\($0)" }
    let cells = zip(names, output).map { "CAST(\($0) AS \(EngineTypes.sql($1.type))) AS \($0)" }
    return "SELECT \(cells.joined(separator: ", ")) FROM (\(query)) AS q(\(names.joined(separator: ", ")))"
  }

  private static func sorted(_ result: BenchResult) -> [String] {
    result.rows.map { $0.joined(separator: "|").replacing("-0.0", with: "0.0") }.sorted()
  }
}
