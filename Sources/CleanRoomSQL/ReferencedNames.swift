extension Query {
  /// The names that stand for tables in FROM clauses, subqueries of expressions included; names that WITH defines are
  /// left out. In text order, each once, one part names only.
  public var referencedTables: [Identifier] {
    var walk = ReferenceWalk()
    walk.visit(self, defined: [])
    return walk.names
  }
}

/// The parser bounds how deep this can go.
private struct ReferenceWalk {
  private(set) var names: [Identifier] = []
  private var seen: Set<String> = []

  mutating func visit(_ query: Query, defined outer: Set<String>) {
    var defined = outer
    for table in query.with {
      visit(table.query, defined: defined)
      defined.insert(table.name.name.lowercased())
    }
    visit(query.body, defined)
    for item in query.order { visit(item.expression, defined) }
  }

  private mutating func visit(_ body: SetExpression, _ defined: Set<String>) {
    switch body {
    case .select(let select): visit(select, defined)
    case .nested(let query): visit(query, defined: defined)
    case .values(let rows, _): for cell in rows.joined() { visit(cell, defined) }
    case .operation(_, _, let left, let right, _):
      visit(left, defined)
      visit(right, defined)
    }
  }

  private mutating func visit(_ select: Select, _ defined: Set<String>) {
    for table in select.from { visit(table, defined) }
    for item in select.items { visit(item.expression, defined) }
    for expression in [select.filter, select.having, select.qualify] {
      if let expression { visit(expression, defined) }
    }
    for case .expression(let key) in select.grouping { visit(key, defined) }
  }

  private mutating func visit(_ table: TableExpression, _ defined: Set<String>) {
    switch table {
    case .table(let name):
      guard name.parts.count == 1, !defined.contains(name.parts[0].name.lowercased()),
        seen.insert(name.parts[0].name).inserted
      else { return }
      names.append(name.parts[0])
    case .derived(let query, _, _, _): visit(query, defined: defined)
    case .join(let join):
      visit(join.left, defined)
      visit(join.right, defined)
      if case .on(let condition) = join.condition { visit(condition, defined) }
    }
  }

  private mutating func visit(_ expression: Expression, _ defined: Set<String>) {
    for query in expression.node.queries { visit(query, defined: defined) }
    for child in expression.node.parts { visit(child, defined) }
  }
}

extension Expression.Node {
  /// Queries that stand in the expression itself.
  fileprivate var queries: [Query] {
    switch self {
    case .inSubquery(_, let query, _), .exists(let query), .subquery(let query): [query]
    default: []
    }
  }

  /// The expression's direct parts.
  fileprivate var parts: [Expression] {
    switch self {
    case .column, .star, .literal, .parameter, .exists, .subquery: []
    case .and(let parts), .or(let parts), .row(let parts): parts
    case .not(let inner), .negate(let inner), .isNull(let inner, _), .isBoolean(let inner, _, _),
      .cast(let inner, _, _), .extract(_, let inner), .interval(let inner, _), .inSubquery(let inner, _, _):
      [inner]
    case .compare(_, let left, let right), .arithmetic(_, let left, let right), .isDistinctFrom(let left, let right, _):
      [left, right]
    case .between(let value, let low, let high, _): [value, low, high]
    case .inList(let value, let list, _): [value] + list
    case .like(_, let value, let pattern, let escape, _): [value, pattern] + (escape.map { [$0] } ?? [])
    case .function(let call):
      call.arguments + (call.filter.map { [$0] } ?? []) + call.ordering.map(\.expression)
        + (call.window.map { $0.partition + $0.order.map(\.expression) } ?? [])
    case .caseWhen(let operand, let branches, let otherwise):
      (operand.map { [$0] } ?? []) + branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
    }
  }
}
