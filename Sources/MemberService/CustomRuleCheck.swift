import CleanRoomAPI
import CleanRoomModel

/// Whether a CUSTOM rule fits the configured table it is for.
extension RuleCheck {
  private static let wildcards: Set<String> = ["ANY_QUERY", "ANY_JOB"]

  func custom(_ rule: CustomRule) -> [APIError.Field] {
    let root = Self.root + ".custom"
    return analyses(rule, root) + columns(rule, root) + protections(rule, root)
      + (rule.aggregationThresholds ?? []).enumerated().flatMap { index, threshold in
        self.threshold(threshold, rule, "\(root).aggregationThresholds[\(index)]")
      }
      + repeated(rule.allowedResultReceivers ?? [], root + ".allowedResultReceivers", "Account")
      + repeated(rule.allowedAdditionalAnalyses ?? [], root + ".allowedAdditionalAnalyses", "Analysis")
  }

  private func analyses(_ rule: CustomRule, _ root: String) -> [APIError.Field] {
    let allowed = Set(rule.allowedAnalyses)
    let providers = rule.allowedAnalysisProviders ?? []
    var problems =
      repeated(rule.allowedAnalyses, root + ".allowedAnalyses", "Analysis")
      + repeated(providers, root + ".allowedAnalysisProviders", "Account")
    let hasTemplates = !allowed.isSubset(of: Self.wildcards)
    if hasTemplates && !allowed.isDisjoint(with: Self.wildcards) {
      problems.append(
        .init(
          name: root + ".allowedAnalyses",
          message: "A rule names analysis templates, or ANY_QUERY and ANY_JOB, not both."))
    }
    if allowed.contains("ANY_QUERY") && providers.isEmpty {
      problems.append(
        .init(
          name: root + ".allowedAnalysisProviders",
          message: "ANY_QUERY needs the accounts whose queries run without review."))
    }
    if hasTemplates && !providers.isEmpty {
      problems.append(
        .init(
          name: root + ".allowedAnalysisProviders",
          message: "Providers belong to ANY_QUERY and ANY_JOB. Leave them out where templates are named."))
    }
    return problems
  }

  private func columns(_ rule: CustomRule, _ root: String) -> [APIError.Field] {
    let controls = rule.comparisonControls
    let path = root + ".comparisonControls"
    return named(rule.disallowedOutputColumns ?? [], root + ".disallowedOutputColumns")
      + named(controls?.allowedLiteralComparisonColumns ?? [], path + ".allowedLiteralComparisonColumns")
      + named(controls?.allowedColumnComparisonColumns ?? [], path + ".allowedColumnComparisonColumns")
      + named((rule.differentialPrivacy?.columns ?? []).map(\.name), root + ".differentialPrivacy.columns")
  }

  /// Thresholds and comparison controls are for queries, and differential privacy is another way to protect them.
  private func protections(_ rule: CustomRule, _ root: String) -> [APIError.Field] {
    let given = [
      ("aggregationThresholds", !(rule.aggregationThresholds ?? []).isEmpty),
      ("comparisonControls", rule.comparisonControls != nil),
    ].filter(\.1).map(\.0)
    let reason: String
    if rule.differentialPrivacy != nil {
      reason = "cannot be combined with differentialPrivacy"
    } else if !rule.allowedAnalyses.isEmpty, rule.allowedAnalyses.allSatisfy({ $0 == "ANY_JOB" }) {
      reason = "protects queries, and the rule allows jobs only"
    } else {
      return []
    }
    return given.map { .init(name: "\(root).\($0)", message: "\($0) \(reason).") }
  }

  private func threshold(
    _ threshold: CustomRule.AggregationThreshold, _ rule: CustomRule, _ path: String
  ) -> [APIError.Field] {
    let literal = rule.comparisonControls?.allowedLiteralComparisonColumns ?? []
    let identity = path + ".identityColumns"
    let outputs = threshold.outputColumnThresholds ?? []
    var problems = named(threshold.identityColumns, identity)
    if threshold.identityColumns.count != 1 {
      problems.append(.init(name: identity, message: "A threshold has exactly one identity column."))
    }
    for (index, name) in threshold.identityColumns.enumerated() {
      if let type = type(name), type != .string {
        problems.append(
          .init(
            name: "\(identity)[\(index)]",
            message: "Column \(name) has the type \(type); an identity column is a string."))
      }
      if literal.contains(name) {
        problems.append(
          .init(
            name: "\(identity)[\(index)]",
            message: "Identity column \(name) cannot be in allowedLiteralComparisonColumns."))
      }
    }
    problems += repeated(outputs.map(\.outputColumnName), path + ".outputColumnThresholds", "Output column")
    return problems
      + outputs.enumerated().filter { $0.element.minimumIdentityCount == 1 }.map {
        .init(
          name: "\(path).outputColumnThresholds[\($0.offset)].minimumIdentityCount",
          message: "The minimum is 0, which exempts the column, or at least 2.")
      }
  }
}
