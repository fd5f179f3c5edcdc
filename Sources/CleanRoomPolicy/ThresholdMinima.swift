import CleanRoomModel

/// How many identities a threshold demands where it is applied.
extension ThresholdPlacement {
  /// COUNT over one table as a whole tells nothing about its members (AWS Clean Rooms exempts it). What is counted is
  /// all rows or a column as it stands: an expression could leave rows out.
  func isCountOfWholeTable(_ select: SelectBody) -> Bool {
    guard rules.count == 1, facts.scans.count == 1, case .scan? = select.from, select.filter.isEmpty,
      select.having == nil, select.grouping == .keys([])
    else { return false }
    return select.output.allSatisfy { expression in
      guard case .aggregateCall(let call) = expression else { return false }
      return call.kind == .count && call.filter == nil && call.arguments.allSatisfy(\.isColumnOrConstant)
    }
  }

  /// The largest minimum that a column of the result demands; inner queries get the largest there is.
  mutating func minimum(of table: Int, isOutermost: Bool) -> Int {
    guard let threshold = rules[table].threshold else { return 0 }
    let general = threshold.minimumIdentityCount
    let overrides = Dictionary(
      (threshold.outputColumnThresholds ?? []).map { ($0.outputColumnName, $0.minimumIdentityCount) },
      uniquingKeysWith: { max($0, $1) })
    let largest = max(general, overrides.values.max() ?? 0)
    guard isOutermost, !overrides.isEmpty, case .select(let select) = facts.query.body.rows else { return largest }
    // What decides whether and where a group shows tells as much about it as a column does.
    let shown = (select.output + (select.having.map { [$0] } ?? []) + facts.query.body.order.expressions).filter {
      if case .literal = $0 { false } else { true }
    }
    // Constants alone still count rows.
    guard !shown.isEmpty else { return general }
    var minimum = 0
    for expression in shown {
      let columns = lineage.columns(of: expression, .everythingAndCounts)
      let demanded = columns.map { $0.table == table ? overrides[$0.name] ?? general : general }
      minimum = max(minimum, demanded.max() ?? general)
    }
    return minimum
  }
}

extension ResolvedExpression {
  fileprivate var isColumnOrConstant: Bool {
    switch self {
    case .column, .literal: true
    default: false
    }
  }
}
