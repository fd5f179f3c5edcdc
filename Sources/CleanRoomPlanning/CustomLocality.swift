import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

extension ResolvedExpression {
  /// Reads columns of these relations only, at least one, and needs no other rows to be judged.
  func isLocal(to relations: Set<Int>) -> Bool {
    var readsColumn = false
    return reads(only: relations, &readsColumn) && readsColumn
  }

  private func reads(only relations: Set<Int>, _ readsColumn: inout Bool) -> Bool {
    switch self {
    case .column(let reference, _):
      readsColumn = true
      return relations.contains(reference.table)
    case .literal: return true
    case .aggregateCall, .windowCall, .subquery, .aggregate: return false
    case .compare(_, let left, let right):
      return left.reads(only: relations, &readsColumn) && right.reads(only: relations, &readsColumn)
    default:
      for child in children where !child.reads(only: relations, &readsColumn) { return false }
      return true
    }
  }

  /// No aggregate, window or subquery.
  private var isRowWise: Bool {
    switch self {
    case .aggregateCall, .windowCall, .subquery, .aggregate: false
    default: children.allSatisfy(\.isRowWise)
    }
  }

  /// The columns of an equality: rows in which one is NULL never match.
  var equatedColumns: [ResolvedExpression] {
    guard case .compare(.equal, let left, let right) = self else { return [] }
    return [left, right].compactMap { $0.bareColumn }
  }

  private var bareColumn: ResolvedExpression? {
    switch self {
    case .column: self
    case .cast(let inner, _) where comparedColumn != nil: inner
    default: nil
    }
  }

  /// The condition with a derived table's columns replaced by the expressions behind them; nil where those are not
  /// settled before the condition could be judged.
  func replacing(_ relation: Int, by select: SelectBody) -> ResolvedExpression? {
    var isPossible = true
    let result = mapColumns { reference, expression in
      guard reference.table == relation, let index = Int(reference.name.dropFirst()) else { return expression }
      let inner = select.output[index]
      if !inner.isRowWise || !select.grouping.settles(inner) || inner.columns.isEmpty { isPossible = false }
      return inner
    }
    // Columns that stand for long expressions of columns that stand for long expressions would grow without end.
    return isPossible && result.fits(Self.longestPushed) ? result : nil
  }

  private static var longestPushed: Int { 500 }

  func mapColumns(_ transform: (ColumnReference, ResolvedExpression) -> ResolvedExpression) -> ResolvedExpression {
    if case .column(let reference, _) = self { return transform(reference, self) }
    return mapChildren { $0.mapColumns(transform) }
  }
}

extension Grouping {
  /// The expression has one value in all rows of a group.
  fileprivate func settles(_ expression: ResolvedExpression) -> Bool {
    switch self {
    case .none: true
    case .keys(let keys): keys.contains(expression)
    case .sets: false
    }
  }
}

/// How often each relation is read anywhere in a query.
struct RelationCounts {
  private(set) var scans: [Int: Int] = [:]
  private(set) var common: [Int: Int] = [:]
  /// The table behind each scan.
  private(set) var tables: [Int: Int] = [:]

  mutating func add(_ body: QueryBody) {
    switch body.rows {
    case .values: break
    case .operation(_, _, let left, let right):
      add(left)
      add(right)
    case .select(let select): if let from = select.from { add(from) }
    }
    for test in body.ownExpressions.flatMap(\.subqueries) { add(test.body) }
  }

  private mutating func add(_ relation: Relation) {
    switch relation {
    case .scan(let id, let table):
      scans[table, default: 0] += 1
      tables[id] = table
    case .common(_, let index): common[index, default: 0] += 1
    case .derived(_, let body): add(body)
    case .join(_, let left, let right, _):
      add(left)
      add(right)
    }
  }
}
