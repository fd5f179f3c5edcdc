import CleanRoomModel

/// What one table's rule lets a query do with its columns. Each kind of rule fills it in its own file; what is not
/// granted here is refused.
final class TableGrants: Sendable {
  let type: AnalysisRuleType
  /// SELECT, WHERE, GROUP BY and ORDER BY.
  let dimensions: SmallSet<String>
  /// Equalities in ON, and nothing else.
  let joinColumns: SmallSet<String>
  let aggregates: [AggregationRule.AggregateColumn]
  /// Functions on dimensions, as the rule names them.
  let scalarFunctions: SmallSet<String>
  /// Logical operators between the equalities of an ON.
  let joinOperators: SmallSet<JoinOperator>
  let requiresJoin: Bool
  let constraints: [AggregationRule.OutputConstraint]

  /// Nil for rules that this version cannot apply.
  static func grants(of rule: AnalysisRule) -> TableGrants? {
    switch rule {
    case .aggregation(let rule): TableGrants(aggregation: rule)
    case .list(let rule): TableGrants(list: rule)
    case .custom: nil
    }
  }

  init(
    type: AnalysisRuleType, dimensions: [String], joinColumns: [String],
    aggregates: [AggregationRule.AggregateColumn], scalarFunctions: [String], joinOperators: [JoinOperator]?,
    requiresJoin: Bool, constraints: [AggregationRule.OutputConstraint]
  ) {
    self.type = type
    // A column that a faulty rule also makes a key or a measure is not shown.
    let keys = SmallSet(joinColumns)
    let measures = SmallSet(aggregates.lazy.flatMap(\.columnNames))
    self.dimensions = SmallSet(dimensions.lazy.filter { !keys.contains($0) && !measures.contains($0) })
    self.joinColumns = keys
    self.aggregates = aggregates
    self.scalarFunctions = SmallSet(scalarFunctions)
    // AWS: AND unless the rule says otherwise; a rule that names no operator allows none.
    self.joinOperators = SmallSet(joinOperators ?? [.and])
    self.requiresJoin = requiresJoin
    self.constraints = constraints
  }

  func grants(_ function: AggregateFunction, of column: String) -> Bool {
    aggregates.contains { $0.function == function && $0.columnNames.contains(column) }
  }

  func functions(of column: String) -> Set<AggregateFunction> {
    Set(aggregates.lazy.filter { $0.columnNames.contains(column) }.map(\.function))
  }

  /// What the rule calls the columns that may be selected.
  var dimensionsName: String { type == .list ? "listColumns" : "dimensionColumns" }
}
