/// The parser's state: a place in the token list and how deep it stands.
struct Parser {
  private let list: TokenList
  let limits: ParserLimits
  private var index = 0
  private var depth = 0
  /// Height of the tallest tree built since the construct at hand began.
  private var height = 0

  init(_ list: TokenList, limits: ParserLimits) {
    self.list = list
    self.limits = limits
  }

  mutating func statement() throws(SyntaxError) -> Query {
    if let word = current.keyword, word.isStatement {
      throw SyntaxError(
        message: "Only one SELECT query is accepted; \(word.statementName) is not available here.",
        position: current.span.start, kind: .otherStatement)
    }
    if case .end = current.kind { throw fail("The query is empty.") }
    let query = try query()
    _ = take(.semicolon)
    guard case .end = current.kind else {
      try refuseUnavailable()
      throw fail("The query should end before \(display(current)); only one SELECT query is accepted.")
    }
    return query
  }

  // MARK: Tokens

  var current: Token { list.tokens[index] }

  func peek(_ ahead: Int = 1) -> Token { list.tokens[min(index + ahead, list.tokens.count - 1)] }

  func text(_ place: TokenText) -> String { list.text(place) }

  /// A word or a parameter's name.
  func name(_ token: Token) -> String { list.name(token) }

  func display(_ token: Token) -> String { list.display(token) }

  @discardableResult
  mutating func advance() -> Token {
    let token = list.tokens[index]
    if index < list.tokens.count - 1 { index += 1 }
    return token
  }

  func isWord(_ word: Keyword, ahead: Int = 0) -> Bool { peek(ahead).keyword == word }

  /// SELECT, WITH or VALUES, possibly behind parentheses that belong to the query and not to a larger expression or join.
  func isQuery(ahead: Int = 0) -> Bool {
    var inside = ahead
    while isSymbol(.leftParenthesis, ahead: inside) { inside += 1 }
    guard peek(inside).keyword?.beginsQuery == true else { return false }
    return (ahead..<inside).allSatisfy { offset in
      let end = Int(peek(offset).closing)
      guard end > 0, end + 1 < list.tokens.count else { return true }
      switch list.tokens[end + 1].kind {
      case .symbol(.rightParenthesis), .end: return true
      case .word(let word): return word?.continuesQuery == true
      default: return false
      }
    }
  }

  func isSymbol(_ symbol: Symbol, ahead: Int = 0) -> Bool {
    guard case .symbol(let found) = peek(ahead).kind else { return false }
    return found == symbol
  }

  mutating func take(_ symbol: Symbol) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func take(word: Keyword) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  /// Takes both words, or none of them.
  mutating func take(words first: Keyword, _ second: Keyword) -> Bool {
    guard isWord(first), isWord(second, ahead: 1) else { return false }
    index += 2
    return true
  }

  @inline(never)
  mutating func expect(_ symbol: Symbol) throws(SyntaxError) {
    guard take(symbol) else { throw expected("'\(symbol.rawValue)'") }
  }

  @inline(never)
  mutating func expect(word: Keyword) throws(SyntaxError) {
    guard take(word: word) else { throw expected(word.display) }
  }

  // Apart from their callers, so that what a message is made of takes no room in frames that nest.
  @inline(never)
  func fail(_ message: String) -> SyntaxError { SyntaxError(message: message, position: current.span.start) }

  @inline(never)
  func expected(_ what: String) -> SyntaxError { fail("Expected \(what) before \(display(current)).") }

  func span(from start: SourceSpan) -> SourceSpan {
    SourceSpan(start: start.start, end: index > 0 ? list.tokens[index - 1].span.end : start.end)
  }

  // MARK: Names and lists

  @inline(never)
  mutating func identifier(_ what: String) throws(SyntaxError) -> Identifier {
    guard let name = optionalIdentifier() else { throw expected(what) }
    return name
  }

  @inline(never)
  mutating func optionalIdentifier() -> Identifier? {
    switch current.kind {
    case .word(let word) where word?.isReserved != true:
      Identifier(name: name(current), span: advance().span)
    case .quotedIdentifier(let name):
      Identifier(name: text(name), isQuoted: true, span: advance().span)
    default: nil
    }
  }

  mutating func list<Element>(
    _ element: (inout Parser) throws(SyntaxError) -> Element
  ) throws(SyntaxError) -> [Element] {
    var elements = [try element(&self)]
    while take(.comma) {
      elements.append(try element(&self))
      guard elements.count <= limits.elements else {
        throw SyntaxError(
          message: "A list has more than \(limits.elements) elements.", position: current.span.start,
          kind: .limit)
      }
    }
    return elements
  }

  // MARK: Depth

  /// Counts nesting, so that neither this parser nor any later walk over the tree can run out of stack.
  mutating func nested<Result>(
    _ body: (inout Parser) throws(SyntaxError) -> Result
  ) throws(SyntaxError) -> Result {
    try checkDepth(depth + 1)
    depth += 1
    defer { depth -= 1 }
    return try measured(body)
  }

  /// Counts a level once more, for constructs that take more stack than parentheses do. The caller takes it back.
  mutating func deepen() throws(SyntaxError) {
    try checkDepth(depth + 1)
    depth += 1
  }

  mutating func rise() { depth -= 1 }

  /// Keeps what `body` builds from adding to the height of its siblings.
  mutating func measured<Result>(
    _ body: (inout Parser) throws(SyntaxError) -> Result
  ) throws(SyntaxError) -> Result {
    let before = height
    height = 0
    let result = try body(&self)
    height = max(before, height)
    return result
  }

  /// Counts a node on top of those built in this construct. Chains grow to the left without nesting in the text, and
  /// walkers descend them all the same.
  mutating func grow() throws(SyntaxError) {
    height += 1
    try checkDepth(height)
  }

  private func checkDepth(_ height: Int) throws(SyntaxError) {
    guard height <= limits.depth else {
      throw SyntaxError(
        message: "The query is nested more than \(limits.depth) levels deep.", position: current.span.start,
        kind: .limit)
    }
  }
}
