import CleanRoomModel

/// Sentences about what CUSTOM rules forbid.
extension ReasonText {
  // MARK: Analyses

  static func directQuery(_ table: BoundTable, _ rule: CustomRule, _ runner: AccountID) -> String {
    let start = "The CUSTOM rule of \(table.label) does not allow queries that account \(runner) writes"
    guard rule.allowedAnalyses.contains("ANY_QUERY") else {
      let templates = rule.allowedAnalyses.filter { $0.hasPrefix("arn:") }
      return templates.isEmpty
        ? "\(start); it allows no analysis yet. Its owner has to allow ANY_QUERY or an analysis template."
        : "\(start); it allows the analysis templates: \(names(templates))."
    }
    return "\(start); it allows queries of accounts: \(names(rule.allowedAnalysisProviders ?? []))."
  }
  static func template(_ table: BoundTable, _ rule: CustomRule) -> String {
    let templates = rule.allowedAnalyses.filter { $0.hasPrefix("arn:") }
    let providers = rule.allowedAnalyses.contains("ANY_QUERY") ? rule.allowedAnalysisProviders ?? [] : []
    return "The CUSTOM rule of \(table.label) does not allow this analysis template; it allows the templates: "
      + "\(names(templates)), and those of accounts: \(names(providers))."
  }
  static func differentialPrivacy(_ table: BoundTable) -> String {
    "The CUSTOM rule of \(table.label) asks for differential privacy, which is not available in this version."
  }
  static func additionalOnly(_ table: BoundTable) -> String {
    "The CUSTOM rule of \(table.label) allows additional analyses only, which are not available in this version."
  }
  static func ruleReceiver(_ receiver: AccountID, _ table: BoundTable, _ allowed: [String]) -> String {
    "Account \(receiver) may not receive results from \(table.label); its CUSTOM rule permits results to: "
      + "\(names(allowed))."
  }
  static func faultyThreshold(_ table: BoundTable, _ needed: String) -> String {
    "Table \(table.published.name) cannot be queried: its aggregation threshold needs \(needed). Account "
      + "\(table.published.owner), its owner, has to correct the rule."
  }

  // MARK: Columns

  static func disallowedOutput(_ column: String, _ table: BoundTable) -> String {
    "Column \(column) of \(table.label) goes into this column of the result, which its CUSTOM rule does not allow "
      + "(disallowedOutputColumns); it may be used in ON, WHERE, GROUP BY and ORDER BY."
  }
  static func identityLiteral(_ column: String, _ table: BoundTable) -> String {
    "Column \(column) of \(table.label) identifies people and may not be compared with a constant; join on it, or "
      + "filter by other columns."
  }
  static func literalComparison(_ column: String, _ table: BoundTable, _ allowed: [String]) -> String {
    "Column \(column) of \(table.label) may not be compared with a constant; its CUSTOM rule allows that for: "
      + "\(names(allowed))."
  }
  static func columnComparison(_ column: String, _ table: BoundTable, _ allowed: [String]) -> String {
    "Column \(column) of \(table.label) may not be compared with other columns or grouped by; its CUSTOM rule allows "
      + "that for: \(names(allowed))."
  }

  // MARK: Thresholds

  static func underThreshold(_ what: String, _ table: BoundTable) -> String {
    "\(what) is not accepted in queries over \(table.label), whose CUSTOM rule has an aggregation threshold; use plain "
      + "GROUP BY with COUNT, SUM or AVG."
  }
  static func columnsOnly(_ name: String, _ table: BoundTable) -> String {
    "\(name) takes a bare column here: the CUSTOM rule of \(table.label) allows aggregates of columns only "
      + "(COLUMNS_ONLY), not of expressions."
  }
  static func extremeAlone(_ table: BoundTable) -> String {
    "MIN, MAX, percentiles, LAG and LEAD over \(table.label) are accepted only beside an AVG, COUNT or SUM in the same "
      + "SELECT."
  }
  static func singleIdentities(_ table: BoundTable) -> String {
    "The result would show rows of single identities of \(table.label); its CUSTOM rule demands groups of several. "
      + "Aggregate them, and do not group by the identity column in the outermost query."
  }
  static func identitiesInSet(_ table: BoundTable) -> String {
    "A set operation over rows of single identities of \(table.label) is not accepted; aggregate each side first."
  }
  static func limitOfIdentities(_ table: BoundTable) -> String {
    "LIMIT over rows of single identities of \(table.label) is not accepted; aggregate before LIMIT."
  }
  static func windowOverIdentities(_ table: BoundTable) -> String {
    "A window function over rows of single identities of \(table.label) is not accepted; aggregate them in a subquery "
      + "first."
  }
  static func identitiesInSubquery(_ table: BoundTable) -> String {
    "A subquery that reads rows of single identities of \(table.label) is not accepted; join the table instead, or "
      + "aggregate inside the subquery."
  }
}
