import CleanRoomModel
import CleanRoomSQL

/// Subqueries in expressions. They see the columns of the queries around them.
extension CustomResolver {
  @inline(never)
  mutating func subquery(_ query: Query) -> ResolvedBody? {
    let outer = (place, windows)
    defer { (place, windows) = outer }
    guard let resolved = body(of: query) else { return nil }
    // The engine has no plan for these.
    if resolved.body.hasOuterJoin, resolved.body.isCorrelated {
      unavailable("A subquery over an outer join that uses columns of the query around it", at: query.span)
      return nil
    }
    return resolved
  }

  @inline(never)
  mutating func scalar(_ query: Query, at span: SourceSpan) -> ResolvedExpression? {
    guard let resolved = subquery(query) else { return nil }
    guard resolved.columns.count == 1 else {
      refuse(.typeMismatch, ReasonText.scalarColumns(resolved.columns.count), at: span)
      return nil
    }
    return .subquery(.scalar(resolved.body, resolved.body.columnTypes[0]))
  }

  /// `x IN (SELECT …)` and `(x, y) IN (SELECT …)`.
  @inline(never)
  mutating func contains(_ subject: Expression, _ query: Query, _ negated: Bool, at span: SourceSpan)
    -> ResolvedExpression?
  {
    var written = [subject]
    if case .row(let elements) = subject.node { written = elements }
    let operands = written.compactMap { value($0) }
    guard operands.count == written.count, let resolved = subquery(query) else { return nil }
    guard operands.count == resolved.columns.count else {
      refuse(.typeMismatch, ReasonText.inColumns(operands.count, resolved.columns.count), at: span)
      return nil
    }
    let id = newRelation()
    let columns = resolved.body.columnTypes.enumerated().map {
      ResolvedExpression.column(ColumnReference(table: id, name: "c\($0)"), $1)
    }
    var left: [ResolvedExpression] = []
    var right: [ResolvedExpression] = []
    for (index, pair) in zip(operands, columns).enumerated() {
      note(comparison: [pair.0, resolved.value(index)], at: span)
      guard let aligned = SparkCoercion.align([pair.0, pair.1]) else {
        refuse(.typeMismatch, ReasonText.incomparable([pair.0, pair.1]), at: span)
        return nil
      }
      for output in resolved.body.outputs(index) { checkKeyForms(pair.0, output, at: span) }
      left.append(aligned[0])
      right.append(aligned[1])
    }
    guard right != columns else { return .subquery(.contains(left, resolved.body, negated: negated)) }
    let converted = SelectBody(from: .derived(id: id, resolved.body), output: right)
    let body = QueryBody(id: newRelation(), rows: .select(converted), columnTypes: right.map(\.type))
    return .subquery(.contains(left, body, negated: negated))
  }
}

extension QueryBody {
  /// The expressions that give a column its values: one, or those of every side and row.
  func outputs(_ index: Int) -> [ResolvedExpression] {
    switch rows {
    case .select(let select): [select.output[index]]
    case .values(let rows): rows.map { $0[index] }
    case .operation(_, _, let left, let right): left.outputs(index) + right.outputs(index)
    }
  }
}
