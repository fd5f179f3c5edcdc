extension Parser {
  /// A FROM item with all the joins that follow it.
  mutating func joined() throws(SyntaxError) -> TableExpression {
    try measured { parser throws(SyntaxError) in
      let start = parser.current.span
      var left = try parser.tableFactor()
      while let (kind, isNatural) = parser.joinKind() {
        let right = try parser.tableFactor()
        let constraint = isNatural ? JoinConstraint.none : try parser.joinConstraint()
        left = .join(
          Join(
            kind: kind, isNatural: isNatural, left: left, right: right, condition: constraint,
            span: parser.span(from: start)))
        try parser.grow()
      }
      return left
    }
  }

  private mutating func joinKind() -> (JoinKind, isNatural: Bool)? {
    let isNatural = isWord(.natural) && peek().keyword?.beginsJoin == true
    if isNatural { advance() }
    guard let word = current.keyword, word.beginsJoin, let (kind, words) = joinWords(word) else { return nil }
    for _ in 0..<words { advance() }
    return (kind, isNatural)
  }

  /// The join that begins with `first`, and how many words name it.
  private func joinWords(_ first: Keyword) -> (JoinKind, words: Int)? {
    if first == .join { return (.inner, 1) }
    let second = peek().keyword
    if second == .join { return Self.joinKind(first).map { ($0, 2) } }
    guard isWord(.join, ahead: 2) else { return nil }
    switch (first, second) {
    case (.left, .semi): return (.leftSemi, 3)
    case (.left, .anti): return (.leftAnti, 3)
    case (.left, .outer), (.right, .outer), (.full, .outer): return Self.joinKind(first).map { ($0, 3) }
    default: return nil
    }
  }

  private static func joinKind(_ word: Keyword) -> JoinKind? {
    switch word {
    case .inner: .inner
    case .cross: .cross
    case .left: .left
    case .right: .right
    case .full: .full
    case .semi: .leftSemi
    case .anti: .leftAnti
    default: nil
    }
  }

  @inline(never)
  private mutating func joinConstraint() throws(SyntaxError) -> JoinConstraint {
    if take(word: .on) { return .on(try expression()) }
    guard take(word: .using) else { return .none }
    try expect(.leftParenthesis)
    let columns = try list { parser throws(SyntaxError) in try parser.identifier("a column name") }
    try expect(.rightParenthesis)
    return .using(columns)
  }

  private mutating func tableFactor() throws(SyntaxError) -> TableExpression {
    let start = current.span
    try refuseUnavailable()
    if isWord(.values) { return try derivedTable(of: try inlineValues(), start) }
    guard isSymbol(.leftParenthesis) else { return try namedTable(start) }
    if isQuery(ahead: 1) { return try derivedTable(of: try parenthesizedQuery(), start) }
    return try nested { parser throws(SyntaxError) in try parser.joinInParentheses() }
  }

  @inline(never)
  private mutating func joinInParentheses() throws(SyntaxError) -> TableExpression {
    try expect(.leftParenthesis)
    let inside = try joined()
    try expect(.rightParenthesis)
    guard let alias = try alias() else { return inside }
    throw fail("A join in parentheses has no name of its own: remove \(alias.isQuoted ? "it" : alias.name).")
  }

  @inline(never)
  private mutating func namedTable(_ start: SourceSpan) throws(SyntaxError) -> TableExpression {
    var parts = [try identifier("a table name")]
    while take(.dot) { parts.append(try identifier("a table name")) }
    if isSymbol(.leftParenthesis) { throw fail("A function cannot stand in FROM.") }
    let alias = try alias()
    if alias != nil, isSymbol(.leftParenthesis) {
      throw fail("Column names after a table's alias are not available; use a subquery with AS.")
    }
    return .table(TableName(parts: parts, alias: alias, span: span(from: start)))
  }

  @inline(never)
  private mutating func derivedTable(of query: Query, _ start: SourceSpan) throws(SyntaxError) -> TableExpression {
    let name = try alias()
    var columns: [Identifier] = []
    if name != nil, take(.leftParenthesis) {
      columns = try list { parser throws(SyntaxError) in try parser.identifier("a column name") }
      try expect(.rightParenthesis)
    }
    return .derived(query, alias: name, columns: columns, span(from: start))
  }

  @inline(never)
  private mutating func alias() throws(SyntaxError) -> Identifier? {
    if take(word: .as) { return try identifier("an alias") }
    try refuseUnavailable(beforeAlias: true)
    return optionalIdentifier()
  }
}
