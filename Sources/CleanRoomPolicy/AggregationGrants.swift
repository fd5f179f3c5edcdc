import CleanRoomModel

extension TableGrants {
  /// AGGREGATION: dimensions with functions, aggregates of listed columns, thresholds on every row.
  init(aggregation rule: AggregationRule) {
    var aggregates: [String: Set<AggregateFunction>] = [:]
    for entry in rule.aggregateColumns {
      for column in entry.columnNames { aggregates[column, default: []].insert(entry.function) }
    }
    self.init(
      type: .aggregation, dimensions: rule.dimensionColumns, joinColumns: rule.joinColumns,
      aggregates: aggregates,
      scalarFunctions: rule.scalarFunctions, joinOperators: rule.allowedJoinOperators,
      // An unknown requirement is taken as the strictest one.
      requiresJoin: rule.joinRequired != nil, constraints: rule.outputConstraints)
  }
}
