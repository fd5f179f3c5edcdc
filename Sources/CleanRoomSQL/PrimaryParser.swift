extension Parser {
  mutating func primary() throws(SyntaxError) -> Expression {
    let token = current
    switch token.kind {
    case .integer(let digits): return literal(.integer(text(digits)))
    case .decimal(let digits): return literal(.decimal(text(digits)))
    case .double(let digits): return literal(.double(text(digits)))
    case .typed(let digits, let type): return typedNumber(text(digits), type)
    case .string(let string): return literal(.string(text(string)))
    case .parameter:
      advance()
      return Expression(.parameter(name(token)), span: token.span)
    case .symbol(.leftParenthesis): return try parenthesized()
    case .symbol(.star):
      advance()
      return Expression(.star(qualifier: nil), span: token.span)
    case .word(let word): return try wordExpression(word)
    case .quotedIdentifier: return try columnOrCall()
    default: throw expected("an expression")
    }
  }

  private mutating func literal(_ literal: Literal) -> Expression {
    Expression(.literal(literal), span: advance().span)
  }

  @inline(never)
  private mutating func typedNumber(_ digits: String, _ type: NumberType) -> Expression {
    let span = advance().span
    let literal: Literal =
      digits.contains(where: { $0 == "e" || $0 == "E" })
      ? .double(digits) : digits.contains(".") ? .decimal(digits) : .integer(digits)
    let operand = Expression(.literal(literal), span: span)
    return Expression(
      .cast(operand, TypeName(name: type.rawValue, arguments: [], span: span), isTry: false), span: span)
  }

  @inline(never)
  private mutating func parenthesized() throws(SyntaxError) -> Expression {
    let start = current.span
    if isQuery(ahead: 1) { return Expression(.subquery(try parenthesizedQuery()), span: span(from: start)) }
    try expect(.leftParenthesis)
    let elements = try expressions()
    try expect(.rightParenthesis)
    guard elements.count > 1 else { return elements[0] }
    return Expression(.row(elements), span: span(from: start))
  }

  @inline(never)
  private mutating func wordExpression(_ word: Keyword?) throws(SyntaxError) -> Expression {
    switch word {
    case .null: return literal(.null)
    case .true: return literal(.boolean(true))
    case .false: return literal(.boolean(false))
    case .case: return try caseExpression()
    case .cast: return try castExpression(isTry: false)
    case .tryCast where isSymbol(.leftParenthesis, ahead: 1): return try castExpression(isTry: true)
    case .extract where isSymbol(.leftParenthesis, ahead: 1): return try extractExpression()
    case .exists where isSymbol(.leftParenthesis, ahead: 1): return try existsExpression()
    case .date, .timestamp:
      if case .string(let string) = peek().kind { return typedLiteral(word, text(string)) }
      return try columnOrCall()
    case .interval:
      if let interval = try intervalExpression() { return interval }
      return try columnOrCall()
    case .left, .right:
      // Reserved as names, yet functions of these names exist.
      guard isSymbol(.leftParenthesis, ahead: 1) else { return try columnOrCall() }
      return try call(Identifier(name: name(current), span: advance().span))
    default:
      if word?.isBareFunction == true, !isSymbol(.leftParenthesis, ahead: 1),
        !isSymbol(.dot, ahead: 1)
      {
        return bareFunction()
      }
      return try columnOrCall()
    }
  }

  @inline(never)
  private mutating func bareFunction() -> Expression {
    let name = Identifier(name: name(current), span: advance().span)
    return Expression(.function(FunctionCall(name: name, arguments: [])), span: name.span)
  }

  @inline(never)
  private mutating func typedLiteral(_ word: Keyword?, _ text: String) -> Expression {
    let start = advance().span
    advance()
    return Expression(.literal(word == .date ? .date(text) : .timestamp(text)), span: span(from: start))
  }

  private mutating func columnOrCall() throws(SyntaxError) -> Expression {
    if let word = current.keyword { try refuseTypedString(word) }
    let first = try identifier("an expression")
    return isSymbol(.leftParenthesis) && !first.isQuoted ? try call(first) : try column(first)
  }

  @inline(never)
  private mutating func column(_ first: Identifier) throws(SyntaxError) -> Expression {
    let start = first.span
    guard take(.dot) else { return Expression(.column(qualifier: nil, name: first), span: first.span) }
    if take(.star) { return Expression(.star(qualifier: first), span: span(from: start)) }
    let second = try identifier("a column name")
    if isSymbol(.dot) || isSymbol(.leftBracket) {
      throw fail("A column is named by at most one table and its name.")
    }
    return Expression(.column(qualifier: first, name: second), span: span(from: start))
  }

  // MARK: Special forms

  @inline(never)
  private mutating func caseExpression() throws(SyntaxError) -> Expression {
    try deepen()
    defer { rise() }
    let start = advance().span
    let operand = isWord(.when) ? nil : try expression()
    var branches: [CaseBranch] = []
    while take(word: .when) {
      let condition = try expression()
      try expect(word: .then)
      branches.append(CaseBranch(condition: condition, result: try expression()))
    }
    guard !branches.isEmpty else { throw expected("WHEN") }
    let otherwise = take(word: .else) ? try expression() : nil
    try expect(word: .end)
    return Expression(
      .caseWhen(operand: operand, branches: branches, otherwise: otherwise), span: span(from: start))
  }

  @inline(never)
  private mutating func castExpression(isTry: Bool) throws(SyntaxError) -> Expression {
    try deepen()
    defer { rise() }
    let start = advance().span
    try expect(.leftParenthesis)
    let operand = try expression()
    try expect(word: .as)
    let type = try typeName()
    try expect(.rightParenthesis)
    return Expression(.cast(operand, type, isTry: isTry), span: span(from: start))
  }

  @inline(never)
  private mutating func extractExpression() throws(SyntaxError) -> Expression {
    try deepen()
    defer { rise() }
    let start = advance().span
    try expect(.leftParenthesis)
    let field = try identifier("a field such as YEAR")
    try expect(word: .from)
    let operand = try expression()
    try expect(.rightParenthesis)
    return Expression(.extract(field: field, operand), span: span(from: start))
  }

  @inline(never)
  private mutating func existsExpression() throws(SyntaxError) -> Expression {
    let start = advance().span
    return Expression(.exists(try parenthesizedQuery()), span: span(from: start))
  }

  @inline(never)
  mutating func typeName() throws(SyntaxError) -> TypeName {
    let start = current.span
    if case .quotedIdentifier = current.kind { throw fail("Expected a type such as BIGINT, without quotes.") }
    var words = [try identifier("a type").name.uppercased()]
    if isSymbol(.less) { throw fail("The type \(words[0]) is not available.") }
    if words == ["DOUBLE"], take(word: .precision) { words.append("PRECISION") }
    var arguments: [Int] = []
    if take(.leftParenthesis) {
      arguments = try list { parser throws(SyntaxError) in
        guard case .integer(let digits) = parser.current.kind, let value = Int(parser.text(digits)) else {
          throw parser.expected("a whole number")
        }
        parser.advance()
        return value
      }
      try expect(.rightParenthesis)
    }
    return TypeName(name: words.joined(separator: " "), arguments: arguments, span: span(from: start))
  }
}
