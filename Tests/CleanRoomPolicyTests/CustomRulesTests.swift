import CleanRoomModel
import Testing

@testable import CleanRoomPolicy

/// What cases of the corpus cannot say about CUSTOM rules.
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

  @Test func hiddenIdentitiesDoNotShow() throws {
    let rule = Self.threshold(10, .columnsOnly, [.init(outputColumnName: "region", minimumIdentityCount: 0)])
    let query = try #require(try custom("SELECT region FROM people", people: rule))
    #expect(query.body.columnTypes.count == 1)
  }
}
