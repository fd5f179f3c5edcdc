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
      let (placed, carried) = placed(select, of: body, isOutermost: isOutermost)
      result.rows = .select(placed)
      result.columnTypes = placed.output.map(\.type)
      if let (table, _) = carried.first, body.limit != nil || body.offset != nil, !isOutermost {
        refuse(ReasonText.limitOfIdentities(rules[table].table), table: table)
      }
      return (result, carried)
    }
  }

  private mutating func placed(_ select: SelectBody, of body: QueryBody, isOutermost: Bool) -> (
    SelectBody, [(table: Int, index: Int)]
  ) {
    var select = select
    var identities: [Carried] = []
    if let from = select.from { (select.from, identities) = placed(from) }
    select.filter = select.filter.map { placedSubqueries($0) }
    select.having = select.having.map { placedSubqueries($0) }
    select.output = select.output.map { placedSubqueries($0) }
    select.grouping = placedSubqueries(select.grouping)
    guard let first = identities.first else { return (select, []) }
    guard identities.count <= CustomLimits.identities else {
      refuse(ReasonText.tooMany("identity columns in one FROM", CustomLimits.identities), table: first.table)
      return (select, [])
    }
    if select.output.contains(where: \.hasWindow) {
      refuse(ReasonText.windowOverIdentities(rules[first.table].table), table: first.table)
    }
    if select.isDistinct, case .none = select.grouping {
      // DISTINCT puts rows together as GROUP BY does.
      select.grouping = .keys(select.output.uniqued)
      select.isDistinct = false
    }
    switch select.grouping {
    case .none: return carriedOn(identities, select, isOutermost: isOutermost)
    case .sets:
      refuse(ReasonText.underThreshold("GROUPING SETS", rules[first.table].table), table: first.table)
      return (select, [])
    case .keys(let keys): return grouped(identities, keys, select, body, isOutermost: isOutermost)
    }
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
    _ identities: [Carried], _ keys: [ResolvedExpression], _ select: SelectBody, _ body: QueryBody, isOutermost: Bool
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
      guard minimum > 0 else { continue }
      select.thresholds.append(IdentityThreshold(identity: identity.column, minimum: minimum))
    }
    if select.isDistinct, let (table, _) = carried.first {
      refuse(ReasonText.singleIdentities(rules[table].table), table: table)
    }
    return (select, carried)
  }

  // MARK: Minima

  /// COUNT over one table as a whole tells nothing about its members (AWS Clean Rooms exempts it).
  private func isCountOfWholeTable(_ select: SelectBody) -> Bool {
    guard rules.count == 1, facts.scans.count == 1, case .scan? = select.from, select.filter.isEmpty,
      select.having == nil, select.grouping == .keys([])
    else { return false }
    return select.output.allSatisfy { expression in
      // An expression could count some rows only.
      guard case .aggregateCall(let call) = expression, call.kind == .count, call.filter == nil else { return false }
      return call.arguments.allSatisfy { if case .column = $0 { true } else { false } }
    }
  }

  /// The largest minimum that a column of the result demands; inner queries get the largest there is.
  private mutating func minimum(of table: Int, isOutermost: Bool) -> Int {
    guard let threshold = rules[table].threshold else { return 0 }
    let general = threshold.minimumIdentityCount
    let overrides = Dictionary(
      (threshold.outputColumnThresholds ?? []).map { ($0.outputColumnName, $0.minimumIdentityCount) },
      uniquingKeysWith: { max($0, $1) })
    guard isOutermost, !overrides.isEmpty else { return max(general, overrides.values.max() ?? 0) }
    // Constants say nothing of their own, but their number does: alone they are no exempt columns.
    let minima = facts.outputSpans.indices.compactMap { self.minimum(ofColumn: $0, table, general, overrides) }
    return minima.max() ?? general
  }

  private mutating func minimum(
    ofColumn index: Int, _ table: Int, _ general: Int, _ overrides: [String: Int]
  ) -> Int? {
    if case .select(let select) = facts.query.body.rows, case .literal = select.output[index] { return nil }
    let columns = lineage.column(index, of: facts.query.body, .everything)
    guard !columns.isEmpty, columns.allSatisfy({ $0.table == table }) else { return general }
    return columns.map { overrides[$0.name] ?? general }.max() ?? general
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
