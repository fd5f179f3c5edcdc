import CleanRoomModel
import CleanRoomSQL

/// Queries: WITH, set operations, VALUES, ORDER BY, LIMIT and OFFSET.
extension CustomResolver {
  /// Far more than people write; what is compared with each other stays few.
  static let itemLimit = 1_000

  mutating func body(of query: Query) -> ResolvedBody? {
    guard !reasons.hasLimit else { return nil }
    if query.isRecursive { unavailable("WITH RECURSIVE", at: query.with.first?.name.span) }
    common.append([:])
    defer { common.removeLast() }
    for table in query.with { define(table) }
    if case .select(let select) = query.body { return body(of: select, in: query) }
    guard var result = rows(query.body) else { return nil }
    result.body.order = query.order.compactMap { sortKey($0, among: result.columns) }
    setLimits(of: query, on: &result.body)
    return result
  }

  // MARK: WITH

  /// A common table sees those before it and nothing of the queries around it.
  private mutating func define(_ table: CommonTableExpression) {
    let outer = scopes
    scopes = []
    defer { scopes = outer }
    let key = table.name.name.lowercased()
    guard common[common.count - 1][key] == nil else {
      return refuse(.ambiguousName, ReasonText.sameTableName(table.name.name), at: table.name.span)
    }
    guard commonTables.count < CustomLimits.commonTables else {
      return refuse(.limitExceeded, ReasonText.tooMany("common tables", CustomLimits.commonTables), at: table.name.span)
    }
    guard let resolved = body(of: table.query) else { return }
    guard let names = names(table.columns, for: resolved, at: table.name.span) else { return }
    commonTables.append(resolved.body)
    let columns = zip(names, resolved.body.columnTypes).map { (name: $0, type: $1) }
    common[common.count - 1][key] = CommonTableName(index: commonTables.count - 1, columns: columns)
  }

  /// The names written after a table's alias, or else the query's own.
  mutating func names(_ written: [Identifier], for body: ResolvedBody, at span: SourceSpan) -> [String]? {
    if written.isEmpty { return body.columns.map(\.name) }
    if written.count == body.columns.count { return written.map(\.name) }
    refuse(.typeMismatch, ReasonText.columnCount(written.count, body.columns.count), at: span)
    return nil
  }

  // MARK: Rows

  mutating func rows(_ expression: SetExpression) -> ResolvedBody? {
    switch expression {
    case .select(let select):
      return body(of: select, in: Query(body: expression, span: select.span))
    case .nested(let query): return body(of: query)
    case .values(let rows, let span): return values(rows, at: span)
    case .operation(let operation, let all, let left, let right, let span):
      return combined(operation, all: all, left, right, at: span)
    }
  }

  private mutating func combined(
    _ operation: SetOperator, all: Bool, _ left: SetExpression, _ right: SetExpression, at span: SourceSpan
  ) -> ResolvedBody? {
    if operation != .union { note(operation.rawValue, at: span) }
    let sides = (rows(left), rows(right))
    guard let first = sides.0, let second = sides.1 else { return nil }
    guard first.columns.count == second.columns.count else {
      refuse(.typeMismatch, ReasonText.sides(operation, first.columns.count, second.columns.count), at: span)
      return nil
    }
    var types: [ColumnType] = []
    for (index, pair) in zip(first.body.columnTypes, second.body.columnTypes).enumerated() {
      guard let type = SparkCoercion.commonType([pair.0, pair.1]) else {
        refuse(.typeMismatch, ReasonText.sideTypes(operation, index + 1, pair.0, pair.1), at: span)
        return nil
      }
      types.append(type)
    }
    if !(operation == .union && all) { noteRows(of: first, second, by: operation, at: span) }
    return ResolvedBody(
      body: QueryBody(
        id: newRelation(), rows: .operation(operation, all: all, first.body, second.body), columnTypes: types),
      columns: first.columns)
  }

  /// A set operation tells the rows of its sides apart; INTERSECT and EXCEPT hold them against each other.
  private mutating func noteRows(
    of left: ResolvedBody, _ right: ResolvedBody, by operation: SetOperator, at span: SourceSpan
  ) {
    for index in left.columns.indices {
      let sides = [left.value(index), right.value(index)]
      for (side, body) in zip(sides, [left, right]) { note(distinction: side, at: body.columns[index].span) }
      if operation != .union { note(comparison: sides, at: span) }
    }
  }

  private mutating func values(_ rows: [[Expression]], at span: SourceSpan) -> ResolvedBody? {
    place = Place(clause: .values)
    let width = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == width }) else {
      refuse(.typeMismatch, ReasonText.valuesWidth, at: span)
      return nil
    }
    let cells = rows.map { row in row.compactMap { value($0) } }
    guard cells.allSatisfy({ $0.count == width }) else { return nil }
    var types: [ColumnType] = []
    var aligned = cells
    for column in 0..<width {
      guard let converted = SparkCoercion.unify(cells.map { $0[column] }) else {
        refuse(.typeMismatch, ReasonText.incomparable(cells.map { $0[column] }), at: span)
        return nil
      }
      for row in aligned.indices { aligned[row][column] = converted[row] }
      types.append(converted[0].type)
    }
    let names = (0..<width).map { ResolvedBody.Column(name: "col\($0 + 1)", span: span) }
    return ResolvedBody(body: QueryBody(id: newRelation(), rows: .values(aligned), columnTypes: types), columns: names)
  }

  // MARK: ORDER BY, LIMIT and OFFSET

  /// Over a set operation or VALUES: a position or a name of the result.
  private mutating func sortKey(_ item: OrderItem, among columns: [ResolvedBody.Column]) -> BodySortKey? {
    var index: Int?
    switch item.expression.node {
    case .literal(.integer(let digits)):
      index = Int(digits).map { $0 - 1 }.flatMap { columns.indices.contains($0) ? $0 : nil }
    case .column(nil, let name):
      index = columns.firstIndex { $0.name.lowercased() == name.name.lowercased() }
    default: break
    }
    if let index { return item.key(.column(index)) }
    refuse(.groupingMismatch, ReasonText.orderOfSet, at: item.expression.span)
    return nil
  }

  mutating func setLimits(of query: Query, on body: inout QueryBody) {
    if let limit = query.limit { body.limit = count(limit, "LIMIT") }
    if let offset = query.offset {
      note("OFFSET", at: offset.span)
      body.offset = count(offset, "OFFSET")
    }
  }

  private mutating func count(_ expression: Expression, _ clause: String) -> Int? {
    place = Place(clause: .select)
    let isConstant: Bool
    switch expression.node {
    case .literal(.integer), .parameter: isConstant = true
    default: isConstant = false
    }
    if isConstant, case .literal(.integer(let number)) = value(expression), number >= 0 { return Int(number) }
    refuse(.unsupportedConstruct, ReasonText.badCount(clause), at: expression.span)
    return nil
  }
}

extension OrderItem {
  /// Spark: NULLs come first ascending and last descending.
  func key(_ target: BodySortKey.Target) -> BodySortKey {
    BodySortKey(target: target, descending: descending, nullsFirst: nullsFirst ?? !descending)
  }
}
