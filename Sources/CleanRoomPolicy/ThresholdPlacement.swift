import CleanRoomModel
import CleanRoomSQL

/// Puts every table's threshold where rows stop being rows of single identities.
///
/// Rows of a table with a threshold carry its identity column until a GROUP BY or DISTINCT puts them together: a group
/// that still belongs to one identity carries it on, any other group must stand for enough of them. Nothing that
/// carries an identity may reach the result.
struct ThresholdPlacement {
  struct Refusal {
    let message: String
    let span: SourceSpan?
  }

  /// An identity that rows carry: a column of the FROM at hand, or of a body by its index.
  struct Carried: Hashable {
    let table: Int
    let column: ResolvedExpression
  }

  let facts: CustomFacts
  let rules: [CustomTableRule]
  var lineage: CustomLineage
  private(set) var refusals: [Refusal] = []
  var common: [(body: QueryBody, carried: [(table: Int, index: Int)])] = []

  init(_ facts: CustomFacts, _ rules: [CustomTableRule], _ lineage: CustomLineage) {
    self.facts = facts
    self.rules = rules
    self.lineage = lineage
  }

  mutating func refuse(_ message: String, table: Int) {
    refusals.append(Refusal(message: message, span: rules[table].table.span))
  }

  mutating func place() -> CustomQuery {
    for body in facts.query.commonTables { common.append(placed(body, isOutermost: false)) }
    let (body, carried) = placed(facts.query.body, isOutermost: true)
    for (table, _) in carried where minimum(of: table, isOutermost: true) != 0 {
      refuse(ReasonText.singleIdentities(rules[table].table), table: table)
    }
    return CustomQuery(commonTables: common.map(\.body), body: body)
  }

  // MARK: Bodies

  mutating func placed(_ body: QueryBody, isOutermost: Bool) -> (body: QueryBody, carried: [(table: Int, index: Int)]) {
    var result = body
    result.order = body.order.map { placedSubqueries($0) }
    switch body.rows {
    case .values(let rows):
      result.rows = .values(rows.map { row in row.map { placedSubqueries($0) } })
      return (result, [])
    case .operation(let operation, let all, let left, let right):
      let sides = [left, right].map { placed($0, isOutermost: false) }
      for (table, _) in sides.flatMap(\.carried) {
        refuse(ReasonText.identitiesInSet(rules[table].table), table: table)
      }
      result.rows = .operation(operation, all: all, sides[0].body, sides[1].body)
      return (result, [])
    case .select(let select):
      let (placed, carried) = placed(select, sortedBy: result.order.expressions, isOutermost: isOutermost)
      result.rows = .select(placed)
      result.columnTypes = placed.output.map(\.type)
      if let (table, _) = carried.first, body.limit != nil || body.offset != nil, !isOutermost {
        refuse(ReasonText.limitOfIdentities(rules[table].table), table: table)
      }
      return (result, carried)
    }
  }

  private mutating func placed(_ select: SelectBody, sortedBy sorting: [ResolvedExpression], isOutermost: Bool) -> (
    SelectBody, [(table: Int, index: Int)]
  ) {
    var select = select
    var identities: [Carried] = []
    if let from = select.from { (select.from, identities) = placed(from) }
    select.filter = select.filter.map { placedSubqueries($0) }
    select.grouping = placedSubqueries(select.grouping)
    select.having = select.having.map { placedSubqueries($0) }
    select.output = select.output.map { placedSubqueries($0) }
    guard let first = identities.first else { return (select, []) }
    guard identities.count <= CustomLimits.identities else {
      refuse(ReasonText.tooMany("identity columns in one FROM", CustomLimits.identities), table: first.table)
      return (select, [])
    }
    let hasWindow = (select.output + sorting).contains(where: \.hasWindow)
    if select.isDistinct, case .none = select.grouping {
      // DISTINCT puts rows together as GROUP BY does.
      if hasWindow { refuse(ReasonText.windowOverIdentities(rules[first.table].table), table: first.table) }
      select.grouping = .keys(select.output.uniqued)
      select.isDistinct = false
    }
    var carried: [(table: Int, index: Int)] = []
    switch select.grouping {
    case .none: (select, carried) = carriedOn(identities, select, isOutermost: isOutermost)
    case .sets: refuse(ReasonText.underThreshold("GROUPING SETS", rules[first.table].table), table: first.table)
    case .keys(let keys): (select, carried) = grouped(identities, keys, select, isOutermost: isOutermost)
    }
    // Windows over groups see those that met every threshold, and no other.
    if hasWindow, let (table, _) = carried.first {
      refuse(ReasonText.windowOverIdentities(rules[table].table), table: table)
    }
    return (select, carried)
  }

  /// Rows stay rows: the identities become columns that nobody sees.
  private func carriedOn(_ identities: [Carried], _ select: SelectBody, isOutermost: Bool) -> (
    SelectBody, [(table: Int, index: Int)]
  ) {
    var select = select
    var carried: [(table: Int, index: Int)] = []
    for identity in identities {
      carried.append((identity.table, select.indexOfOutput(identity.column, adding: !isOutermost)))
    }
    return (select, carried)
  }

  private mutating func grouped(
    _ identities: [Carried], _ keys: [ResolvedExpression], _ select: SelectBody, isOutermost: Bool
  ) -> (SelectBody, [(table: Int, index: Int)]) {
    var select = select
    var carried: [(table: Int, index: Int)] = []
    let same = select.equatedColumns
    for identity in identities {
      let key = keys.first { $0 == identity.column || same.contains([$0, identity.column]) }
      if let key {
        carried.append((identity.table, select.indexOfOutput(key, adding: !isOutermost)))
        continue
      }
      let minimum = isCountOfWholeTable(select) ? 0 : minimum(of: identity.table, isOutermost: isOutermost)
      guard minimum > 0, let column = rules[identity.table].identity else { continue }
      select.thresholds.append(
        IdentityThreshold(table: identity.table, column: column, identity: identity.column, minimum: minimum))
    }
    if select.isDistinct, let (table, _) = carried.first {
      refuse(ReasonText.singleIdentities(rules[table].table), table: table)
    }
    return (select, carried)
  }
}

extension SelectBody {
  /// The output that is this expression, or a new one at the end; -1 in the result, which nothing is added to.
  fileprivate mutating func indexOfOutput(_ expression: ResolvedExpression, adding: Bool) -> Int {
    if let index = output.firstIndex(of: expression) { return index }
    guard adding else { return -1 }
    output.append(expression)
    return output.count - 1
  }

  /// Pairs of columns that are equal in every row.
  fileprivate var equatedColumns: Set<Set<ResolvedExpression>> {
    var found: Set<Set<ResolvedExpression>> = []
    for condition in filter + (from?.innerConditions ?? []) {
      for case .compare(.equal, let left, let right) in condition.conjuncts { found.insert([left, right]) }
    }
    return found
  }
}

extension Relation {
  /// Conditions of inner joins that no outer join surrounds.
  fileprivate var innerConditions: [ResolvedExpression] {
    guard case .join(let kind, let left, let right, let condition) = self, kind == .inner || kind == .cross else {
      return []
    }
    return (condition.map { [$0] } ?? []) + left.innerConditions + right.innerConditions
  }
}

extension Array where Element: Hashable {
  /// Each element once, in order of first occurrence.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
