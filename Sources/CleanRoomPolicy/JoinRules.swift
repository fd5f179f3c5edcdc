import CleanRoomModel
import CleanRoomSQL

/// ON: equalities between join columns of different tables, combined as both tables' rules permit.
extension QueryChecker {
  /// - Parameter isBound: both sides are known tables; otherwise only the condition's own faults are looked for.
  mutating func checkJoin(_ join: Join, isBound: Bool) {
    let isInner = join.kind == .inner && !join.isNatural
    if !isInner { refuse(.joinNotAllowed, ReasonText.joinKind(join), at: join.right.span) }
    let condition: JoinCondition?
    equated = []
    switch join.condition {
    case .none:
      condition = nil
      if isInner { refuse(.joinNotAllowed, ReasonText.joinWithoutCondition, at: join.right.span) }
    case .on(let expression): condition = joinCondition(expression)
    case .using(let names): condition = isBound ? using(names) : nil
    }
    // A refused equality has its own reason; that the tables are not joined would be a second one for one fault.
    if isInner { for (left, right) in equated { graph.connect(left, right) } }
    guard let condition, isBound, isInner else { return }
    let newest = scope.tables.count - 1
    guard condition.ties(newest) else {
      refuse(.joinNotAllowed, ReasonText.untied(scope.tables[newest].exposedName), at: join.condition.span)
      return
    }
    joins.append(condition)
  }

  private mutating func joinCondition(_ expression: Expression) -> JoinCondition? {
    switch expression.node {
    case .and(let parts): return combined(parts, .and, at: expression.span)
    case .or(let parts): return combined(parts, .or, at: expression.span)
    case .compare(.equal, let left, let right):
      guard case .column(let leftQualifier, let leftName) = left.node,
        case .column(let rightQualifier, let rightName) = right.node
      else { break }
      let first = column(leftQualifier, leftName, in: .on, at: left.span)
      let second = column(rightQualifier, rightName, in: .on, at: right.span)
      guard let first, let second else { return nil }
      return equality(first, second, at: (left.span, right.span), whole: expression.span)
    default: break
    }
    refuse(.joinNotAllowed, ReasonText.onlyEqualities, at: expression.span)
    return nil
  }

  private mutating func combined(_ parts: [Expression], _ operation: JoinOperator, at span: SourceSpan)
    -> JoinCondition?
  {
    let conditions = parts.map { joinCondition($0) }
    let known = conditions.compactMap { $0 }
    checkOperator(operation, of: known, at: span)
    guard known.count == parts.count else { return nil }
    return operation == .and ? .and(known) : .or(known)
  }

  private mutating func checkOperator(
    _ operation: JoinOperator, of conditions: [JoinCondition], at span: SourceSpan
  ) {
    let tables = Set(conditions.flatMap(\.equalities).flatMap { [$0.0.table, $0.1.table] }).sorted()
    for table in tables.map({ scope.tables[$0] })
    where table.grants?.joinOperators.contains(operation) == false {
      refuse(.joinNotAllowed, ReasonText.joinOperator(operation, table), at: span)
    }
  }

  private mutating func isPermittedAsKey(_ column: BoundColumn, at span: SourceSpan) -> Bool {
    let table = scope.tables[column.reference.table]
    guard let grants = table.grants else { return false }
    if grants.joinColumns.contains(column.reference.name) { return true }
    refuse(.joinNotAllowed, ReasonText.notAJoinColumn(column.reference.name, table), at: span)
    return false
  }

  private mutating func equality(
    _ left: BoundColumn, _ right: BoundColumn, at places: (SourceSpan, SourceSpan), whole span: SourceSpan
  ) -> JoinCondition? {
    let (first, second) = (left.reference, right.reference)
    let areKeys = [isPermittedAsKey(left, at: places.0), isPermittedAsKey(right, at: places.1)]
    guard first.table != second.table else {
      refuse(.joinNotAllowed, ReasonText.sameSide(scope.tables[first.table].exposedName), at: span)
      return nil
    }
    equated.append((first.table, second.table))
    guard !areKeys.contains(false) else { return nil }
    var isSound = true
    if !context.joinsDifferentNames && first.name != second.name {
      refuse(.joinNotAllowed, ReasonText.differentNames(first.name, second.name), at: span)
      isSound = false
    }
    if let (one, other) = mismatch(left, right) {
      refuse(
        .keyFormMismatch, ReasonText.keyForms(label(one), one.published, label(other), other.published), at: span)
      isSound = false
    }
    return isSound ? .equal(first, second) : nil
  }

  /// Two columns that equal identifiers would not give equal tokens in.
  private mutating func mismatch(_ left: BoundColumn, _ right: BoundColumn) -> (BoundColumn, BoundColumn)? {
    guard let family = left.published.type.keyFamily, family == right.published.type.keyFamily else {
      return (left, right)
    }
    return keys.unite(left, right)
  }

  private func label(_ column: BoundColumn) -> String {
    "\(column.reference.name) of \(scope.tables[column.reference.table].label)"
  }

  // MARK: USING

  private mutating func using(_ names: [Identifier]) -> JoinCondition? {
    var equalities: [JoinCondition] = []
    for name in names {
      guard let left = leftOfUsing(name), let right = rightOfUsing(name),
        let equality = equality(left, right, at: (name.span, name.span), whole: name.span)
      else { continue }
      scope.merge(name.name, into: left.reference)
      equalities.append(equality)
    }
    if names.count > 1, let first = names.first { checkOperator(.and, of: equalities, at: first.span) }
    guard equalities.count == names.count else { return nil }
    return equalities.count == 1 ? equalities[0] : .and(equalities)
  }

  private mutating func leftOfUsing(_ name: Identifier) -> BoundColumn? {
    found(scope.lookLeft(up: name.name), nil, name, in: .on, at: name.span)
  }

  private mutating func rightOfUsing(_ name: Identifier) -> BoundColumn? {
    let newest = scope.tables.count - 1
    let lookup = scope.column(name.name, of: newest).map(TableScope.Lookup.found) ?? .missing
    return found(lookup, nil, name, in: .on, at: name.span)
  }
}

extension JoinCondition {
  /// Whatever arm of an OR holds, it equates a column of `table` with one of another table.
  func ties(_ table: Int) -> Bool {
    switch self {
    case .equal(let left, let right): (left.table == table) != (right.table == table)
    case .and(let parts): parts.contains { $0.ties(table) }
    case .or(let parts): parts.allSatisfy { $0.ties(table) }
    }
  }
}

extension JoinConstraint {
  var span: SourceSpan? {
    switch self {
    case .none: nil
    case .on(let expression): expression.span
    case .using(let names): names.first?.span
    }
  }
}
