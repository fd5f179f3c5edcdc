import CleanRoomAPI
import CleanRoomModel

/// AWS Clean Rooms `AnalysisType`.
enum AnalysisKind: String, CaseIterable {
  case direct = "DIRECT_ANALYSIS"
  case additional = "ADDITIONAL_ANALYSIS"
}

/// Whether a table can be analysed, and what stands in the way. A table that is ready only because of extended
/// mode says so, too.
struct SchemaStatus {
  /// AWS Clean Rooms `SchemaStatusReasonCode`, as far as it applies here.
  enum Code: String {
    case ruleMissing = "ANALYSIS_RULE_MISSING"
    case noTemplates = "ANALYSIS_TEMPLATES_NOT_CONFIGURED"
    case noProviders = "ANALYSIS_PROVIDERS_NOT_CONFIGURED"
    case noPrivacyPolicy = "DIFFERENTIAL_PRIVACY_POLICY_NOT_CONFIGURED"
    case noAssociationRule = "COLLABORATION_ANALYSIS_RULE_NOT_CONFIGURED"
    case noReceivers = "RESULT_RECEIVERS_NOT_CONFIGURED"
    case receiversNotAllowed = "RESULT_RECEIVERS_NOT_ALLOWED"
    case noAdditionalAnalyses = "ADDITIONAL_ANALYSES_NOT_CONFIGURED"
    case additionalAnalysesNotAllowed = "ADDITIONAL_ANALYSES_NOT_ALLOWED"
    case notCompatible = "ANALYSIS_RULE_TYPES_NOT_COMPATIBLE"
  }

  struct Reason: Equatable {
    var code: Code
    var message: String

    init(_ code: Code, _ message: String) {
      self.code = code
      self.message = message
    }
  }

  let kind: AnalysisKind
  let rule: AnalysisRule?
  let isReady: Bool
  let reasons: [Reason]

  init(of table: PublishedTable, for kind: AnalysisKind, extended: Bool) {
    let obstacles = SchemaObstacles(table: table, extended: extended)
    let found = obstacles.common + (kind == .direct ? obstacles.direct : obstacles.additional)
    self.kind = kind
    rule = table.rule
    isReady = found.isEmpty
    reasons = found.isEmpty && kind == .direct && extended ? obstacles.notes : found
  }

  private var usesDifferentialPrivacy: Bool {
    if case .custom(let rule) = rule { rule.differentialPrivacy != nil } else { false }
  }

  var json: JSONValue {
    let list = reasons.map {
      JSONValue.object(["code": .string($0.code.rawValue), "message": .string($0.message)])
    }
    return .object([
      "status": .string(isReady ? "READY" : "NOT_READY"), "analysisType": .string(kind.rawValue),
      "analysisRuleType": (rule?.type.rawValue).map { .string($0) },
      "configurations": usesDifferentialPrivacy ? .strings(["DIFFERENTIAL_PRIVACY"]) : nil,
      "reasons": list.isEmpty ? nil : .array(list),
    ])
  }
}

/// What keeps a published table from being analysed.
private struct SchemaObstacles {
  typealias Reason = SchemaStatus.Reason
  let table: PublishedTable
  let extended: Bool

  var common: [Reason] {
    var reasons: [Reason] = []
    switch table.rule {
    case nil: reasons.append(Reason(.ruleMissing, "The configured table has no analysis rule."))
    case .custom(let rule): reasons += custom(rule)
    case .aggregation, .list: break
    }
    if let problem = table.unavailable {
      // The model has no code for it: the rule and the source do not go together.
      reasons.append(Reason(.notCompatible, Wording.sentence("The table cannot be read: \(problem)")))
    }
    if table.allowedResultReceivers == nil && !extended {
      reasons.append(Reason(.noAssociationRule, "The association has no analysis rule."))
    }
    return reasons
  }

  private func custom(_ rule: CustomRule) -> [Reason] {
    var reasons: [Reason] = []
    if rule.allowedAnalyses.isEmpty {
      reasons.append(Reason(.noTemplates, "The rule allows no analysis template and no query."))
    }
    if rule.allowedAnalyses.contains("ANY_QUERY") && (rule.allowedAnalysisProviders ?? []).isEmpty {
      reasons.append(Reason(.noProviders, "The rule allows any query, but of no account."))
    }
    if rule.differentialPrivacy != nil {
      reasons.append(
        Reason(.noPrivacyPolicy, "The rule asks for differential privacy, and the collaboration has no policy for it."))
    }
    return reasons
  }

  private var additionalAnalyses: String? {
    switch table.rule {
    case .aggregation(let rule): rule.additionalAnalyses
    case .list(let rule): rule.additionalAnalyses
    case .custom(let rule): rule.additionalAnalyses
    case nil: nil
    }
  }

  var direct: [Reason] {
    if additionalAnalyses == "REQUIRED" {
      return [Reason(.receiversNotAllowed, "The rule permits results for additional analyses only.")]
    }
    guard table.allowedResultReceivers?.isEmpty ?? false else { return [] }
    return [Reason(.noReceivers, "The association's analysis rule allows no member to receive results.")]
  }

  var additional: [Reason] {
    switch additionalAnalyses {
    case "ALLOWED", "REQUIRED":
      guard (table.allowedAdditionalAnalyses ?? []).isEmpty else { return [] }
      return [Reason(.noAdditionalAnalyses, "The association's analysis rule allows no additional analysis.")]
    default: return [Reason(.additionalAnalysesNotAllowed, "The rule permits no additional analyses.")]
    }
  }

  /// What AWS Clean Rooms would not call ready.
  var notes: [Reason] {
    var notes: [Reason] = []
    if table.allowedResultReceivers == nil {
      notes.append(
        Reason(
          .noAssociationRule,
          "Extended mode: without an association analysis rule, every member with CAN_RECEIVE_RESULTS may receive results."
        ))
    }
    if case .aggregation(let rule) = table.rule, !Set(rule.scalarFunctions).isDisjoint(with: ["YEAR", "MONTH"]) {
      notes.append(
        Reason(
          .notCompatible,
          "Extended mode: the rule grants YEAR or MONTH, which AWS Clean Rooms does not know there."))
    }
    return notes
  }
}
