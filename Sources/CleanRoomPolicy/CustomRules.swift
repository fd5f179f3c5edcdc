import CleanRoomModel
import CleanRoomSQL

/// What CUSTOM rules forbid and demand of a resolved query. Each clause of the rule has a file of its own.
enum CustomRules {
  /// - Returns: the query with every threshold in its place; nil after giving the reasons.
  static func check(
    _ facts: CustomFacts, tables: [BoundTable], context: PolicyContext, reasons: inout ReasonList
  ) -> CustomQuery? {
    let rules = tables.map { CustomTableRule($0) }
    for rule in rules { checkAnalysis(rule, context, &reasons) }
    for rule in rules { checkReceivers(rule, context, &reasons) }
    var lineage = CustomLineage(facts)
    checkOutput(facts, rules, &lineage, &reasons)
    checkComparisons(facts, rules, &lineage, &reasons)
    guard rules.contains(where: { $0.threshold != nil }) else { return reasons.isEmpty ? facts.query : nil }
    checkSurface(facts, rules, &lineage, &reasons)
    guard reasons.isEmpty else { return nil }
    var placement = ThresholdPlacement(facts, rules, lineage)
    let query = placement.place()
    for reason in placement.refusals { reasons.add(.unsupportedConstruct, reason.message, at: reason.span) }
    return reasons.isEmpty ? query : nil
  }

  // MARK: Analyses

  /// Direct SQL needs a runner, a template a creator whom the rule trusts; a template may also be named itself.
  private static func checkAnalysis(
    _ rule: CustomTableRule, _ context: PolicyContext, _ reasons: inout ReasonList
  ) {
    let (table, custom) = (rule.table, rule.rule)
    if let problem = rule.problem {
      reasons.add(.ruleMissing, ReasonText.faultyThreshold(table, problem), at: table.span)
    }
    if custom.differentialPrivacy != nil {
      reasons.add(.unsupportedConstruct, ReasonText.differentialPrivacy(table), at: table.span)
    }
    if custom.additionalAnalyses == "REQUIRED" {
      reasons.add(.unsupportedConstruct, ReasonText.additionalOnly(table), at: table.span)
    }
    let trustsQueries = custom.allowedAnalyses.contains("ANY_QUERY")
    let providers = Set(custom.allowedAnalysisProviders ?? [])
    switch context.analysis {
    case .directQuery:
      if trustsQueries && providers.contains(context.runner.value) { return }
      reasons.add(.unsupportedConstruct, ReasonText.directQuery(table, custom, context.runner), at: table.span)
    case .template(let arn, let creator):
      if custom.allowedAnalyses.contains(arn) || (trustsQueries && providers.contains(creator.value)) { return }
      reasons.add(.unsupportedConstruct, ReasonText.template(table, custom), at: table.span)
    }
  }

  private static func checkReceivers(
    _ rule: CustomTableRule, _ context: PolicyContext, _ reasons: inout ReasonList
  ) {
    guard let allowed = rule.rule.allowedResultReceivers else { return }
    for receiver in context.receivers where !allowed.contains(receiver.value) {
      reasons.add(
        .receiverNotAllowed, ReasonText.ruleReceiver(receiver, rule.table, allowed), at: rule.table.span)
    }
  }

  // MARK: Output

  private static func checkOutput(
    _ facts: CustomFacts, _ rules: [CustomTableRule], _ lineage: inout CustomLineage, _ reasons: inout ReasonList
  ) {
    guard rules.contains(where: { !$0.withheldFromOutput.isEmpty }) else { return }
    for (index, span) in facts.outputSpans.enumerated() {
      for column in lineage.column(index, of: facts.query.body, .everything).sorted()
      where rules[column.table].withheldFromOutput.contains(column.name) {
        reasons.add(
          .columnNotAllowed, ReasonText.disallowedOutput(column.name, rules[column.table].table), at: span)
      }
    }
  }
}

/// One table's CUSTOM rule, read once.
struct CustomTableRule {
  let table: BoundTable
  let rule: CustomRule
  let withheldFromOutput: Set<String>
  let threshold: CustomRule.AggregationThreshold?
  /// What is wrong with the threshold; such a rule closes its table.
  let problem: String?

  init(_ table: BoundTable) {
    self.table = table
    if case .custom(let rule)? = table.published.rule {
      self.rule = rule
    } else {
      rule = CustomRule(allowedAnalyses: [])
    }
    withheldFromOutput = Set(rule.disallowedOutputColumns ?? [])
    threshold = rule.aggregationThresholds?.first
    problem = Self.problem(of: rule, table)
  }

  var identity: String? { threshold?.identityColumns.first }

  private static func problem(of rule: CustomRule, _ table: BoundTable) -> String? {
    guard let thresholds = rule.aggregationThresholds else { return nil }
    guard thresholds.count == 1, let threshold = thresholds.first else { return "exactly one threshold" }
    guard threshold.identityColumns.count == 1, let name = threshold.identityColumns.first,
      table.columns[name]?.type == .string
    else { return "exactly one identity column, an allowed column of a string type" }
    guard threshold.minimumIdentityCount >= 2 else { return "a minimum of at least 2" }
    guard threshold.type == "COUNT_DISTINCT" else { return "the type COUNT_DISTINCT" }
    let overrides = threshold.outputColumnThresholds ?? []
    guard overrides.allSatisfy({ $0.minimumIdentityCount == 0 || $0.minimumIdentityCount >= 2 }),
      Set(overrides.map(\.outputColumnName)).count == overrides.count
    else { return "each output column once, with 0 or a minimum of at least 2" }
    return nil
  }
}
