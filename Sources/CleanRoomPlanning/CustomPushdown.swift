import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Moves conditions that one owner can judge alone to that owner: rows that fail them never leave.
///
/// A condition moves down through joins that do not invent NULLs on its side, and through derived and common tables that
/// only rename, compute, group by what it reads, or are read once.
struct CustomPushdown {
  private(set) var query: PushedQuery
  /// Conditions of each scan, over its published columns.
  private(set) var filters: [Int: [ResolvedExpression]] = [:]
  /// How often each table is scanned, and each common table read.
  private let scanCounts: [Int: Int]
  private let commonCounts: [Int: Int]
  private var commonFilters: [Int: [ResolvedExpression]] = [:]
  /// How many parts of expressions may still be written anew, and by how many the text may still grow: names stand for
  /// expressions that would double at every level. What is left undone is judged where it stood.
  private var budget = (work: 1_000_000, growth: 5_000)

  init(_ query: CustomQuery) {
    self.query = PushedQuery(commonTables: query.commonTables, body: query.body)
    var counts = RelationCounts()
    for body in query.commonTables + [query.body] { counts.add(body) }
    (scanCounts, commonCounts) = (counts.scans, counts.common)
    var common = query.commonTables
    let body = moved(query.body)
    for index in common.indices.reversed() {
      common[index] = moved(common[index].adding(commonFilters[index] ?? []))
    }
    self.query = PushedQuery(commonTables: common, body: body)
  }

  private mutating func moved(_ body: QueryBody) -> QueryBody {
    var body = body
    switch body.rows {
    case .values: break
    case .operation(let operation, let all, let left, let right):
      body.rows = .operation(operation, all: all, moved(left), moved(right))
    case .select(var select):
      if let from = select.from {
        let (relation, rest) = place(select.filter, in: from)
        select.from = relation
        select.filter = rest
      }
      select.filter = select.filter.map { $0.mapSubqueries { moved($0) } }
      select.having = select.having?.mapSubqueries { moved($0) }
      select.output = select.output.map { $0.mapSubqueries { moved($0) } }
      body.rows = .select(select)
    }
    return body
  }

  /// - Returns: the relation with what it took, and the conditions that have to be judged above it.
  private mutating func place(_ conditions: [ResolvedExpression], in relation: Relation) -> (
    Relation, [ResolvedExpression]
  ) {
    switch relation {
    case .scan(let id, let table):
      let own = conditions.filter { $0.isLocal(to: [id]) }
      filters[id, default: []] += own
      let isOnly = scanCounts[table] == 1
      return (relation, isOnly ? conditions.filter { !$0.isLocal(to: [id]) } : conditions)
    case .derived(let id, let body):
      let (inside, rest) = substituted(conditions, id, body)
      return (.derived(id: id, moved(body.adding(inside))), rest)
    case .common(let id, let index):
      guard commonCounts[index] == 1 else { return (relation, conditions) }
      let (inside, rest) = substituted(conditions, id, query.commonTables[index])
      commonFilters[index, default: []] += inside
      return (relation, rest)
    case .join(let kind, let left, let right, let condition):
      return place(conditions, in: kind, left, right, condition)
    }
  }

  private mutating func place(
    _ conditions: [ResolvedExpression], in kind: JoinKind, _ left: Relation, _ right: Relation,
    _ condition: ResolvedExpression?
  ) -> (Relation, [ResolvedExpression]) {
    let on = condition.map(\.conjuncts) ?? []
    let (leftIDs, rightIDs) = (Set(left.identifiers), Set(right.identifiers))
    let sides = kind.pushing
    var down: (left: [ResolvedExpression], right: [ResolvedExpression]) = ([], [])
    func send(_ part: ResolvedExpression, _ left: Bool, _ right: Bool) -> Bool {
      if left && part.isLocal(to: leftIDs) {
        down.left.append(part)
      } else if right && part.isLocal(to: rightIDs) {
        down.right.append(part)
      } else {
        return false
      }
      return true
    }
    let sent = conditions.map { send($0, sides.whereLeft, sides.whereRight) }
    let sentOn = on.map { send($0, sides.onLeft, sides.onRight) }
    for (part, isSent) in zip(on, sentOn) where !isSent {
      for key in part.equatedColumns { _ = send(.isNull(key, negated: true), sides.onLeft, sides.onRight) }
    }
    let (first, restLeft) = place(down.left, in: left)
    let (second, restRight) = place(down.right, in: right)
    // What a side could not take is judged where it stood.
    let back = Set(restLeft + restRight)
    let keptOn = zip(on, sentOn).filter { !$1 || back.contains($0) }.map(\.0)
    let kept = zip(conditions, sent).filter { !$1 || back.contains($0) }.map(\.0)
    return (.join(kind, first, second, on: keptOn.isEmpty ? nil : .and(keptOn)), kept)
  }

  private mutating func isAffordable(_ replaced: ResolvedExpression, for condition: ResolvedExpression) -> Bool {
    let size = replaced.size(upTo: budget.work + 1)
    let growth = size - condition.size(upTo: size)
    guard size <= budget.work, growth <= budget.growth else { return false }
    budget.work -= size
    budget.growth -= growth
    return true
  }

  /// Conditions over a derived table's columns in terms of what stands inside it.
  private mutating func substituted(_ conditions: [ResolvedExpression], _ id: Int, _ body: QueryBody) -> (
    inside: [ResolvedExpression], rest: [ResolvedExpression]
  ) {
    // Windows see all rows.
    guard case .select(let select) = body.rows, body.limit == nil, body.offset == nil, select.from != nil,
      !select.output.contains(where: \.hasWindow)
    else { return ([], conditions) }
    var (inside, rest): ([ResolvedExpression], [ResolvedExpression]) = ([], [])
    for condition in conditions {
      if condition.isLocal(to: [id]), let replaced = condition.replacing(id, by: select),
        isAffordable(replaced, for: condition)
      {
        inside.append(replaced)
      } else {
        rest.append(condition)
      }
    }
    return (inside, rest)
  }
}

/// A CUSTOM query without the conditions that its owners judge.
struct PushedQuery {
  let commonTables: [QueryBody]
  let body: QueryBody
}

extension JoinKind {
  /// On which sides a condition of WHERE, and of the join's own ON, may be judged before the join.
  fileprivate var pushing: (whereLeft: Bool, whereRight: Bool, onLeft: Bool, onRight: Bool) {
    switch self {
    case .inner, .cross: (true, true, true, true)
    case .left: (true, false, false, true)
    case .right: (false, true, true, false)
    case .full: (false, false, false, false)
    case .leftSemi: (true, false, true, true)
    case .leftAnti: (true, false, false, true)
    }
  }
}

extension QueryBody {
  fileprivate func adding(_ conditions: [ResolvedExpression]) -> QueryBody {
    guard case .select(var select) = rows, !conditions.isEmpty else { return self }
    select.filter += conditions
    var body = self
    body.rows = .select(select)
    return body
  }
}
