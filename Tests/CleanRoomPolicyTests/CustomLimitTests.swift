import CleanRoomModel
import Testing

@testable import CleanRoomPolicy

/// Every limit of a CUSTOM query: what just keeps it is permitted, one more is refused by its name.
@Suite struct CustomLimitTests {
  private static func context(_ rule: CustomRule) throws -> PolicyContext {
    var context = try CustomResolverTests.context()
    let wide = (0..<1_000).map { ("w\($0)", ColumnType.integer) }
    context.tables = [
      try CustomResolverTests.table("people", CustomResolverTests.people, owner: "444455556666", rule: rule),
      try CustomResolverTests.table("wide", wide, owner: "111122223333", rule: open),
    ]
    return context
  }

  private static let open = CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: ["111122223333"])

  /// - Returns: the limits that the query exceeds; nil where it is permitted.
  private static func exceeded(_ sql: String, _ rule: CustomRule = open) throws -> [String]? {
    switch QueryPolicy.check(sql: sql, in: try context(rule)) {
    case .approved: return nil
    case .refused(let reasons): return reasons.map { "\($0.code.rawValue): \($0.message)" }
    }
  }

  private static func expectLimit(
    _ what: String, _ limit: Int, rule: CustomRule = open, code: String = "limitExceeded",
    location: SourceLocation = #_sourceLocation, _ sql: (Int) -> String
  ) throws {
    let kept = try exceeded(sql(limit), rule)
    #expect(kept == nil, "\(kept?.first ?? "")", sourceLocation: location)
    let found = try #require(try exceeded(sql(limit + 1), rule), sourceLocation: location)
    #expect(
      found.count == 1 && found[0].hasPrefix(code) && found[0].contains(what), "\(found)", sourceLocation: location)
  }

  private static func list(_ count: Int, _ separator: String = ", ", _ item: (Int) -> String) -> String {
    (0..<count).map(item).joined(separator: separator)
  }

  @Test func tablesOfOneFrom() throws {
    try Self.expectLimit("tables in one FROM", 100) { "SELECT 1 FROM " + Self.list($0) { "people p\($0)" } }
    try Self.expectLimit("tables in one FROM", 100) { count in
      let pairs = Self.list(50) { "people a\($0) JOIN people b\($0) ON a\($0).email = b\($0).email" }
      return "SELECT 1 FROM \(pairs)\(count > 100 ? ", people" : "")"
    }
  }

  @Test func tablesOfTheQuery() throws {
    try Self.expectLimit("references to tables", 100) { count in
      "SELECT 1 FROM \(Self.list(50) { "people p\($0)" }) UNION ALL SELECT 2 FROM "
        + Self.list(count - 50) { "people p\($0)" }
    }
  }

  @Test func commonTables() throws {
    try Self.expectLimit("common tables", 2_000) { count in
      "WITH " + Self.list(count) { "c\($0) AS (SELECT 1 AS x)" } + " SELECT age FROM people"
    }
  }

  @Test func itemsOfLists() throws {
    try Self.expectLimit("select list", 1_000) { "SELECT \(Self.list($0) { _ in "age" }) FROM people" }
    try Self.expectLimit("GROUP BY", 1_000) { "SELECT 1 FROM people GROUP BY \(Self.list($0) { _ in "age" })" }
    try Self.expectLimit("ORDER BY", 1_000) { "SELECT age FROM people ORDER BY \(Self.list($0) { _ in "age" })" }
    try Self.expectLimit("select list", 0) { "SELECT \(Self.list($0, "") { _ in "1, " })* FROM wide" }
  }

  @Test func windows() throws {
    try Self.expectLimit("window functions", 1_000) { count in
      let window = "COUNT(*) OVER ()"
      return "SELECT \(Self.list(500) { _ in window }) FROM people UNION ALL "
        + "SELECT \(Self.list(count - 500) { _ in window })\(Self.list(max(0, 1_000 - count), "") { _ in ", 1" }) FROM people"
    }
  }

  @Test func groupingSets() throws {
    try Self.expectLimit("GROUP BY", 1_000) { count in
      "SELECT COUNT(*) FROM people GROUP BY GROUPING SETS (\(Self.list(count) { _ in "()" }))"
    }
    // Ten thousand keys of all sets together.
    try Self.expectLimit("GROUP BY", 0) { extra in
      let keys = "email, region, age, spend, joined, active, age + 1, age + 2, age + 3, age + 4"
      let sets = Self.list(1_000) { "(\(keys)\($0 < extra ? ", age + 5" : ""))" }
      return "SELECT COUNT(*) FROM people GROUP BY GROUPING SETS (\(sets))"
    }
    try Self.expectLimit("GROUP BY", 9) {
      "SELECT COUNT(*) FROM people GROUP BY CUBE (\(Self.list($0) { "age + \($0)" }))"
    }
    let many = try Self.exceeded("SELECT COUNT(*) FROM people GROUP BY CUBE (\(Self.list(11) { "age + \($0)" }))")
    #expect(many?.first?.contains("CUBE") == true)
  }

  @Test func whatIsWrittenOnceAndStandsTwice() throws {
    // `age + 1` has four parts beside itself.
    try Self.expectLimit("repeats long", 5_000) { count in
      "SELECT age FROM people WHERE " + Self.list(count, " OR ") { _ in "age + 1 BETWEEN 1 AND 2" }
    }
    try Self.expectLimit("repeats long", 5_000) { count in
      "SELECT age FROM people WHERE " + Self.list(count, " OR ") { _ in "NULLIF(age + 1, 1) = 2" }
    }
    try Self.expectLimit("repeats long", 30) { Self.list($0, " UNION ALL ") { _ in "SELECT * FROM wide" } }
  }

  @Test func columnsOfJoins() throws {
    try Self.expectLimit("columns in its joins", 0) { extra in
      "WITH w AS (SELECT * FROM wide), " + Self.list(100) { "c\($0) AS (SELECT 1 AS x FROM w a, w b)" }
        + " SELECT p.age FROM people p" + Self.list(extra, "") { _ in ", people q" }
    }
  }

  @Test func repeatedOperands() throws {
    let long = "GREATEST(\(Self.list(600) { _ in "age" }))"
    for (what, sql) in [
      ("BETWEEN", "SELECT age FROM people WHERE \(long) BETWEEN 1 AND 2"),
      ("CASE", "SELECT CASE \(long) WHEN 1 THEN 2 END FROM people"),
      ("NULLIF", "SELECT NULLIF(\(long), 1) FROM people"),
    ] {
      let found = try #require(try Self.exceeded(sql))
      #expect(found.count == 1 && found[0].contains(what), "\(found)")
    }
  }

  @Test func textsThatGrow() throws {
    let found = try Self.exceeded("SELECT REPEAT(REPEAT(REPEAT(region, 1000), 1000), 1000) FROM people")
    #expect(found == ["limitExceeded: \(ReasonText.textGrowth)"])
  }

  @Test func identitiesOfOneFrom() throws {
    var rule = Self.open
    rule.aggregationThresholds = [
      .init(identityColumns: ["email"], minimumIdentityCount: 10, allowedAggregateExpressionType: .columnsOnly)
    ]
    try Self.expectLimit("identity columns", 50, rule: rule, code: "unsupportedConstruct") { count in
      "WITH c AS (SELECT a.email AS x, b.email AS y FROM people a, people b) SELECT COUNT(*) FROM "
        + Self.list(count) { "c c\($0)" }
    }
  }
}
