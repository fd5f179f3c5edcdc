import CleanRoomModel

/// Walks over the tree of a CUSTOM query.
extension Relation {
  /// The relations that a FROM names, semi- and anti-joined ones included.
  public var identifiers: [Int] {
    switch self {
    case .scan(let id, _), .derived(let id, _), .common(let id, _): [id]
    case .join(_, let left, let right, _): left.identifiers + right.identifiers
    }
  }
}

extension QueryBody {
  /// The expressions of every clause, of derived tables and of subqueries at any depth; not of common tables.
  public var allExpressions: [ResolvedExpression] {
    var found: [ResolvedExpression] = []
    collect(into: &found)
    return found
  }

  private func collect(into found: inout [ResolvedExpression]) {
    for key in order {
      if case .expression(let expression) = key.target { expression.collect(into: &found) }
    }
    switch rows {
    case .values(let rows): for cell in rows.joined() { cell.collect(into: &found) }
    case .operation(_, _, let left, let right):
      left.collect(into: &found)
      right.collect(into: &found)
    case .select(let select): select.collect(into: &found)
    }
  }
}

extension SelectBody {
  fileprivate func collect(into found: inout [ResolvedExpression]) {
    from?.collect(into: &found)
    let expressions =
      filter + grouping.keys + (having.map { [$0] } ?? []) + thresholds.map(\.identity) + output
    for expression in expressions { expression.collect(into: &found) }
  }
}

extension Relation {
  fileprivate func collect(into found: inout [ResolvedExpression]) {
    switch self {
    case .scan, .common: break
    case .derived(_, let body): found += body.allExpressions
    case .join(_, let left, let right, let condition):
      left.collect(into: &found)
      right.collect(into: &found)
      condition?.collect(into: &found)
    }
  }
}

extension ResolvedExpression {
  fileprivate func collect(into found: inout [ResolvedExpression]) {
    found.append(self)
    for subquery in subqueries { found += subquery.body.allExpressions }
  }

  /// Subqueries inside the expression, the outermost ones.
  public var subqueries: [SubqueryTest] {
    if case .subquery(let test) = self { return [test] + children.flatMap(\.subqueries) }
    return children.flatMap(\.subqueries)
  }

  var hasAggregate: Bool {
    switch self {
    case .aggregateCall: true
    default: children.contains(where: \.hasAggregate)
    }
  }

  public var hasWindow: Bool {
    switch self {
    case .windowCall: true
    default: children.contains(where: \.hasWindow)
    }
  }
}

extension QueryBody {
  /// Reads columns of relations that are not its own.
  var isCorrelated: Bool {
    let own = nestedRelations
    return allExpressions.contains { expression in expression.columns.contains { !own.contains($0.table) } }
  }

  /// In its own FROM or that of a query nested in it.
  var hasOuterJoin: Bool { nestedSources.contains(where: \.hasOuterJoin) }

  private var nestedRelations: Set<Int> { Set(nestedSources.flatMap(\.identifiers)) }

  /// Every FROM of the body, of derived tables and of subqueries.
  private var nestedSources: [Relation] {
    var found: [Relation] = []
    switch rows {
    case .values: break
    case .operation(_, _, let left, let right): found += left.nestedSources + right.nestedSources
    case .select(let select):
      if let from = select.from { found += [from] + parts().flatMap(\.nestedSources) }
    }
    for expression in ownExpressions { found += expression.subqueries.flatMap(\.body.nestedSources) }
    return found
  }
}

extension Relation {
  fileprivate var hasOuterJoin: Bool {
    guard case .join(let kind, let left, let right, _) = self else { return false }
    return [.left, .right, .full].contains(kind) || left.hasOuterJoin || right.hasOuterJoin
  }
}
