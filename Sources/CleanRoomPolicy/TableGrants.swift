import CleanRoomModel

/// What one table's rule lets a query do with its columns. Each kind of rule fills it in its own file; what is not
/// granted here is refused.
struct TableGrants: Sendable {
  let type: AnalysisRuleType
  /// SELECT, WHERE, GROUP BY and ORDER BY.
  let dimensions: Set<String>
  /// Equalities in ON, and nothing else.
  let joinColumns: Set<String>
  let aggregates: [String: Set<AggregateFunction>]
  /// Functions on dimensions, as the rule names them.
  let scalarFunctions: Set<String>
  /// Logical operators between the equalities of an ON.
  let joinOperators: Set<JoinOperator>
  let requiresJoin: Bool
  let constraints: [AggregationRule.OutputConstraint]

  /// Nil for rules that this version cannot apply.
  init?(_ rule: AnalysisRule) {
    switch rule {
    case .aggregation(let rule): self.init(aggregation: rule)
    case .list(let rule): self.init(list: rule)
    case .custom: return nil
    }
  }

  init(
    type: AnalysisRuleType, dimensions: [String], joinColumns: [String],
    aggregates: [String: Set<AggregateFunction>], scalarFunctions: [String], joinOperators: [JoinOperator]?,
    requiresJoin: Bool, constraints: [AggregationRule.OutputConstraint]
  ) {
    self.type = type
    // A column that a faulty rule also makes a key or a measure is not shown.
    self.dimensions = Set(dimensions).subtracting(joinColumns).subtracting(aggregates.keys)
    self.joinColumns = Set(joinColumns)
    self.aggregates = aggregates
    self.scalarFunctions = Set(scalarFunctions)
    // AWS: AND unless the rule says otherwise; a rule that names no operator allows none.
    self.joinOperators = Set(joinOperators ?? [.and])
    self.requiresJoin = requiresJoin
    self.constraints = constraints
  }

  /// What the rule calls the columns that may be selected.
  var dimensionsName: String { type == .list ? "listColumns" : "dimensionColumns" }
}
