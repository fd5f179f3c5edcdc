/// Reads one SELECT query in the Spark SQL dialect. The text may come from another organization: it is hostile input.
public enum SQLParser {
  public static func parse(_ text: String, limits: ParserLimits = .standard) throws(SyntaxError) -> Query {
    guard text.utf8.count <= limits.characters || text.unicodeScalars.count <= limits.characters else {
      throw SyntaxError(
        message: "The query has more than \(limits.characters) characters.", position: .start, kind: .limit)
    }
    var lexer = Lexer(Array(text.utf8), limits: limits)
    var parser = Parser(tokens: try lexer.tokens(), limits: limits)
    return try parser.statement()
  }

  public static func parse(bytes: [UInt8], limits: ParserLimits = .standard) throws(SyntaxError) -> Query {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SyntaxError(message: "The query is not valid UTF-8.", position: .start)
    }
    return try parse(text, limits: limits)
  }
}

/// The parser's state: a place in the token list and how deep it stands.
struct Parser {
  private let tokens: [Token]
  /// Where the parenthesis that a token opens is closed.
  private let closings: [Int: Int]
  let limits: ParserLimits
  private var index = 0
  private var depth = 0
  /// Height of the tallest tree built since the construct at hand began.
  private var height = 0

  init(tokens: [Token], limits: ParserLimits) {
    self.tokens = tokens
    self.limits = limits
    var open: [Int] = []
    var closings: [Int: Int] = [:]
    for (index, token) in tokens.enumerated() {
      if token.kind == .symbol(.leftParenthesis) { open.append(index) }
      if token.kind == .symbol(.rightParenthesis), let start = open.popLast() { closings[start] = index }
    }
    self.closings = closings
  }

  mutating func statement() throws(SyntaxError) -> Query {
    if case .word(let word) = current.kind, Keywords.statements.contains(word) {
      throw SyntaxError(
        message: "Only one SELECT query is accepted; \(Keywords.statementName(word)) is not available here.",
        position: current.span.start, kind: .otherStatement)
    }
    if case .end = current.kind { throw fail("The query is empty.") }
    let query = try query()
    _ = take(.semicolon)
    guard case .end = current.kind else {
      try refuseUnavailable()
      throw fail("The query should end before \(current.display); only one SELECT query is accepted.")
    }
    return query
  }

  // MARK: Tokens

  var current: Token { tokens[index] }

  func peek(_ ahead: Int = 1) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

  @discardableResult
  mutating func advance() -> Token {
    let token = tokens[index]
    if index < tokens.count - 1 { index += 1 }
    return token
  }

  func isWord(_ word: String, ahead: Int = 0) -> Bool { peek(ahead).kind == .word(word) }

  /// SELECT, WITH or VALUES, possibly behind parentheses that belong to the query and not to a larger expression or join.
  func isQuery(ahead: Int = 0) -> Bool {
    var inside = ahead
    while isSymbol(.leftParenthesis, ahead: inside) { inside += 1 }
    guard ["select", "with", "values"].contains(where: { isWord($0, ahead: inside) }) else { return false }
    return (ahead..<inside).allSatisfy { offset in
      guard let end = closings[index + offset], end + 1 < tokens.count else { return true }
      switch tokens[end + 1].kind {
      case .symbol(.rightParenthesis), .end: return true
      case .word(let word):
        return ["union", "except", "minus", "intersect", "order", "limit", "offset"].contains(word)
      default: return false
      }
    }
  }

  func isSymbol(_ symbol: Symbol, ahead: Int = 0) -> Bool { peek(ahead).kind == .symbol(symbol) }

  mutating func take(_ symbol: Symbol) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func take(word: String) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  /// Takes several words in a row, or none of them.
  mutating func take(words: String...) -> Bool {
    for (offset, word) in words.enumerated() where !isWord(word, ahead: offset) { return false }
    for _ in words { advance() }
    return true
  }

  mutating func expect(_ symbol: Symbol) throws(SyntaxError) {
    guard take(symbol) else { throw fail("Expected '\(symbol.rawValue)' before \(current.display).") }
  }

  mutating func expect(word: String) throws(SyntaxError) {
    guard take(word: word) else { throw fail("Expected \(word.uppercased()) before \(current.display).") }
  }

  func fail(_ message: String) -> SyntaxError { SyntaxError(message: message, position: current.span.start) }

  func span(from start: SourceSpan) -> SourceSpan {
    SourceSpan(start: start.start, end: index > 0 ? tokens[index - 1].span.end : start.end)
  }

  // MARK: Names and lists

  mutating func identifier(_ what: String) throws(SyntaxError) -> Identifier {
    guard let name = optionalIdentifier() else { throw fail("Expected \(what) before \(current.display).") }
    return name
  }

  mutating func optionalIdentifier() -> Identifier? {
    switch current.kind {
    case .word(let word) where !Keywords.reserved.contains(word):
      Identifier(name: word, span: advance().span)
    case .quotedIdentifier(let name):
      Identifier(name: name, isQuoted: true, span: advance().span)
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
