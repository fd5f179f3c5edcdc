import CleanRoomModel

/// What a value is, whatever it is made of: a column as it stands in its table, or perhaps a constant.
extension CustomLineage {
  // MARK: Direct references

  /// A constant, or a column that no expression has changed on its way; a result of an aggregate counts as a column.
  mutating func isDirect(_ expression: ResolvedExpression) -> Bool {
    if case .literal = expression { return true }
    return isColumn(expression)
  }

  /// Constants that a join brings beside the rows are none: they could mask rows as CASE does.
  private mutating func isColumn(_ expression: ResolvedExpression) -> Bool {
    guard case .column(let reference, _) = expression else { return false }
    if scans[reference.table] != nil { return true }
    guard let (body, index) = origin(of: reference) else { return false }
    return isColumn(index, of: body)
  }

  mutating func isColumn(_ index: Int, of body: QueryBody) -> Bool {
    let place = Place(body: body.id, index: index)
    if let found = unchanged[place] { return found }
    let found: Bool
    switch body.rows {
    case .values: found = false
    case .operation(_, _, let left, let right): found = isColumn(index, of: left) && isColumn(index, of: right)
    case .select(let select):
      if case .aggregateCall(let call) = select.output[index] {
        found = call.filter == nil
      } else {
        found = isColumn(select.output[index])
      }
    }
    unchanged[place] = found
    return found
  }

  // MARK: Constants

  /// The value may be one that the query's text names: a literal, a template's parameter, or what is made of them alone.
  mutating func mayBeConstant(_ expression: ResolvedExpression) -> Bool {
    switch expression {
    // NULL equals nothing.
    case .literal(.null): return false
    case .literal: return true
    case .column(let reference, _):
      guard let (body, index) = origin(of: reference) else { return false }
      return mayBeConstant(index, of: body)
    case .caseWhen(let branches, let otherwise, _):
      return (branches.map(\.result) + (otherwise.map { [$0] } ?? [])).contains { mayBeConstant($0) }
    case .call(.coalesce, let arguments, _), .call(.greatest, let arguments, _), .call(.least, let arguments, _):
      return arguments.contains { mayBeConstant($0) }
    case .subquery(.scalar(let body, _)): return mayBeConstant(0, of: body)
    case .subquery: return false
    case .aggregateCall(let call):
      // The share that PERCENTILE takes beside its values is none of them.
      return WindowKind.aggregate(call.kind).showsSingleValues && mayBeConstant(call.arguments[0])
    case .windowCall(let call): return call.kind.showsSingleValues && expression.shown.contains { mayBeConstant($0) }
    default: return expression.children.allSatisfy { mayBeConstant($0) }
    }
  }

  mutating func mayBeConstant(_ index: Int, of body: QueryBody) -> Bool {
    let place = Place(body: body.id, index: index)
    if let found = constant[place] { return found }
    let found: Bool
    switch body.rows {
    case .values(let rows): found = rows.contains { mayBeConstant($0[index]) }
    case .operation(_, _, let left, let right):
      let sides = (mayBeConstant(index, of: left), mayBeConstant(index, of: right))
      found = sides.0 || sides.1
    case .select(let select): found = mayBeConstant(select.output[index])
    }
    constant[place] = found
    return found
  }
}
