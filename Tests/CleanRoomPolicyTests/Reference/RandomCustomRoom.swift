import CleanRoomModel
import CleanRoomPolicy

/// The tables of random queries under random CUSTOM rules, permissive ones mostly.
struct RandomCustomRoom {
  static let runner = "111111111111"
  static let partner = "222222222222"
  static let arn =
    "arn:aws:cleanrooms:us-east-1:222222222222:membership/11111111-1111-4111-8111-111111111111/analysistemplate/"
    + "22222222-2222-4222-8222-222222222222"

  let context: PolicyContext

  init(_ random: inout SplitMix) throws {
    let accounts = [Self.runner, Self.partner].compactMap { AccountID($0) }
    let usesTemplate = random.chance(4)
    let tables = try RandomCustomTables.all.map { table in
      try Fixture.table(
        table.name, owner: table.name == "visits" ? Self.runner : Self.partner,
        columns: table.columns.map { PublishedColumn(name: $0.name, type: $0.isText ? .string : .integer) },
        rule: .custom(Self.rule(table, &random)))
    }
    context = PolicyContext(
      runner: random.chance(20) ? accounts[1] : accounts[0], tables: tables,
      receivers: random.chance(5) ? accounts : [accounts[0]], joinsDifferentNames: true, extended: true,
      now: Timestamp(milliseconds: 0),
      analysis: usesTemplate
        ? .template(arn: random.chance(20) ? Self.arn + "0" : Self.arn, creator: random.pick(accounts)) : .directQuery,
      parameters: [
        QueryParameter(name: "number", type: "INTEGER", value: "3"),
        QueryParameter(name: "text", type: "VARCHAR", value: "r1"),
      ])
  }

  private static func rule(_ table: RandomCustomTables.Table, _ random: inout SplitMix) -> CustomRule {
    let names = table.columns.map(\.name)
    var rule = CustomRule(allowedAnalyses: ["ANY_QUERY", arn], allowedAnalysisProviders: [runner, partner])
    if random.chance(12) {
      rule.allowedAnalyses = random.pick([[], ["ANY_QUERY"], [arn], ["ANY_JOB"], ["ANY_JOB", "ANY_QUERY"]])
    }
    if random.chance(15) { rule.allowedAnalysisProviders = random.pick([nil, [], [runner], [partner]]) }
    if random.chance(3) { rule.disallowedOutputColumns = [random.pick(names)] }
    if random.chance(30) { rule.allowedResultReceivers = [runner] }
    if random.chance(100) { rule.additionalAnalyses = random.pick(["REQUIRED", "ALLOWED", "NOT_ALLOWED"]) }
    if random.chance(100) { rule.differentialPrivacy = .init(columns: [.init(name: "mail")]) }
    if random.chance(3) { rule.aggregationThresholds = thresholds(names, &random) }
    if random.chance(4) {
      rule.comparisonControls = .init(
        allowedLiteralComparisonColumns: names.filter { _ in !random.chance(5) },
        allowedColumnComparisonColumns: names.filter { _ in !random.chance(8) })
    }
    return rule
  }

  private static func thresholds(_ names: [String], _ random: inout SplitMix) -> [CustomRule.AggregationThreshold] {
    var threshold = CustomRule.AggregationThreshold(
      identityColumns: ["mail"], minimumIdentityCount: 2 + random.below(20),
      allowedAggregateExpressionType: random.chance(2) ? .columnsOnly : .anyExpression)
    if random.chance(4) {
      threshold.outputColumnThresholds = names.filter { _ in random.chance(2) }.map {
        .init(outputColumnName: $0, minimumIdentityCount: random.pick([0, 0, 2, 30]))
      }
    }
    if random.chance(80) { threshold.minimumIdentityCount = 1 }
    if random.chance(80) { threshold.type = "COUNT" }
    if random.chance(80) { threshold.identityColumns = random.pick([["age"], ["withheld"], [], ["mail", "region"]]) }
    if random.chance(80) {
      threshold.outputColumnThresholds = [.init(outputColumnName: "age", minimumIdentityCount: 1)]
    }
    return random.chance(80) ? [] : [threshold]
  }
}
