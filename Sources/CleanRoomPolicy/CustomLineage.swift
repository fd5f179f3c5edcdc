import CleanRoomModel

/// A column of one of the query's tables.
struct BaseColumn: Hashable {
  /// Index into `ApprovedQuery.tables`.
  let table: Int
  let name: String
}

/// Which columns of tables go into a value, through aliases, derived and common tables and set operations.
struct CustomLineage {
  /// What a subquery inside an expression contributes.
  enum Reading {
    /// The columns that its value is made of.
    case value
    /// Everything it reads, its conditions included: a value tells about them too.
    case everything
  }

  private let scans: [Int: Int]
  /// The body behind each derived or common table, and every body by its identifier.
  private var bodies: [Int: QueryBody] = [:]
  private var known: [Reading: [ColumnReference: Set<BaseColumn>]] = [:]
  /// Everything that a body reads, by its identifier.
  private var readings: [Int: Set<BaseColumn>] = [:]
  private var direct: [ColumnReference: Bool] = [:]

  init(_ facts: CustomFacts) {
    scans = facts.scans
    for body in facts.query.commonTables + [facts.query.body] {
      note(body, facts.query.commonTables)
      settle(body, facts.query.commonTables)
    }
  }

  /// Common tables may build on each other in long chains: each one's columns are settled before the next one reads them.
  private mutating func settle(_ body: QueryBody, _ common: [QueryBody]) {
    for (id, index) in body.commonReads {
      for (column, type) in common[index].columnTypes.enumerated() {
        let reference = ResolvedExpression.column(ColumnReference(table: id, name: "c\(column)"), type)
        _ = columns(of: reference, .value)
        _ = columns(of: reference, .everything)
        _ = isColumn(reference)
      }
    }
  }

  private mutating func note(_ body: QueryBody, _ common: [QueryBody]) {
    bodies[body.id] = body
    switch body.rows {
    case .values: break
    case .operation(_, _, let left, let right):
      note(left, common)
      note(right, common)
    case .select(let select): if let from = select.from { note(from, common) }
    }
    for expression in body.ownExpressions {
      for test in expression.subqueries { note(test.body, common) }
    }
  }

  private mutating func note(_ relation: Relation, _ common: [QueryBody]) {
    switch relation {
    case .scan: break
    case .common(let id, let index): bodies[id] = common[index]
    case .derived(let id, let body):
      bodies[id] = body
      note(body, common)
    case .join(_, let left, let right, _):
      note(left, common)
      note(right, common)
    }
  }

  // MARK: Columns of tables

  mutating func columns(of expression: ResolvedExpression, _ reading: Reading) -> Set<BaseColumn> {
    if case .column(let reference, _) = expression { return columns(of: reference, reading) }
    var found: Set<BaseColumn> = []
    for child in expression.children { found.formUnion(columns(of: child, reading)) }
    guard case .subquery(let test) = expression else { return found }
    switch (test, reading) {
    case (.scalar(let body, _), .value): found.formUnion(column(0, of: body, reading))
    case (.contains, .value), (.exists, .value): break
    case (_, .everything): found.formUnion(everything(in: test.body))
    }
    return found
  }

  private mutating func everything(in body: QueryBody) -> Set<BaseColumn> {
    if let known = readings[body.id] { return known }
    var found: Set<BaseColumn> = []
    for expression in body.ownExpressions { found.formUnion(columns(of: expression, .everything)) }
    for part in body.parts { found.formUnion(everything(in: part)) }
    readings[body.id] = found
    return found
  }

  private mutating func columns(of reference: ColumnReference, _ reading: Reading) -> Set<BaseColumn> {
    if let table = scans[reference.table] { return [BaseColumn(table: table, name: reference.name)] }
    if let found = known[reading]?[reference] { return found }
    guard let body = bodies[reference.table], let index = Int(reference.name.dropFirst()) else { return [] }
    let found = column(index, of: body, reading)
    known[reading, default: [:]][reference] = found
    return found
  }

  mutating func column(_ index: Int, of body: QueryBody, _ reading: Reading) -> Set<BaseColumn> {
    switch body.rows {
    case .select(let select): return columns(of: select.output[index], reading)
    case .values(let rows):
      return rows.reduce(into: []) { $0.formUnion(columns(of: $1[index], reading)) }
    case .operation(_, _, let left, let right):
      return column(index, of: left, reading).union(column(index, of: right, reading))
    }
  }

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
    if let known = direct[reference] { return known }
    guard let body = bodies[reference.table], let index = Int(reference.name.dropFirst()) else { return false }
    let result = isColumn(index, of: body)
    direct[reference] = result
    return result
  }

  private mutating func isColumn(_ index: Int, of body: QueryBody) -> Bool {
    switch body.rows {
    case .values: return false
    case .operation(_, _, let left, let right): return isColumn(index, of: left) && isColumn(index, of: right)
    case .select(let select):
      if case .aggregateCall(let call) = select.output[index] { return call.filter == nil }
      return isColumn(select.output[index])
    }
  }
}

extension QueryBody {
  /// Sides of a set operation and derived tables.
  var parts: [QueryBody] {
    switch rows {
    case .values: []
    case .operation(_, _, let left, let right): [left, right]
    case .select(let select): select.from?.derivedBodies ?? []
    }
  }

  /// Common tables that it reads at any depth: the relation's identifier, and the table's index.
  fileprivate var commonReads: [(id: Int, index: Int)] {
    var found: [(id: Int, index: Int)] = []
    if case .select(let select) = rows, let from = select.from { from.collectCommon(into: &found) }
    for part in parts { found += part.commonReads }
    for expression in ownExpressions { for test in expression.subqueries { found += test.body.commonReads } }
    return found
  }

  /// The expressions of this body's own clauses, those of derived tables left out.
  var ownExpressions: [ResolvedExpression] {
    var found: [ResolvedExpression] = []
    for key in order { if case .expression(let expression) = key.target { found.append(expression) } }
    switch rows {
    case .values(let rows): found += rows.joined()
    case .operation: break
    case .select(let select):
      found += select.filter + select.grouping.keys + select.output + (select.having.map { [$0] } ?? [])
      found += select.from?.conditions ?? []
    }
    return found
  }
}

extension Relation {
  fileprivate func collectCommon(into found: inout [(id: Int, index: Int)]) {
    switch self {
    case .scan, .derived: break
    case .common(let id, let index): found.append((id, index))
    case .join(_, let left, let right, _):
      left.collectCommon(into: &found)
      right.collectCommon(into: &found)
    }
  }

  /// The conditions of every ON.
  public var conditions: [ResolvedExpression] {
    guard case .join(_, let left, let right, let condition) = self else { return [] }
    return (condition.map { [$0] } ?? []) + left.conditions + right.conditions
  }
}
