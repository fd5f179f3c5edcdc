import CleanRoomModel
import Testing

@testable import CleanRoomPolicy

/// What CUSTOM rules forbid and demand, each clause both ways.
struct CustomRulesTests {
  private static let runner = "111122223333"
  private static let other = "444455556666"
  private static let arn =
    "arn:aws:cleanrooms:us-east-1:444455556666:membership/11111111-1111-4111-8111-111111111111/analysistemplate/"
    + "22222222-2222-4222-8222-222222222222"

  private static func open() -> CustomRule {
    CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: [runner])
  }

  private static func threshold(
    _ minimum: Int = 10, _ type: CustomRule.AggregationThreshold.ExpressionType = .columnsOnly,
    _ overrides: [CustomRule.AggregationThreshold.OutputColumn]? = nil
  ) -> CustomRule {
    var rule = open()
    rule.aggregationThresholds = [
      .init(
        identityColumns: ["email"], minimumIdentityCount: minimum, allowedAggregateExpressionType: type,
        outputColumnThresholds: overrides)
    ]
    return rule
  }

  private func verdict(
    _ sql: String, people: CustomRule, visits: CustomRule = open(), analysis: RequestedAnalysis = .directQuery,
    parameters: [QueryParameter] = []
  ) throws -> Verdict {
    let runner = try #require(AccountID(Self.runner))
    let context = PolicyContext(
      runner: runner,
      tables: [
        try CustomResolverTests.table("people", CustomResolverTests.people, owner: Self.other, rule: people),
        try CustomResolverTests.table("visits", CustomResolverTests.visits, owner: Self.runner, rule: visits),
      ], receivers: [runner], joinsDifferentNames: true, extended: true, now: Timestamp(milliseconds: 0),
      analysis: analysis, parameters: parameters)
    return QueryPolicy.check(sql: sql, in: context)
  }

  private func custom(_ sql: String, people: CustomRule, visits: CustomRule = open()) throws -> CustomQuery? {
    guard case .approved(let query) = try verdict(sql, people: people, visits: visits),
      case .custom(let custom) = query.shape
    else { return nil }
    return custom
  }

  private func thresholds(_ sql: String, people: CustomRule) throws -> [Int]? {
    try custom(sql, people: people)?.thresholds.map(\.minimum)
  }

  private func expectRefused(
    _ sql: String, people: CustomRule, visits: CustomRule = open(), _ part: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    guard case .refused(let reasons) = try verdict(sql, people: people, visits: visits) else {
      Issue.record("\(sql) was permitted", sourceLocation: location)
      return
    }
    #expect(
      reasons.contains { $0.message.contains(part) }, "\(sql): \(reasons.map(\.message))", sourceLocation: location)
  }

  // MARK: Analyses

  @Test func directQueriesNeedATrustedRunner() throws {
    #expect(try custom("SELECT age FROM people", people: Self.open()) != nil)
    try expectRefused("SELECT age FROM people", people: CustomRule(allowedAnalyses: []), "no analysis yet")
    try expectRefused("SELECT age FROM people", people: CustomRule(allowedAnalyses: ["ANY_JOB"]), "does not allow")
    try expectRefused(
      "SELECT age FROM people",
      people: CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: [Self.other]), "queries of accounts")
    try expectRefused("SELECT age FROM people", people: CustomRule(allowedAnalyses: [Self.arn]), Self.arn)
  }

  @Test func oneTableThatForbidsBlocksTheQuery() throws {
    try expectRefused(
      "SELECT p.age FROM people p JOIN visits v ON p.email = v.email", people: Self.open(),
      visits: CustomRule(allowedAnalyses: []), "table visits")
  }

  @Test func templatesAreAllowedByNameOrByCreator() throws {
    let creator = try #require(AccountID(Self.other))
    let template = RequestedAnalysis.template(arn: Self.arn, creator: creator)
    for rule in [
      CustomRule(allowedAnalyses: [Self.arn]),
      CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: [Self.other]),
    ] {
      guard case .approved = try verdict("SELECT age FROM people", people: rule, analysis: template) else {
        Issue.record("refused")
        continue
      }
    }
    for rule in [Self.open(), CustomRule(allowedAnalyses: []), CustomRule(allowedAnalyses: [Self.arn + "0"])] {
      guard case .refused = try verdict("SELECT age FROM people", people: rule, analysis: template) else {
        Issue.record("permitted")
        continue
      }
    }
  }

  @Test func templatesNeedCustomTables() throws {
    let creator = try #require(AccountID(Self.other))
    var context = try Fixture.context([Fixture.purchases(), Fixture.impressions()])
    guard case .approved = QueryPolicy.check(sql: HowToTests.foundingQuery, in: context) else {
      Issue.record("refused without a template")
      return
    }
    context.analysis = .template(arn: Self.arn, creator: creator)
    guard case .refused(let reasons) = QueryPolicy.check(sql: HowToTests.foundingQuery, in: context) else {
      Issue.record("permitted")
      return
    }
    #expect(reasons.map(\.code) == [.ruleTypesNotCompatible, .ruleTypesNotCompatible])
  }

  @Test func parametersTakeTheirTypes() throws {
    let creator = try #require(AccountID(Self.other))
    let template = RequestedAnalysis.template(arn: Self.arn, creator: creator)
    let sql = "SELECT region FROM people WHERE age > :least AND region = :where"
    func check(_ least: String?, _ type: String = "INTEGER") throws -> Verdict {
      try verdict(
        sql, people: CustomRule(allowedAnalyses: [Self.arn]), analysis: template,
        parameters: [
          QueryParameter(name: "least", type: type, value: least),
          QueryParameter(name: "where", type: "VARCHAR", value: "x' OR 1=1 --"),
        ])
    }
    guard case .approved = try check("30") else {
      Issue.record("refused")
      return
    }
    let wrong: [(String?, String)] = [
      (nil, "INTEGER"), ("1; DROP", "INTEGER"), ("30", "TIME"), ("99999999999", "INTEGER"),
    ]
    for (value, type) in wrong {
      guard case .refused(let reasons) = try check(value, type) else {
        Issue.record("permitted \(value ?? "nil") \(type)")
        continue
      }
      #expect(reasons.allSatisfy { !$0.message.contains("DROP") && !$0.message.contains("99999999999") })
    }
  }

  @Test func privacyBudgetsAndAdditionalAnalysesAreNotPretended() throws {
    var rule = Self.open()
    rule.differentialPrivacy = .init(columns: [.init(name: "email")])
    try expectRefused("SELECT age FROM people", people: rule, "differential privacy")
    rule = Self.open()
    rule.additionalAnalyses = "REQUIRED"
    try expectRefused("SELECT age FROM people", people: rule, "additional analyses only")
  }

  @Test func theRulesOwnReceiversCount() throws {
    var rule = Self.open()
    rule.allowedResultReceivers = [Self.other]
    try expectRefused("SELECT age FROM people", people: rule, "may not receive")
    rule.allowedResultReceivers = [Self.runner]
    #expect(try custom("SELECT age FROM people", people: rule) != nil)
  }

  // MARK: disallowedOutputColumns

  @Test(arguments: [
    "SELECT email FROM people", "SELECT * FROM people", "SELECT lower(email) FROM people",
    "SELECT COUNT(email) FROM people", "SELECT e FROM (SELECT email AS e FROM people)",
    "WITH a(x) AS (SELECT email FROM people) SELECT x AS harmless FROM a",
    "SELECT age FROM visits UNION ALL SELECT CASE WHEN email = 'a' THEN 1 ELSE 0 END FROM people",
    "SELECT page FROM visits EXCEPT SELECT email FROM people",
    "SELECT ROW_NUMBER() OVER (PARTITION BY email ORDER BY age) FROM people",
    "SELECT ROW_NUMBER() OVER (ORDER BY email) FROM people",
    "SELECT (SELECT MAX(p.age) FROM people p WHERE p.email = v.email) FROM visits v",
    "SELECT EXISTS (SELECT 1 FROM people p WHERE p.email = v.email) FROM visits v",
    "SELECT v.email IN (SELECT email FROM people) FROM visits v",
    "SELECT email FROM people JOIN visits USING (email)",
    "SELECT COALESCE(v.email, p.email) FROM visits v FULL JOIN people p ON v.email = p.email",
  ])
  func disallowedColumnsDoNotReachTheResult(_ sql: String) throws {
    var rule = Self.open()
    rule.disallowedOutputColumns = ["email"]
    try expectRefused(sql, people: rule, "Column email of table people")
    #expect(try custom(sql, people: Self.open()) != nil, "the query itself is fine")
  }

  @Test(arguments: [
    "SELECT region FROM people WHERE email = 'a'", "SELECT region FROM people ORDER BY email",
    "SELECT COUNT(*) FROM people GROUP BY email",
    "SELECT v.page, v.email FROM people p JOIN visits v ON p.email = v.email",
    "SELECT age FROM visits WHERE email IN (SELECT email FROM people)",
    "WITH a AS (SELECT email, region FROM people) SELECT region FROM a",
    "SELECT region FROM people GROUP BY region HAVING COUNT(DISTINCT email) > 3",
  ])
  func disallowedColumnsMayBeUsedOtherwise(_ sql: String) throws {
    var rule = Self.open()
    rule.disallowedOutputColumns = ["email"]
    #expect(try custom(sql, people: rule) != nil)
  }

  // MARK: comparisonControls

  @Test(arguments: [
    ("SELECT region FROM people WHERE age > 30", "compared with a constant"),
    ("SELECT region FROM people WHERE age BETWEEN 1 AND 3", "compared with a constant"),
    ("SELECT region FROM people WHERE age IN (1, 2)", "compared with a constant"),
    ("SELECT SUM(CASE WHEN age = 3 THEN 1 ELSE 0 END) FROM people", "compared with a constant"),
    ("SELECT SUM(CASE age WHEN 3 THEN 1 ELSE 0 END) FROM people", "compared with a constant"),
    ("SELECT a FROM (SELECT age + 1 AS a FROM people) WHERE a = 4", "compared with a constant"),
    ("SELECT region FROM people WHERE active", "compared with a constant"),
    ("SELECT region FROM people WHERE active IS TRUE", "compared with a constant"),
    ("SELECT p.region FROM people p JOIN visits v ON p.age = v.age", "compared with other columns"),
    ("SELECT age, COUNT(*) FROM people GROUP BY age", "grouped by"),
    ("SELECT DISTINCT age FROM people", "grouped by"),
    ("SELECT SUM(spend) OVER (PARTITION BY age) FROM people", "grouped by"),
    ("SELECT p.region FROM people p WHERE age IN (SELECT age FROM visits)", "compared with other columns"),
  ])
  func controlsForbidComparisons(_ sql: String, _ part: String) throws {
    var rule = Self.open()
    rule.comparisonControls = .init(
      allowedLiteralComparisonColumns: ["region"], allowedColumnComparisonColumns: ["email", "region"])
    try expectRefused(sql, people: rule, part)
    #expect(try custom(sql, people: Self.open()) != nil, "absent controls forbid nothing")
  }

  @Test(arguments: [
    "SELECT age FROM people WHERE region = 'EU'", "SELECT p.age FROM people p JOIN visits v ON p.email = v.email",
    "SELECT region, SUM(age) FROM people GROUP BY region", "SELECT age FROM people WHERE age IS NOT NULL",
  ])
  func controlsAllowWhatTheyList(_ sql: String) throws {
    var rule = Self.open()
    rule.comparisonControls = .init(
      allowedLiteralComparisonColumns: ["region"], allowedColumnComparisonColumns: ["email", "region"])
    #expect(try custom(sql, people: rule) != nil)
  }

  // MARK: aggregationThresholds

  @Test(arguments: [
    ("SELECT region, COUNT(*) FROM people GROUP BY region", [10]),
    ("SELECT SUM(age) FROM people", [10]),
    ("SELECT DISTINCT region FROM people", [10]),
    ("SELECT COUNT(*) FROM people", []),
    ("SELECT COUNT(*) FROM people WHERE region = 'EU'", [10]),
    (
      "SELECT region, SUM(n) FROM (SELECT email, region, COUNT(*) AS n FROM people GROUP BY email, region) GROUP BY region",
      [10]
    ),
    ("WITH a AS (SELECT region, age FROM people) SELECT region, AVG(age) FROM a GROUP BY region", [10]),
    ("SELECT v.page, COUNT(*) FROM people p JOIN visits v ON p.email = v.email GROUP BY v.page", [10]),
    ("SELECT v.page, COUNT(*) FROM visits v LEFT JOIN people p ON p.email = v.email GROUP BY v.page", [10]),
    ("SELECT page FROM visits WHERE age > (SELECT AVG(age) FROM people)", [10]),
    (
      "SELECT region, m FROM (SELECT region, COUNT(*) AS m FROM people GROUP BY region) WHERE m > 3 ORDER BY m LIMIT 3",
      [10]
    ),
    (
      "SELECT region, RANK() OVER (ORDER BY n DESC) FROM (SELECT region, COUNT(*) AS n FROM people GROUP BY region)",
      [10]
    ),
    ("SELECT page, age FROM visits", []),
    (
      "SELECT v.page, SUM(x.n) FROM (SELECT p.email, COUNT(*) AS n FROM people p JOIN visits w ON p.email = w.email GROUP BY w.email, p.email) x JOIN visits v ON v.email = x.email GROUP BY v.page",
      [10]
    ),
  ])
  func thresholdsStandWhereIdentitiesEnd(_ sql: String, _ minima: [Int]) throws {
    #expect(try thresholds(sql, people: Self.threshold()) == minima, "\(sql)")
  }

  @Test(arguments: [
    ("SELECT region, age FROM people", "single identities"),
    ("SELECT email, COUNT(*) FROM people GROUP BY email", "single identities"),
    ("SELECT COUNT(*) FROM people GROUP BY email", "single identities"),
    ("SELECT v.email, COUNT(*) FROM people p JOIN visits v ON p.email = v.email GROUP BY v.email", "single identities"),
    ("SELECT region FROM people LIMIT 3", "single identities"),
    ("SELECT COUNT(*) FROM (SELECT region FROM people ORDER BY age LIMIT 3)", "LIMIT over rows"),
    ("SELECT COUNT(*) FROM (SELECT region FROM people UNION ALL SELECT page FROM visits)", "set operation"),
    ("SELECT region, SUM(age) OVER (PARTITION BY region) FROM people", "window function over"),
    ("SELECT page FROM visits WHERE email IN (SELECT email FROM people)", "join the table instead"),
    ("SELECT (SELECT MAX(age) FROM people), COUNT(*) FROM visits", "beside an AVG"),
    ("SELECT page FROM visits v WHERE EXISTS (SELECT 1 FROM people p WHERE p.email = v.email)", "EXISTS"),
    ("SELECT region, COUNT(*) FROM people GROUP BY ROLLUP (region)", "ROLLUP"),
    ("SELECT region, COUNT(*) FROM people GROUP BY CUBE (region)", "CUBE"),
    ("SELECT region, COUNT(*) FROM people GROUP BY GROUPING SETS ((region), ())", "GROUPING SETS"),
    ("SELECT page FROM visits LEFT SEMI JOIN people ON visits.email = people.email", "LEFT SEMI JOIN"),
    ("SELECT page FROM visits LEFT ANTI JOIN people ON visits.email = people.email", "LEFT ANTI JOIN"),
    ("SELECT region, COUNT(*) FROM people GROUP BY region OFFSET 1", "OFFSET"),
    ("SELECT region, MAX(age) FROM people GROUP BY region", "beside an AVG"),
    ("SELECT region, SUM(age * 2) FROM people GROUP BY region", "COLUMNS_ONLY"),
    ("SELECT region, SUM(CASE WHEN age = 3 THEN 1 ELSE 0 END) FROM people GROUP BY region", "COLUMNS_ONLY"),
    ("SELECT region, SUM(a) FROM (SELECT region, age * 2 AS a FROM people) GROUP BY region", "COLUMNS_ONLY"),
    ("SELECT region, SUM(CASE WHEN TRUE THEN 1 ELSE 0 END) FROM people GROUP BY region", "COLUMNS_ONLY"),
    ("SELECT region, COUNT(*) FILTER (WHERE age = 3) FROM people GROUP BY region", "FILTER"),
    ("SELECT region, COUNT(*) FROM people WHERE email = 'a' GROUP BY region", "identifies people"),
    ("SELECT region, COUNT(*) FROM people WHERE lower(email) LIKE 'a%' GROUP BY region", "identifies people"),
    ("SELECT region, COUNT(*) FROM people WHERE email IN ('a', 'b') GROUP BY region", "identifies people"),
    ("SELECT region, COUNT(NULLIF(email, 'a')) FROM people GROUP BY region", "identifies people"),
  ])
  func thresholdsForbid(_ sql: String, _ part: String) throws {
    try expectRefused(sql, people: Self.threshold(), part)
  }

  @Test func anyExpressionMayBeAggregated() throws {
    let sql = "SELECT region, SUM(CASE WHEN age = 3 THEN 1 ELSE 0 END) FROM people GROUP BY region"
    #expect(try thresholds(sql, people: Self.threshold(10, .anyExpression)) == [10])
  }

  @Test func extremesStandBesideAQualifyingAggregate() throws {
    #expect(
      try thresholds("SELECT region, MAX(age), COUNT(*) FROM people GROUP BY region", people: Self.threshold()) == [10])
  }

  @Test func outputColumnsMayHaveMinimaOfTheirOwn() throws {
    let rule = Self.threshold(
      10, .columnsOnly,
      [
        .init(outputColumnName: "region", minimumIdentityCount: 0),
        .init(outputColumnName: "age", minimumIdentityCount: 50),
      ])
    #expect(try thresholds("SELECT region FROM people GROUP BY region", people: rule) == [])
    #expect(try thresholds("SELECT region, COUNT(*) FROM people GROUP BY region", people: rule) == [10])
    #expect(try thresholds("SELECT region, AVG(age) FROM people GROUP BY region", people: rule) == [50])
    #expect(try thresholds("SELECT region FROM people", people: rule) == [])
    try expectRefused("SELECT region, joined FROM people", people: rule, "single identities")
    // Inner queries keep to the largest minimum there is.
    #expect(
      try thresholds("SELECT region FROM (SELECT region, COUNT(*) AS n FROM people GROUP BY region)", people: rule)
        == [50])
  }

  @Test func hiddenIdentitiesDoNotShow() throws {
    let rule = Self.threshold(10, .columnsOnly, [.init(outputColumnName: "region", minimumIdentityCount: 0)])
    let query = try #require(try custom("SELECT region FROM people", people: rule))
    #expect(query.body.columnTypes.count == 1)
  }

  @Test func faultyThresholdsCloseTheirTable() throws {
    var rules: [CustomRule] = []
    for change: (inout CustomRule.AggregationThreshold) -> Void in [
      { $0.identityColumns = ["nosuch"] }, { $0.identityColumns = ["age"] },
      { $0.identityColumns = ["email", "region"] },
      { $0.minimumIdentityCount = 1 }, { $0.type = "COUNT" },
      { $0.outputColumnThresholds = [.init(outputColumnName: "age", minimumIdentityCount: 1)] },
    ] {
      var rule = Self.threshold()
      var threshold = try #require(rule.aggregationThresholds?.first)
      change(&threshold)
      rule.aggregationThresholds = [threshold]
      rules.append(rule)
    }
    var none = Self.open()
    none.aggregationThresholds = []
    for rule in rules + [none] {
      try expectRefused("SELECT region, COUNT(*) FROM people GROUP BY region", people: rule, "has to correct the rule")
    }
  }
}
