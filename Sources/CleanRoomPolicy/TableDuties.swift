import CleanRoomModel
import CleanRoomSQL

/// What every table of the query demands of the query as a whole.
extension QueryChecker {
  mutating func checkReceivers() {
    for used in ResultReceivers(context: context).check(scope.tables, &reasons) { extensions.insert(used) }
  }

  /// AWS accepts tables of one rule type only; extended mode lets AGGREGATION and LIST meet.
  mutating func checkRuleTypes() {
    let ruled = scope.tables.filter { $0.grants != nil }
    guard let first = ruled.first, let other = ruled.first(where: { $0.grants?.type != first.grants?.type })
    else {
      return
    }
    if context.extended {
      extensions.insert(.mixedRuleTypes)
    } else {
      refuse(.ruleTypesNotCompatible, ReasonText.mixedTypes(first, other), at: other.span)
    }
  }

  /// The runner's own table must meet another table; everybody else's must meet a table of the runner.
  mutating func checkRequiredJoins() {
    guard !scope.isIncomplete else { return }
    for (index, table) in scope.tables.enumerated() where table.grants?.requiresJoin == true {
      let others = graph.component(of: index).filter { $0 != index }
      let isOwn = table.published.owner == context.runner
      let isMet =
        isOwn ? !others.isEmpty : others.contains { scope.tables[$0].published.owner == context.runner }
      if !isMet { refuse(.joinRequired, ReasonText.joinRequired(table.published.name), at: table.span) }
    }
  }

  /// Every constraint of every AGGREGATION table. A rule that sets none, or one that cannot be counted, closes its table.
  mutating func collectThresholds() {
    for (index, table) in scope.tables.enumerated() {
      guard let grants = table.grants, grants.type == .aggregation else { continue }
      let found = grants.constraints.compactMap { threshold($0, of: index) }
      if found.isEmpty || found.count < grants.constraints.count {
        refuse(.ruleMissing, ReasonText.noThreshold(table.published), at: table.span)
      }
      thresholds += found
    }
  }

  private func threshold(_ constraint: AggregationRule.OutputConstraint, of index: Int) -> Threshold? {
    guard constraint.type == AggregateFunction.countDistinct.rawValue, constraint.minimum >= 2,
      let column = scope.column(constraint.columnName, of: index)
    else { return nil }
    return Threshold(column: column.reference, minimum: constraint.minimum)
  }
}
