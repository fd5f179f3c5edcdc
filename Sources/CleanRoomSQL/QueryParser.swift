extension Parser {
  @inline(never)
  mutating func query() throws(SyntaxError) -> Query {
    try deepen()
    defer { rise() }
    return try nested { parser throws(SyntaxError) in try parser.queryBody() }
  }

  @inline(never)
  mutating func parenthesizedQuery() throws(SyntaxError) -> Query {
    try expect(.leftParenthesis)
    let query = try query()
    try expect(.rightParenthesis)
    return query
  }

  private mutating func queryBody() throws(SyntaxError) -> Query {
    let start = current.span
    let with = try commonTables()
    var query = Query(with: with.tables, isRecursive: with.isRecursive, body: try setExpression())
    if isWord(.order) { query.order = try orderBy() }
    if isWord(.limit) || isWord(.offset) { try limitAndOffset(of: &query) }
    query.span = span(from: start)
    try grow()
    try grow()
    return query
  }

  @inline(never)
  private mutating func commonTables() throws(SyntaxError) -> (tables: [CommonTableExpression], isRecursive: Bool) {
    guard take(word: .with) else { return ([], false) }
    // A table may be called so, too.
    let isRecursive = isName(peek()) && take(word: .recursive)
    return (try list { parser throws(SyntaxError) in try parser.commonTable() }, isRecursive)
  }

  @inline(never)
  private mutating func limitAndOffset(of query: inout Query) throws(SyntaxError) {
    for _ in 0..<2 {
      if query.limit == nil, take(word: .limit) {
        if !take(word: .all) { query.limit = try expression() }
      }
      if query.offset == nil, take(word: .offset) { query.offset = try expression() }
    }
  }

  private mutating func commonTable() throws(SyntaxError) -> CommonTableExpression {
    let name = try identifier("a name")
    let columns = try columnNames()
    try expect(word: .as)
    return CommonTableExpression(name: name, columns: columns, query: try parenthesizedQuery())
  }

  private mutating func columnNames() throws(SyntaxError) -> [Identifier] {
    guard take(.leftParenthesis) else { return [] }
    let names = try list { parser throws(SyntaxError) in try parser.identifier("a column name") }
    try expect(.rightParenthesis)
    return names
  }

  // MARK: Set operations

  private mutating func setExpression() throws(SyntaxError) -> SetExpression {
    let start = current.span
    var left = try intersection()
    while let operation = setOperator() {
      advance()
      let all = setQuantifier()
      left = .operation(operation, all: all, left, try intersection(), span(from: start))
      try grow()
    }
    return left
  }

  private func setOperator() -> SetOperator? {
    if isWord(.union) { return .union }
    return isWord(.except) || isWord(.minus) ? .except : nil
  }

  private mutating func setQuantifier() -> Bool {
    if take(word: .all) { return true }
    _ = take(word: .distinct)
    return false
  }

  /// INTERSECT binds more strongly than UNION and EXCEPT.
  private mutating func intersection() throws(SyntaxError) -> SetExpression {
    let start = current.span
    var left = try setTerm()
    while take(word: .intersect) {
      let all = setQuantifier()
      left = .operation(.intersect, all: all, left, try setTerm(), span(from: start))
      try grow()
    }
    return left
  }

  private mutating func setTerm() throws(SyntaxError) -> SetExpression {
    let start = current.span
    if isSymbol(.leftParenthesis) { return .nested(try parenthesizedQuery()) }
    if isWord(.values) { return .values(try valuesRows(), span(from: start)) }
    return .select(try select())
  }

  @inline(never)
  private mutating func valuesRows() throws(SyntaxError) -> [[Expression]] {
    try expect(word: .values)
    return try list { parser throws(SyntaxError) in try parser.valuesRow() }
  }

  mutating func inlineValues() throws(SyntaxError) -> Query {
    try nested { parser throws(SyntaxError) in
      let start = parser.current.span
      let rows = try parser.valuesRows()
      try parser.grow()
      return Query(body: .values(rows, parser.span(from: start)), span: parser.span(from: start))
    }
  }

  private mutating func valuesRow() throws(SyntaxError) -> [Expression] {
    guard take(.leftParenthesis) else { return [try expression()] }
    let row = try expressions()
    try expect(.rightParenthesis)
    return row
  }

  // MARK: SELECT

  @inline(never)
  private mutating func select() throws(SyntaxError) -> Select {
    let start = current.span
    try expect(word: .select)
    let isDistinct = take(word: .distinct)
    if !isDistinct { _ = take(word: .all) }
    var select = Select(isDistinct: isDistinct, items: try selectItems(), from: [])
    if take(word: .from) { select.from = try tables() }
    if take(word: .where) { select.filter = try expression() }
    if take(words: .group, .by) { select.grouping = try groupings() }
    if take(word: .having) { select.having = try expression() }
    if take(word: .qualify) { select.qualify = try expression() }
    if take(word: .window) { select.windows = try namedWindows() }
    switch current.keyword {
    case .cluster, .distribute, .sort, .lateral, .fetch, .into: try refuseUnavailable()
    default: break
    }
    select.span = span(from: start)
    return select
  }

  @inline(never)
  private mutating func selectItems() throws(SyntaxError) -> [SelectItem] {
    try list { parser throws(SyntaxError) in try parser.selectItem() }
  }

  @inline(never)
  private mutating func tables() throws(SyntaxError) -> [TableExpression] {
    try list { parser throws(SyntaxError) in try parser.joined() }
  }

  @inline(never)
  private mutating func namedWindows() throws(SyntaxError) -> [NamedWindow] {
    try list { parser throws(SyntaxError) in try parser.namedWindow() }
  }

  private mutating func selectItem() throws(SyntaxError) -> SelectItem {
    let expression = try expression()
    try refuseStarChange(expression)
    if take(word: .as) { return SelectItem(expression: expression, alias: try identifier("an alias")) }
    return SelectItem(expression: expression, alias: optionalIdentifier())
  }

  private mutating func namedWindow() throws(SyntaxError) -> NamedWindow {
    let name = try identifier("a window name")
    try expect(word: .as)
    return NamedWindow(name: name, specification: try window())
  }

  @inline(never)
  mutating func orderBy() throws(SyntaxError) -> [OrderItem] {
    try expect(word: .order)
    try expect(word: .by)
    return try list { parser throws(SyntaxError) in try parser.orderItem() }
  }

  private mutating func orderItem() throws(SyntaxError) -> OrderItem {
    let expression = try expression()
    let descending = take(word: .desc)
    if !descending { _ = take(word: .asc) }
    var nullsFirst: Bool?
    if take(words: .nulls, .first) { nullsFirst = true }
    if take(words: .nulls, .last) { nullsFirst = false }
    return OrderItem(expression: expression, descending: descending, nullsFirst: nullsFirst)
  }
}
