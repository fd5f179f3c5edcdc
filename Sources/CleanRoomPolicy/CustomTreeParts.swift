import CleanRoomModel

/// One level of a CUSTOM query's tree.
extension QueryBody {
  /// The expressions of this body's own clauses, those of derived tables left out.
  public var ownExpressions: [ResolvedExpression] {
    var found = order.expressions
    switch rows {
    case .values(let rows): found += rows.joined()
    case .operation: break
    case .select(let select):
      found += select.filter + select.grouping.keys + select.output + (select.having.map { [$0] } ?? [])
      found += select.from?.conditions ?? []
    }
    return found
  }

  /// The sides of a set operation, derived tables, and those of the given common tables that FROM reads.
  func parts(_ common: [QueryBody] = []) -> [QueryBody] {
    switch rows {
    case .values: []
    case .operation(_, _, let left, let right): [left, right]
    case .select(let select): select.from?.parts(common) ?? []
    }
  }

  /// This body and every one inside it; common tables left out.
  var withNested: [QueryBody] {
    var found = [self]
    for part in parts() { found += part.withNested }
    for expression in ownExpressions { found += expression.subqueries.flatMap(\.body.withNested) }
    return found
  }
}

extension CustomQuery {
  /// Every body of the query, at any depth.
  var bodies: [QueryBody] { (commonTables + [body]).flatMap(\.withNested) }

  /// Every threshold, at whatever depth it stands. A table has one for each group that puts its identities together.
  public var thresholds: [IdentityThreshold] {
    bodies.flatMap { body -> [IdentityThreshold] in
      guard case .select(let select) = body.rows else { return [] }
      return select.thresholds
    }
  }
}

extension [BodySortKey] {
  var expressions: [ResolvedExpression] {
    compactMap { if case .expression(let expression) = $0.target { expression } else { nil } }
  }
}

extension Relation {
  /// The conditions of every ON.
  public var conditions: [ResolvedExpression] {
    guard case .join(_, let left, let right, let condition) = self else { return [] }
    return (condition.map { [$0] } ?? []) + left.conditions + right.conditions
  }

  fileprivate func parts(_ common: [QueryBody]) -> [QueryBody] {
    switch self {
    case .scan: []
    case .common(_, let index): common.indices.contains(index) ? [common[index]] : []
    case .derived(_, let body): [body]
    case .join(_, let left, let right, _): left.parts(common) + right.parts(common)
    }
  }
}

extension ResolvedExpression {
  /// The parts whose values show in the expression's value. A count or a rank shows none, and a window function's keys
  /// decide only which values it shows.
  var shown: [ResolvedExpression] {
    switch self {
    case .aggregateCall(let call): call.kind == .count ? [] : children
    case .windowCall(let call): call.shown
    default: children
    }
  }
}

extension WindowCall {
  /// Distances, positions and numbers of buckets are constants that show nothing.
  fileprivate var shown: [ResolvedExpression] {
    switch kind {
    case .rowNumber, .rank, .denseRank, .percentRank, .cumulativeDistribution, .ntile, .aggregate(.count): []
    case .lag, .lead: arguments.enumerated().filter { $0.offset != 1 }.map(\.element)
    case .firstValue, .lastValue, .nthValue, .aggregate: Array(arguments.prefix(1))
    }
  }
}
