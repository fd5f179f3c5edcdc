import CleanRoomModel
import Testing

@testable import CleanRoomPolicy

/// Judging a query costs about as much as reading it, however its parts refer to each other.
@Suite struct CustomRuleBoundsTests {
  private static func context() throws -> PolicyContext {
    var rule = CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: [Fixture.partner])
    rule.disallowedOutputColumns = ["email"]
    rule.comparisonControls = .init(allowedLiteralComparisonColumns: ["n"], allowedColumnComparisonColumns: ["n"])
    rule.aggregationThresholds = [
      .init(identityColumns: ["email"], minimumIdentityCount: 5, allowedAggregateExpressionType: .columnsOnly)
    ]
    let people = try Fixture.table(
      "people", owner: Fixture.retailer,
      columns: [PublishedColumn(name: "email", type: .string), PublishedColumn(name: "n", type: .integer)],
      rule: .custom(rule))
    return Fixture.context([people], runner: Fixture.partner)
  }

  private static func elapsed(_ sql: String, isPermitted: Bool = true) throws -> Duration {
    let context = try Self.context()
    return ContinuousClock().measure {
      switch QueryPolicy.check(sql: sql, in: context) {
      case .approved: #expect(isPermitted)
      case .refused(let reasons): #expect(!isPermitted, "\(reasons.map(\.message))")
      }
    }
  }

  @Test func commonTablesThatReadEachOtherTwice() throws {
    var tables = ["t0 AS (SELECT n, COUNT(*) AS c FROM people GROUP BY n)"]
    for index in 1...60 {
      let before = "t\(index - 1)"
      tables.append("t\(index) AS (SELECT n, c FROM \(before) UNION ALL SELECT c, n FROM \(before))")
    }
    let sql = "WITH \(tables.joined(separator: ", ")) SELECT n, SUM(c) FROM t60 WHERE n = 1 GROUP BY n"
    #expect(try Self.elapsed(sql) < .seconds(5))
  }

  @Test func subqueriesInsideEachOther() throws {
    var value = "1"
    for index in 0..<30 { value = "(SELECT SUM(n) FROM people AS p\(index) WHERE n > \(value))" }
    #expect(try Self.elapsed("SELECT \(value) FROM people GROUP BY n") < .seconds(5))
  }

  @Test func longLists() throws {
    let list = (0..<20_000).map(String.init).joined(separator: ", ")
    #expect(try Self.elapsed("SELECT n, COUNT(*) FROM people WHERE n IN (\(list)) GROUP BY n") < .seconds(10))
    #expect(
      try Self.elapsed("SELECT COUNT(*) FROM people WHERE email IN (\(list))", isPermitted: false) < .seconds(10))
  }
}
