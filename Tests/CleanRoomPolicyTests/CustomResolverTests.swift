import CleanRoomModel
import Testing

@testable import CleanRoomPolicy

/// Names, scopes and shapes of queries over CUSTOM tables.
struct CustomResolverTests {
  static let people: [(String, ColumnType)] = [
    ("email", .string), ("region", .string), ("age", .integer), ("spend", .decimal(precision: 12, scale: 2)),
    ("joined", .date), ("active", .boolean), ("score", .double),
  ]
  static let visits: [(String, ColumnType)] = [
    ("email", .string), ("page", .string), ("seen", .timestamp), ("age", .bigint),
  ]

  static func table(
    _ name: String, _ columns: [(String, ColumnType)], owner: String,
    rule: CustomRule = CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: ["111122223333"])
  ) throws -> PublishedTable {
    return PublishedTable(
      collaboration: try #require(CollaborationID("11111111-1111-4111-8111-111111111111")),
      owner: try #require(AccountID(owner)), name: name,
      association: try #require(AssociationID("22222222-2222-4222-8222-222222222222")),
      configuredTable: try #require(ConfiguredTableID("33333333-3333-4333-8333-333333333333")), description: "",
      columns: columns.map { PublishedColumn(name: $0.0, type: $0.1) }, rule: .custom(rule),
      allowedResultReceivers: nil, unavailable: nil, createdAt: Timestamp(milliseconds: 0),
      updatedAt: Timestamp(milliseconds: 0))
  }

  func verdict(_ sql: String) throws -> Verdict { QueryPolicy.check(sql: sql, in: try Self.context()) }

  static func context() throws -> PolicyContext {
    let runner = try #require(AccountID("111122223333"))
    return PolicyContext(
      runner: runner,
      tables: [
        try Self.table("people", Self.people, owner: "111122223333"),
        try Self.table("visits", Self.visits, owner: "444455556666"),
      ], receivers: [runner], joinsDifferentNames: true, extended: true, now: Timestamp(milliseconds: 0))
  }

  @Test(arguments: [
    "SELECT * FROM people",
    "SELECT p.*, v.page FROM people p JOIN visits v ON p.email = v.email",
    "SELECT email, page FROM people JOIN visits USING (email)",
    "SELECT * FROM people NATURAL JOIN visits",
    "SELECT region, COUNT(*) AS n FROM people GROUP BY region HAVING n > 3 ORDER BY n DESC, 1 LIMIT 5 OFFSET 2",
    "SELECT region r, SUM(spend) / COUNT(*) FROM people GROUP BY r",
    "WITH a AS (SELECT email, COUNT(*) n FROM visits GROUP BY email) SELECT region, SUM(n) FROM people JOIN a USING (email) GROUP BY 1",
    "WITH a(x) AS (SELECT email FROM visits), b AS (SELECT x FROM a) SELECT COUNT(DISTINCT x) FROM b",
    "SELECT region FROM people WHERE email IN (SELECT email FROM visits WHERE page = 'a')",
    "SELECT region FROM people p WHERE EXISTS (SELECT 1 FROM visits v WHERE v.email = p.email AND v.age > p.age)",
    "SELECT region, (SELECT COUNT(*) FROM visits v WHERE v.email = p.email) FROM people p",
    "SELECT region, (SELECT COUNT(*) FROM visits v WHERE v.page = p.region) FROM people p GROUP BY region",
    "SELECT email FROM people UNION SELECT email FROM visits ORDER BY 1 LIMIT 3",
    "SELECT age FROM people INTERSECT SELECT age FROM visits EXCEPT SELECT 3",
    "SELECT region, age, COUNT(*) FROM people GROUP BY ROLLUP (region, age)",
    "SELECT region, age, COUNT(*) FROM people GROUP BY GROUPING SETS ((region), (age), ())",
    "SELECT email, ROW_NUMBER() OVER (PARTITION BY region ORDER BY age DESC) FROM people",
    "SELECT region, SUM(COUNT(*)) OVER (ORDER BY region) FROM people GROUP BY region",
    "SELECT CASE WHEN age > 30 THEN 'old' ELSE 'young' END AS band, COUNT(*) FROM people GROUP BY CASE WHEN age > 30 THEN 'old' ELSE 'young' END",
    "SELECT CASE region WHEN 'EU' THEN 1 END FROM people WHERE active AND NOT active IS TRUE",
    "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t(x, y), people",
    "SELECT * FROM people LEFT SEMI JOIN visits ON people.email = visits.email",
    "SELECT coalesce(p.email, v.email) FROM people p FULL JOIN visits v ON p.email <=> v.email",
    "SELECT DISTINCT region FROM people ORDER BY region",
    "SELECT age FROM people WHERE age NOT IN (SELECT v.age FROM visits v FULL JOIN people q ON v.age = q.age)",
    "SELECT joined + INTERVAL '3' DAY FROM people",
    "SELECT x FROM (SELECT age + 1 AS x FROM people) WHERE x BETWEEN 3 AND 5",
    "SELECT SUM(age) FROM people p WHERE (email, age) IN (SELECT email, age FROM visits)",
    "SELECT SUM(age) OVER w FROM people WINDOW w AS (PARTITION BY region ORDER BY age ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
  ])
  func permits(_ sql: String) throws {
    guard case .refused(let reasons) = try verdict(sql) else { return }
    Issue.record("\(sql): \(reasons.map(\.message))")
  }

  @Test(arguments: [
    ("SELECT missing FROM people", RefusalReason.Code.unknownColumn),
    ("SELECT email FROM people, visits", .ambiguousName),
    ("SELECT region, age FROM people GROUP BY region", .groupingMismatch),
    ("SELECT region FROM people p GROUP BY region HAVING age > 3", .groupingMismatch),
    ("SELECT (SELECT COUNT(*) FROM visits v WHERE v.age = p.age) FROM people p GROUP BY region", .groupingMismatch),
    ("SELECT region FROM people WHERE SUM(age) > 3", .aggregateNotAllowed),
    ("SELECT SUM(SUM(age)) FROM people", .aggregateNotAllowed),
    ("SELECT region FROM people WHERE ROW_NUMBER() OVER (ORDER BY age) = 1", .unsupportedConstruct),
    ("SELECT a FROM people UNION SELECT email, age FROM visits", .unknownColumn),
    ("SELECT age FROM people UNION SELECT email, age FROM visits", .typeMismatch),
    ("SELECT * FROM people p JOIN visits p ON p.email = p.email", .ambiguousName),
    ("SELECT nosuch(age) FROM people", .functionNotAllowed),
    ("SELECT age FROM people WHERE age = :a", .unsupportedConstruct),
    ("SELECT (SELECT email, age FROM visits) FROM people", .typeMismatch),
    ("WITH RECURSIVE r AS (SELECT 1) SELECT * FROM people", .unsupportedConstruct),
    ("SELECT DISTINCT region FROM people ORDER BY age", .groupingMismatch),
    ("SELECT age FROM people LIMIT age", .unsupportedConstruct),
    ("SELECT x.* FROM people", .unknownTable),
    (
      "SELECT age FROM people p WHERE age NOT IN (SELECT p.age FROM visits v FULL JOIN people q ON v.age = q.age)",
      .unsupportedConstruct
    ),
    ("SELECT v.page FROM people LEFT SEMI JOIN visits v ON people.email = v.email", .unknownTable),
  ])
  func refuses(_ sql: String, _ code: RefusalReason.Code) throws {
    guard case .refused(let reasons) = try verdict(sql) else {
      Issue.record("\(sql) was permitted")
      return
    }
    #expect(reasons.map(\.code).contains(code), "\(sql): \(reasons.map(\.message))")
  }
}
