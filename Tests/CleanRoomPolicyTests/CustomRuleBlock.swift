import CleanRoomModel

/// The members of a CUSTOM rule in a `.case` file's table, one line each.
struct CustomRuleBlock {
  private(set) var rule = CustomRule(allowedAnalyses: ["ANY_QUERY"])

  /// - Returns: false where the line is not a part of a CUSTOM rule.
  mutating func read(_ word: String, _ rest: String) throws -> Bool {
    let names = TableBlock.names(rest)
    switch word {
    case "analyses": rule.allowedAnalyses = names
    case "providers": rule.allowedAnalysisProviders = names
    case "disallowed": rule.disallowedOutputColumns = names
    case "additional": rule.additionalAnalyses = rest
    case "privacy": rule.differentialPrivacy = .init(columns: names.map { .init(name: $0) })
    case "rule-receivers": rule.allowedResultReceivers = names
    case "literals": setControls { $0.allowedLiteralComparisonColumns = names }
    case "compares": setControls { $0.allowedColumnComparisonColumns = names }
    case "no-threshold": rule.aggregationThresholds = []
    case "threshold", "threshold-type", "override", "expressions": try readThreshold(word, rest, names)
    default: return false
    }
    return true
  }

  private mutating func setControls(_ change: (inout CustomRule.ComparisonControls) -> Void) {
    var controls =
      rule.comparisonControls
      ?? .init(allowedLiteralComparisonColumns: [], allowedColumnComparisonColumns: [])
    change(&controls)
    rule.comparisonControls = controls
  }

  /// `threshold MINIMUM COLUMN…`, and what qualifies it: `override MINIMUM COLUMN`, `expressions TYPE`,
  /// `threshold-type TYPE`.
  private mutating func readThreshold(_ word: String, _ rest: String, _ names: [String]) throws {
    var thresholds = rule.aggregationThresholds ?? []
    if word == "threshold" {
      guard let number = names.first, let minimum = Int(number) else { throw CaseError(description: rest) }
      thresholds.append(.init(identityColumns: Array(names.dropFirst()), minimumIdentityCount: minimum))
    }
    guard var changed = thresholds.popLast() else { throw CaseError(description: "\(word) before threshold") }
    switch word {
    case "threshold-type": changed.type = rest
    case "expressions":
      guard let type = CustomRule.AggregationThreshold.ExpressionType(rawValue: rest) else {
        throw CaseError(description: rest)
      }
      changed.allowedAggregateExpressionType = type
    case "override":
      guard names.count == 2, let minimum = Int(names[0]) else { throw CaseError(description: rest) }
      changed.outputColumnThresholds =
        (changed.outputColumnThresholds ?? []) + [.init(outputColumnName: names[1], minimumIdentityCount: minimum)]
    default: break
    }
    rule.aggregationThresholds = thresholds + [changed]
  }
}
