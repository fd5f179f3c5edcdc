import CleanRoomModel
import CleanRoomPolicy

/// Turns an approved query into fragments and the query that combines them: pure, and the same on every machine.
public enum QueryPlanner {
  /// - Parameter joinsDifferentNames: the collaboration's `allowJoinsOnColumnsWithDifferentNames`.
  public static func plan(_ query: ApprovedQuery, joinsDifferentNames: Bool) -> QueryPlan {
    if case .custom(let custom) = query.shape {
      return CustomPlanner.plan(query, custom, joinsDifferentNames: joinsDifferentNames)
    }
    let local = LocalConditions(query)
    let needs = ColumnNeeds(query, crossFilter: local.crossing)
    let domains = TokenDomains(query, joinsDifferentNames: joinsDifferentNames)
    let fragments = query.tables.indices.map { index in
      fragment(of: index, query: query, needs: needs, domains: domains, filter: local.perTable[index])
    }
    return QueryPlan(
      fragments: fragments,
      combination: CombinationBuilder(query: query, fragments: fragments, filter: local.crossing).build())
  }

  private static func fragment(
    of index: Int, query: ApprovedQuery, needs: ColumnNeeds, domains: TokenDomains,
    filter: [ResolvedExpression]
  ) -> Fragment {
    let table = query.tables[index]
    var columns: [FragmentColumn] = []
    for column in table.columns.sorted(by: { $0.name < $1.name }) {
      let reference = ColumnReference(table: index, name: column.name)
      if needs.tokens.contains(reference) {
        let use = ColumnUse.token(domain: domains.domain(of: reference), form: domains.form(of: reference))
        columns.append(column.use(use, at: columns.count))
      }
      if needs.values.contains(reference) {
        columns.append(column.use(.value(column.type), at: columns.count))
      }
    }
    return Fragment(
      table: table.name, owner: table.owner, gatheredTable: "t\(index)", columns: columns, filter: filter)
  }
}

extension PublishedColumn {
  fileprivate func use(_ use: ColumnUse, at position: Int) -> FragmentColumn {
    FragmentColumn(column: name, type: type, use: use, gatheredName: "c\(position)")
  }
}

/// The query's conditions, divided into those that one owner can judge alone and those that need the join.
struct LocalConditions {
  var perTable: [[ResolvedExpression]]
  var crossing: [ResolvedExpression] = []

  init(_ query: ApprovedQuery) {
    perTable = query.tables.map { _ in [] }
    for condition in query.filter {
      let tables = Set(condition.columns.map(\.table))
      if tables.count == 1, let table = tables.first {
        perTable[table].append(condition)
      } else {
        crossing.append(condition)
      }
    }
    for reference in Self.requiredKeys(query) {
      guard let type = query.tables[reference.table].column(reference.name)?.type else { continue }
      perTable[reference.table].append(.isNull(.column(reference, type), negated: true))
    }
  }

  /// Key columns whose NULL rows can never join, whatever the other side holds: they stay at home.
  private static func requiredKeys(_ query: ApprovedQuery) -> [ColumnReference] {
    var seen: Set<ColumnReference> = []
    var ordered: [ColumnReference] = []
    for condition in query.joins {
      for (left, right) in mandatory(condition) {
        for reference in [left, right] where seen.insert(reference).inserted { ordered.append(reference) }
      }
    }
    return ordered
  }

  private static func mandatory(_ condition: JoinCondition) -> [(ColumnReference, ColumnReference)] {
    switch condition {
    case .equal(let left, let right): [(left, right)]
    case .and(let parts): parts.flatMap(mandatory)
    case .or: []
    }
  }
}

/// Which columns must reach the coordinator, and whether as values or only as tokens.
struct ColumnNeeds {
  private(set) var values: Set<ColumnReference> = []
  private(set) var tokens: Set<ColumnReference> = []
  private var counted: Set<ColumnReference> = []

  init(_ query: ApprovedQuery, crossFilter: [ResolvedExpression]) {
    for condition in query.joins {
      for (left, right) in condition.equalities { tokens.formUnion([left, right]) }
    }
    for condition in crossFilter { add(condition) }
    if case .aggregation(let grouping) = query.shape {
      for expression in grouping { add(expression) }
    }
    for column in query.output { add(column.expression) }
    for key in query.order { add(key.expression) }
    if let having = query.having { add(having) }
    counted.formUnion(query.thresholds.map(\.column))
    for reference in counted { addIdentity(reference, of: query) }
  }

  private mutating func add(_ expression: ResolvedExpression) {
    switch expression {
    case .column(let reference, _): values.insert(reference)
    case .aggregate(.count, let reference, _, _), .aggregate(.countDistinct, let reference, _, _):
      counted.insert(reference)
    case .aggregate(_, let reference, _, _): values.insert(reference)
    default:
      for child in expression.children { add(child) }
    }
  }

  /// Counting needs equality only, so a token serves where the type has one. Where the value travels anyway and is
  /// its own identity, nothing more has to.
  private mutating func addIdentity(_ reference: ColumnReference, of query: ApprovedQuery) {
    guard let column = query.tables[reference.table].column(reference.name) else { return }
    let isItself = values.contains(reference) && (column.declaredForm ?? .none) == KeyForm.none
    if column.type.keyFamily != nil && !isItself {
      tokens.insert(reference)
    } else {
      values.insert(reference)
    }
  }
}
