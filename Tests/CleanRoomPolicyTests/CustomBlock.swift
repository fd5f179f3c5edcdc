import CleanRoomModel

/// The members of a CUSTOM rule in a table of a `.case` file, one line each; a list without items is empty.
struct CustomBlock {
  private var rule = CustomRule(allowedAnalyses: ["ANY_QUERY"])
  private var thresholds: [CustomRule.AggregationThreshold] = []

  /// - Returns: false where the line is no member of the rule.
  mutating func read(_ word: String, _ rest: String) throws -> Bool {
    switch word {
    case "allow": rule.allowedAnalyses = Self.names(rest)
    case "providers": rule.allowedAnalysisProviders = Self.names(rest)
    case "disallowed-output": rule.disallowedOutputColumns = Self.names(rest)
    case "additional": rule.additionalAnalyses = rest
    case "differential-privacy": rule.differentialPrivacy = .init(columns: Self.names(rest).map { .init(name: $0) })
    case "rule-receivers": rule.allowedResultReceivers = Self.names(rest)
    case "literal-comparisons": controls { $0.allowedLiteralComparisonColumns = Self.names(rest) }
    case "column-comparisons": controls { $0.allowedColumnComparisonColumns = Self.names(rest) }
    case "threshold": thresholds.append(try Self.threshold(rest))
    case "threshold-of": try addMinimum(rest)
    default: return false
    }
    return true
  }

  var value: CustomRule {
    var rule = rule
    if !thresholds.isEmpty { rule.aggregationThresholds = thresholds }
    return rule
  }

  private mutating func controls(_ change: (inout CustomRule.ComparisonControls) -> Void) {
    var controls =
      rule.comparisonControls ?? .init(allowedLiteralComparisonColumns: [], allowedColumnComparisonColumns: [])
    change(&controls)
    rule.comparisonControls = controls
  }

  /// `minimum identity [ANY_EXPRESSION]`.
  private static func threshold(_ text: String) throws -> CustomRule.AggregationThreshold {
    let parts = names(text)
    guard parts.count >= 2, let minimum = Int(parts[0]) else { throw CaseError(description: "threshold \(text)") }
    let type = parts.count > 2 ? CustomRule.AggregationThreshold.ExpressionType(rawValue: parts[2]) : .columnsOnly
    guard let type else { throw CaseError(description: "threshold \(text)") }
    return .init(
      identityColumns: [parts[1]], minimumIdentityCount: minimum, allowedAggregateExpressionType: type)
  }

  /// `column minimum`, of the threshold above.
  private mutating func addMinimum(_ text: String) throws {
    let parts = Self.names(text)
    guard parts.count == 2, let minimum = Int(parts[1]), !thresholds.isEmpty else {
      throw CaseError(description: "threshold-of \(text)")
    }
    thresholds[thresholds.count - 1].outputColumnThresholds =
      (thresholds[thresholds.count - 1].outputColumnThresholds ?? [])
      + [.init(outputColumnName: parts[0], minimumIdentityCount: minimum)]
  }

  private static func names(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
  }
}
