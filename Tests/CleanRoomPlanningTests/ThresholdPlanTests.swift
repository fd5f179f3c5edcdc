import CleanRoomModel
import CleanRoomPlanning
import Testing

/// Where thresholds of CUSTOM rules stand in what the engine is given.
@Suite struct ThresholdPlanTests {
  private static func people() throws -> PublishedTable {
    var rule = CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: [Fixture.retailer])
    rule.aggregationThresholds = [.init(identityColumns: ["email"], minimumIdentityCount: 17)]
    return try Fixture.table(
      "people", owner: Fixture.partner,
      columns: [
        PublishedColumn(name: "email", type: .string), PublishedColumn(name: "region", type: .string),
        PublishedColumn(name: "age", type: .integer),
      ], rule: .custom(rule))
  }

  private static func text(_ sql: String) throws -> String {
    try Fixture.plan(sql, [people()]).combination.sql
  }

  /// How many parentheses are open where a part stands.
  private static func depth(of part: String, in text: String) throws -> Int {
    let place = try #require(text.firstRange(of: part), "\(part) in \(text)")
    return text[..<place.lowerBound].reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
  }

  /// A window over hidden groups would show by its ranks and sums that they are there.
  @Test func windowsSeeWhatTheThresholdLeft() throws {
    let text = try Self.text("SELECT region, RANK() OVER (ORDER BY AVG(age)) FROM people GROUP BY region")
    // WHERE of the same SELECT, or of one inside it: both come before its windows.
    #expect(text.contains(" WHERE n0.x3 >= 17"), "\(text)")
    #expect(try Self.depth(of: ">= 17", in: text) >= Self.depth(of: "rank() OVER (", in: text), "\(text)")
  }

  @Test func limitsAndOrdersSeeWhatTheThresholdLeft() throws {
    let text = try Self.text("SELECT region, AVG(age) AS a FROM people GROUP BY region ORDER BY a LIMIT 3")
    let (threshold, limit) = (text.firstRange(of: ">= 17"), text.firstRange(of: "LIMIT 3"))
    #expect(try #require(threshold).lowerBound < #require(limit).lowerBound, "\(text)")
    #expect(try Self.depth(of: ">= 17", in: text) >= Self.depth(of: "LIMIT 3", in: text), "\(text)")
  }

  @Test func weakerConditionsStandBesideTheThreshold() throws {
    let text = try Self.text("SELECT region FROM people GROUP BY region HAVING COUNT(*) > 1 OR TRUE")
    #expect(text.contains(">= 17 AND ("), "\(text)")
  }

  @Test(arguments: [
    "SELECT SUM(age) FROM people", "SELECT DISTINCT region FROM people",
    "SELECT SUM(n) FROM (SELECT email, SUM(age) AS n FROM people GROUP BY email)",
    "SELECT region, SUM(n) FROM (SELECT region, SUM(age) AS n FROM people GROUP BY email, region) GROUP BY region",
    "WITH a AS (SELECT region, age FROM people) SELECT AVG(age) FROM a",
    "SELECT a.region, SUM(a.age) FROM people a JOIN people b ON a.email = b.email GROUP BY a.region",
  ])
  func everyQueryCountsIdentities(_ sql: String) throws {
    let text = try Self.text(sql)
    #expect(text.contains("count(DISTINCT") && text.contains(">= 17"), "\(text)")
  }
}
