import CleanRoomModel

extension TableGrants {
  /// LIST: listed columns as they are, no function of any kind, always joined with a table of the runner.
  convenience init(list rule: ListRule) {
    self.init(
      type: .list, dimensions: rule.listColumns, joinColumns: rule.joinColumns, aggregates: [],
      scalarFunctions: [], joinOperators: rule.allowedJoinOperators, requiresJoin: true, constraints: [])
  }
}
