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

  init(_ facts: CustomFacts) {
    scans = facts.scans
    for body in facts.query.commonTables + [facts.query.body] { note(body, facts.query.commonTables) }
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
    case (_, .everything):
      for inside in test.body.allExpressions { found.formUnion(columns(of: inside, reading)) }
    }
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

  /// A column or constant that no expression has changed on its way; a result of an aggregate counts as a column.
  func isDirect(_ expression: ResolvedExpression) -> Bool {
    switch expression {
    case .literal: return true
    case .column(let reference, _):
      if scans[reference.table] != nil { return true }
      guard let body = bodies[reference.table], let index = Int(reference.name.dropFirst()) else { return false }
      return isDirect(index, of: body)
    default: return false
    }
  }

  private func isDirect(_ index: Int, of body: QueryBody) -> Bool {
    switch body.rows {
    case .values: return true
    case .operation(_, _, let left, let right): return isDirect(index, of: left) && isDirect(index, of: right)
    case .select(let select):
      if case .aggregateCall(let call) = select.output[index] { return call.filter == nil }
      return isDirect(select.output[index])
    }
  }
}

extension QueryBody {
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
  /// The conditions of every ON.
  public var conditions: [ResolvedExpression] {
    guard case .join(_, let left, let right, let condition) = self else { return [] }
    return (condition.map { [$0] } ?? []) + left.conditions + right.conditions
  }
}
