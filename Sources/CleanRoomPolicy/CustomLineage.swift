import CleanRoomModel

/// A column of one of the query's tables.
struct BaseColumn: Hashable {
  /// Index into `ApprovedQuery.tables`.
  let table: Int
  let name: String

  /// A number of rows, which is made of no column.
  static let count = BaseColumn(table: -1, name: "")
}

extension BaseColumn: Comparable {
  static func < (left: BaseColumn, right: BaseColumn) -> Bool {
    left.table == right.table ? left.name < right.name : left.table < right.table
  }
}

/// Which columns of tables go into a value, through aliases, derived and common tables and set operations.
///
/// What was found of a body's column is remembered: common tables that read each other twice would otherwise cost
/// twice as much with each of them.
struct CustomLineage {
  /// What counts as going into a value.
  enum Reading: Hashable {
    /// The columns whose values show in it; a count or a rank shows none.
    case value
    /// Everything that it tells about: what it counts and ranks, and all that a subquery inside it reads.
    case everything
    /// The same, with `BaseColumn.count` for numbers of rows.
    case everythingAndCounts
  }

  struct Place: Hashable {
    let body: Int
    let index: Int
  }

  let scans: [Int: Int]
  private let merges: [ColumnReference: [ResolvedExpression]]
  private let common: [QueryBody]
  /// The body behind each derived or common table, and every body by its identifier.
  private(set) var bodies: [Int: QueryBody] = [:]
  private var known: [Reading: [Place: Set<BaseColumn>]] = [:]
  private var wholes: [Reading: [Int: Set<BaseColumn>]] = [:]
  var unchanged: [Place: Bool] = [:]
  var constant: [Place: Bool] = [:]

  init(_ facts: CustomFacts) {
    scans = facts.scans
    merges = facts.merges
    common = facts.query.commonTables
    for body in common {
      note(body)
      settle(body)
    }
    note(facts.query.body)
  }

  /// Common tables may build on each other in long chains: each one is settled before the next one reads it.
  private mutating func settle(_ body: QueryBody) {
    for reading in [Reading.value, .everything, .everythingAndCounts] {
      for index in body.columnTypes.indices { _ = column(index, of: body, reading) }
      _ = everything(in: body, reading)
    }
    for index in body.columnTypes.indices {
      _ = isColumn(index, of: body)
      _ = mayBeConstant(index, of: body)
    }
  }

  private mutating func note(_ body: QueryBody) {
    bodies[body.id] = body
    switch body.rows {
    case .values: break
    case .operation(_, _, let left, let right):
      note(left)
      note(right)
    case .select(let select): if let from = select.from { note(from) }
    }
    for expression in body.ownExpressions {
      for test in expression.subqueries { note(test.body) }
    }
  }

  private mutating func note(_ relation: Relation) {
    switch relation {
    case .scan: break
    case .common(let id, let index): bodies[id] = common[index]
    case .derived(let id, let body):
      bodies[id] = body
      note(body)
    case .join(_, let left, let right, _):
      note(left)
      note(right)
    }
  }

  // MARK: Columns of tables

  /// - Parameter merged: what a join's USING is about to merge into the column, and has no part in it yet.
  mutating func columns(
    of expression: ResolvedExpression, _ reading: Reading, before merged: [ResolvedExpression] = []
  ) -> Set<BaseColumn> {
    if case .column(let reference, _) = expression { return columns(of: reference, reading, before: merged) }
    var found: Set<BaseColumn> = []
    for part in reading == .value ? expression.shown : expression.children {
      found.formUnion(columns(of: part, reading))
    }
    switch expression {
    case .aggregateCall, .windowCall:
      if found.isEmpty && reading == .everythingAndCounts { found.insert(.count) }
    case .subquery(.scalar(let body, _)) where reading == .value: found.formUnion(column(0, of: body, reading))
    case .subquery(let test) where reading != .value: found.formUnion(everything(in: test.body, reading))
    default: break
    }
    return found
  }

  private mutating func columns(
    of reference: ColumnReference, _ reading: Reading, before merged: [ResolvedExpression]
  ) -> Set<BaseColumn> {
    var found: Set<BaseColumn> = []
    if let table = scans[reference.table] {
      found.insert(BaseColumn(table: table, name: reference.name))
    } else if let (body, index) = origin(of: reference) {
      found = column(index, of: body, reading)
    }
    guard reading != .value else { return found }
    for other in merges[reference] ?? [] where !merged.contains(other) { found.formUnion(columns(of: other, reading)) }
    return found
  }

  func origin(of reference: ColumnReference) -> (body: QueryBody, index: Int)? {
    guard let body = bodies[reference.table], let index = Int(reference.name.dropFirst()) else { return nil }
    return (body, index)
  }

  mutating func column(_ index: Int, of body: QueryBody, _ reading: Reading) -> Set<BaseColumn> {
    let place = Place(body: body.id, index: index)
    if let found = known[reading]?[place] { return found }
    var found: Set<BaseColumn> = []
    switch body.rows {
    case .select(let select): found = columns(of: select.output[index], reading)
    case .values(let rows): for row in rows { found.formUnion(columns(of: row[index], reading)) }
    case .operation(_, _, let left, let right):
      found = column(index, of: left, reading).union(column(index, of: right, reading))
    }
    known[reading, default: [:]][place] = found
    return found
  }

  /// All that a query reads, its conditions included: whether it has rows tells about them too.
  private mutating func everything(in body: QueryBody, _ reading: Reading) -> Set<BaseColumn> {
    if let found = wholes[reading]?[body.id] { return found }
    var found: Set<BaseColumn> = []
    for expression in body.ownExpressions { found.formUnion(columns(of: expression, reading)) }
    for part in body.parts(common) { found.formUnion(everything(in: part, reading)) }
    wholes[reading, default: [:]][body.id] = found
    return found
  }
}
