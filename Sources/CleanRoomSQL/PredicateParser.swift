/// IS, BETWEEN, IN, LIKE and its kin.
extension Parser {
  @inline(never)
  mutating func predicate(_ left: Expression, _ start: SourceSpan) throws(SyntaxError) -> Expression? {
    if take(word: .is) { return try isPredicate(left, start) }
    let negated = isNegatedPredicate
    if negated { advance() }
    let node: Expression.Node
    if take(word: .between) {
      node = try betweenPredicate(left, negated)
    } else if take(word: .in) {
      node = try inPredicate(left, negated)
    } else if let kind = patternOperator() {
      node = try likePredicate(kind, left, negated)
    } else {
      return nil
    }
    return Expression(node, span: span(from: start))
  }

  @inline(never)
  private mutating func betweenPredicate(_ left: Expression, _ negated: Bool) throws(SyntaxError) -> Expression.Node {
    let low = try valueExpression()
    try expect(word: .and)
    return .between(left, low: low, high: try valueExpression(), negated: negated)
  }

  @inline(never)
  private mutating func likePredicate(_ kind: PatternOperator, _ left: Expression, _ negated: Bool)
    throws(SyntaxError) -> Expression.Node
  {
    try refuseQuantifiedPattern()
    let pattern = try valueExpression()
    let escape = take(word: .escape) ? try escapeCharacter() : nil
    return .like(kind, left, pattern: pattern, escape: escape, negated: negated)
  }

  private mutating func patternOperator() -> PatternOperator? {
    if take(word: .like) { return .like }
    if take(word: .ilike) { return .ilike }
    if take(word: .rlike) || take(word: .regexp) { return .rlike }
    return take(words: .similar, .to) ? .similarTo : nil
  }

  private mutating func escapeCharacter() throws(SyntaxError) -> Expression {
    guard case .string = current.kind else {
      throw expected("one character in quotes after ESCAPE,")
    }
    return try primary()
  }

  @inline(never)
  private mutating func isPredicate(_ left: Expression, _ start: SourceSpan) throws(SyntaxError) -> Expression {
    let negated = take(word: .not)
    let node: Expression.Node
    if take(word: .null) || take(word: .unknown) {
      node = .isNull(left, negated: negated)
    } else if take(word: .true) {
      node = .isBoolean(left, value: true, negated: negated)
    } else if take(word: .false) {
      node = .isBoolean(left, value: false, negated: negated)
    } else if take(words: .distinct, .from) {
      node = .isDistinctFrom(left, try valueExpression(), negated: negated)
    } else {
      throw expected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS,")
    }
    return Expression(node, span: span(from: start))
  }

  @inline(never)
  private mutating func inPredicate(_ left: Expression, _ negated: Bool) throws(SyntaxError)
    -> Expression.Node
  {
    if isQuery(ahead: 1) { return .inSubquery(left, try parenthesizedQuery(), negated: negated) }
    try expect(.leftParenthesis)
    let elements = try expressions()
    try expect(.rightParenthesis)
    return .inList(left, elements, negated: negated)
  }
}
