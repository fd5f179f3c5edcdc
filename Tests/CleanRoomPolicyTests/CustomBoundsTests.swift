import CleanRoomModel
import CleanRoomPlanning
import CleanRoomSQL
import Testing

@testable import CleanRoomPolicy

/// Hostile queries over CUSTOM tables: whatever they repeat or nest, verdict and plan come soon and stay small.
@Suite struct CustomBoundsTests {
  /// With and without thresholds and controls.
  private static func contexts() throws -> [PolicyContext] {
    let open = CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: ["111122223333"])
    var strict = open
    strict.aggregationThresholds = [
      .init(identityColumns: ["email"], minimumIdentityCount: 10, allowedAggregateExpressionType: .anyExpression)
    ]
    strict.comparisonControls = .init(
      allowedLiteralComparisonColumns: ["age", "active"], allowedColumnComparisonColumns: ["email", "age"])
    strict.disallowedOutputColumns = ["spend"]
    let runner = try #require(AccountID("111122223333"))
    let wide = (0..<1_000).map { ("w\($0)", ColumnType.integer) }
    return try [open, strict].map { rule in
      PolicyContext(
        runner: runner,
        tables: [
          try CustomResolverTests.table("people", CustomResolverTests.people, owner: "444455556666", rule: rule),
          try CustomResolverTests.table("visits", CustomResolverTests.visits, owner: "111122223333", rule: open),
          try CustomResolverTests.table("wide", wide, owner: "111122223333", rule: open),
        ], receivers: [runner], joinsDifferentNames: true, extended: true, now: Timestamp(milliseconds: 0))
    }
  }

  private static func nested(_ levels: Int, _ start: String, _ around: (String, Int) -> String) -> String {
    (0..<levels).reduce(start) { around($0, $1) }
  }

  private static func chain(_ count: Int, _ first: String, _ next: (Int) -> String) -> String {
    "WITH a0 AS (\(first))" + (1..<count).map { ", a\($0) AS (\(next($0 - 1)))" }.joined()
  }

  static let doubling: [String] = [
    "SELECT COUNT(*) FROM people WHERE " + nested(45, "active") { inner, _ in "(\(inner)) BETWEEN FALSE AND TRUE" },
    "SELECT " + nested(20, "age") { inner, _ in "NULLIF(\(inner), 1)" } + " FROM people",
    "SELECT " + nested(20, "age") { inner, _ in "CASE \(inner) WHEN 1 THEN 2 WHEN 2 THEN 3 END" } + " FROM people",
    chain(1_500, "SELECT age AS x, email FROM people") {
      "SELECT l.x + r.x AS x, l.email FROM a\($0) l JOIN a\($0) r ON l.email = r.email"
    } + " SELECT COUNT(x) FROM a1499",
    chain(1_500, "SELECT age AS x FROM people") { "SELECT x FROM a\($0) UNION ALL SELECT x FROM a\($0)" }
      + " SELECT COUNT(x) FROM a1499 WHERE x > 3",
    chain(1_500, "SELECT age AS x FROM people") { "SELECT x + x AS x FROM a\($0)" }
      + " SELECT COUNT(x) FROM a1499 WHERE x > 3",
    nested(20, "SELECT age AS x FROM people") { inner, _ in "SELECT x + x AS x FROM (\(inner)) t" } + " WHERE x > 3",
    nested(14, "SELECT age AS x FROM people") { inner, _ in
      "WITH a AS (\(inner)) SELECT l.x + r.x AS x FROM a l JOIN a r ON l.x = r.x"
    },
    "SELECT COUNT(*) FROM people p WHERE "
      + nested(14, "age = 1") { inner, level in "age IN (SELECT age FROM visits v\(level) WHERE \(inner))" },
  ]

  static let wide: [String] = [
    "SELECT CASE WHEN age IN (" + (0..<5_000).map { "\($0)" }.joined(separator: ",") + ") THEN 1 END AS x, COUNT(*) "
      + "FROM people GROUP BY age HAVING x = 1" + String(repeating: " OR x = 1", count: 10_000),
    "SELECT CASE " + String(repeating: "age + ", count: 60) + "1"
      + (0..<10_000).map { " WHEN \($0) THEN 1" }.joined() + " END FROM people",
    "SELECT " + (0..<900).map { "SUM(age) OVER w AS s\($0)" }.joined(separator: ",")
      + " FROM people WINDOW w AS (PARTITION BY age IN (" + (0..<5_000).map { "\($0)" }.joined(separator: ",") + "))",
    "SELECT *, " + (0..<900).map { "ROW_NUMBER() OVER (ORDER BY w\($0))" }.joined(separator: ",") + " FROM wide",
    chain(1_500, "SELECT * FROM wide") { "SELECT * FROM a\($0)" } + " SELECT w1 FROM a1499",
    "SELECT COUNT(*) FROM people" + (0..<20_000).map { ", visits v\($0)" }.joined(),
    "SELECT COUNT(*) FROM people p" + (0..<80).map { " JOIN wide v\($0) ON p.age = v\($0).w1" }.joined(),
    "SELECT COUNT(*) FROM wide GROUP BY ROLLUP (" + (0..<40_000).map { "w\($0 % 1000)" }.joined(separator: ",") + ")",
    "SELECT COUNT(*) FROM wide GROUP BY " + (0..<500).map { "w\($0)" }.joined(separator: ",") + ", ROLLUP ("
      + (500..<990).map { "w\($0)" }.joined(separator: ",") + ")",
    "SELECT COUNT(*) FROM people WHERE age IN (" + (0..<49_000).map { "\($0)" }.joined(separator: ",") + ")",
    "SELECT * FROM (VALUES " + (0..<20_000).map { "(\($0), 'a')" }.joined(separator: ",") + ") t, people",
    "SELECT * FROM wide" + String(repeating: " UNION SELECT * FROM wide", count: 90),
  ]

  private func expectSoon(_ sql: String) throws {
    for context in try Self.contexts() {
      let start = ContinuousClock.now
      if case .approved(let query) = QueryPolicy.check(sql: sql, in: context) {
        let plan = QueryPlanner.plan(query, joinsDifferentNames: true)
        let size = plan.fragments.reduce(plan.combination.sql.utf8.count) { $0 + $1.sql(relation: "r").utf8.count }
        #expect(size < 4_000_000 + 40 * sql.utf8.count, "\(sql.prefix(80)): \(size) bytes")
      }
      // Unoptimized and beside other tests; what doubles at every level would take years.
      #expect(ContinuousClock.now - start < .seconds(30), "\(sql.prefix(80))")
    }
  }

  @Test(.timeLimit(.minutes(3)), arguments: doubling.indices)
  func nothingDoublesAtEveryLevel(_ index: Int) throws { try expectSoon(Self.doubling[index]) }

  @Test(.timeLimit(.minutes(3)), arguments: wide.indices)
  func repetitionIsBounded(_ index: Int) throws { try expectSoon(Self.wide[index]) }

  /// Words of the corpus left out, doubled and exchanged: any answer will do, as long as there is one.
  @Test func changedQueriesAreAnswered() throws {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let cases = try CorpusTests.cases()
    let words = cases.flatMap { $0.sql.split(separator: " ") }
    for _ in 0..<4_000 {
      let test = cases[random(cases.count)]
      var text = test.sql.split(separator: " ")
      for _ in 0...random(3) {
        let place = random(text.count)
        switch random(4) {
        case 0 where text.count > 1: text.remove(at: place)
        case 1: text.insert(text[place], at: place)
        case 2: text[place] = words[random(words.count)]
        default: text.swapAt(place, random(text.count))
        }
      }
      let sql = text.joined(separator: " ")
      if let query = try? SQLParser.parse(sql) {
        #expect((try? SQLParser.parse(SQLPrinter.text(query))) != nil, "\(sql)")
      }
      guard case .approved(let approved) = QueryPolicy.check(sql: sql, in: test.context) else { continue }
      let plan = QueryPlanner.plan(approved, joinsDifferentNames: test.joinsDifferentNames)
      #expect(!plan.combination.sql.isEmpty && plan.fragments.count == approved.tables.count)
    }
  }
}
