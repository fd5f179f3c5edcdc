import CleanRoomModel

extension TableGrants {
  /// AGGREGATION: dimensions with functions, aggregates of listed columns, thresholds on every row.
  convenience init(aggregation rule: AggregationRule) {
    self.init(
      type: .aggregation, dimensions: rule.dimensionColumns, joinColumns: rule.joinColumns,
      aggregates: rule.aggregateColumns,
      scalarFunctions: rule.scalarFunctions, joinOperators: rule.allowedJoinOperators,
      // An unknown requirement is taken as the strictest one.
      requiresJoin: rule.joinRequired != nil, constraints: rule.outputConstraints)
  }
}
