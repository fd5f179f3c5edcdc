import CleanRoomModel
import CleanRoomSQL

/// Thresholds through FROM and through subqueries of expressions.
extension ThresholdPlacement {
  mutating func placed(_ relation: Relation) -> (Relation, [Carried]) {
    switch relation {
    case .scan(let id, let table):
      guard let identity = rules[table].identity, let column = rules[table].table.columns[identity] else {
        return (relation, [])
      }
      let reference = ColumnReference(table: id, name: identity)
      return (relation, [Carried(table: table, column: .column(reference, column.type))])
    case .derived(let id, let body):
      let (placed, carried) = placed(body, isOutermost: false)
      return (.derived(id: id, placed), carried.map { Self.column($0, of: id, placed) })
    case .common(let id, let index):
      return (relation, common[index].carried.map { Self.column($0, of: id, common[index].body) })
    case .join(let kind, let left, let right, let condition):
      let (first, leftCarried) = placed(left)
      let (second, rightCarried) = placed(right)
      let on = condition.map { placedSubqueries($0) }
      if kind.showsLeftOnly, let hidden = rightCarried.first {
        refuse(ReasonText.underThreshold(kind.rawValue + " JOIN", rules[hidden.table].table), table: hidden.table)
      }
      return (.join(kind, first, second, on: on), leftCarried + (kind.showsLeftOnly ? [] : rightCarried))
    }
  }

  private static func column(_ carried: (table: Int, index: Int), of relation: Int, _ body: QueryBody) -> Carried {
    let reference = ColumnReference(table: relation, name: "c\(carried.index)")
    return Carried(table: carried.table, column: .column(reference, body.columnTypes[carried.index]))
  }

  mutating func placedSubqueries(_ key: BodySortKey) -> BodySortKey {
    guard case .expression(let expression) = key.target else { return key }
    return BodySortKey(
      target: .expression(placedSubqueries(expression)), descending: key.descending, nullsFirst: key.nullsFirst)
  }

  mutating func placedSubqueries(_ grouping: Grouping) -> Grouping {
    switch grouping {
    case .none: grouping
    case .keys(let keys): .keys(keys.map { placedSubqueries($0) })
    case .sets(let keys, let sets): .sets(keys: keys.map { placedSubqueries($0) }, sets)
    }
  }

  /// A subquery over a table with a threshold must put its rows together itself.
  mutating func placedSubqueries(_ expression: ResolvedExpression) -> ResolvedExpression {
    guard !expression.subqueries.isEmpty else { return expression }
    return expression.mapSubqueries { body in
      let (placed, carried) = placed(body, isOutermost: false)
      for (table, _) in carried { refuse(ReasonText.identitiesInSubquery(rules[table].table), table: table) }
      return placed
    }
  }
}
