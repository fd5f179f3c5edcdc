/// Binding strengths, weakest first.
enum Precedence: Int, Comparable {
  case or = 1
  case and, not, predicate, comparison, additive, multiplicative, unary, primary

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

extension Parser {
  mutating func expression() throws(SyntaxError) -> Expression {
    try nested { parser throws(SyntaxError) in try parser.expression(.or) }
  }

  /// Precedence climbing: one loop for all binary operators, so that a level of nesting costs few stack frames.
  private mutating func expression(_ minimum: Precedence) throws(SyntaxError) -> Expression {
    try measured { parser throws(SyntaxError) in
      let start = parser.current.span
      var strength = parser.isNegation && minimum <= .not ? Precedence.not : .unary
      var left = try parser.prefixed(minimum)
      while let next = parser.strengthOfNext, minimum <= next {
        try parser.checkOperand(strength, before: next)
        guard let longer = try parser.continuation(of: left, minimum, start) else { break }
        left = longer
        strength = next
        try parser.grow()
      }
      return left
    }
  }

  private var isNegation: Bool { isWord(.not) || isSymbol(.exclamation) }

  /// How strongly the operator at hand binds; nil when there is none.
  private var strengthOfNext: Precedence? {
    switch current.kind {
    case .word(.or): .or
    case .word(.and): .and
    case .word(.div): .multiplicative
    case .word(.is), .word(.between), .word(.in), .word(.like), .word(.ilike), .word(.rlike), .word(.regexp),
      .word(.similar):
      .predicate
    case .word(.not), .symbol(.exclamation): isNegatedPredicate ? .predicate : nil
    case .symbol(let symbol):
      Self.arithmetic(symbol)?.1 ?? (Self.comparison(symbol) == nil ? nil : .comparison)
    default: nil
    }
  }

  /// Spark takes no condition as the left side of a predicate, comparison or calculation without parentheses.
  private func checkOperand(_ strength: Precedence, before next: Precedence) throws(SyntaxError) {
    guard next > .not, strength < max(next, .comparison) else { return }
    if next > .comparison && strength == .comparison { return }
    throw fail("Put parentheses around the condition before \(display(current)).")
  }

  private var isNegatedPredicate: Bool {
    isNegation && peek().keyword?.isNegatablePredicate == true
  }

  private mutating func prefixed(_ minimum: Precedence) throws(SyntaxError) -> Expression {
    let start = current.span
    if minimum <= .not, isNegation {
      advance()
      let operand = try nested { parser throws(SyntaxError) in try parser.expression(.not) }
      try grow()
      return Expression(.not(operand), span: span(from: start))
    }
    if take(.minus) {
      let operand = try nested { parser throws(SyntaxError) in try parser.expression(.unary) }
      try grow()
      return Expression(.negate(operand), span: span(from: start))
    }
    if take(.plus) { return try nested { parser throws(SyntaxError) in try parser.expression(.unary) } }
    var operand = try primary()
    try refuseAccess()
    try grow()
    while take(.doubleColon) {
      operand = Expression(.cast(operand, try typeName(), isTry: false), span: span(from: start))
      try grow()
    }
    return operand
  }

  /// The operator that follows `left`, with its right side; nil when none binds strongly enough.
  private mutating func continuation(
    of left: Expression, _ minimum: Precedence, _ start: SourceSpan
  ) throws(SyntaxError) -> Expression? {
    switch current.kind {
    case .word(.or) where minimum <= .or: return try chain(.or, .and, left, start) { .or($0) }
    case .word(.and) where minimum <= .and: return try chain(.and, .not, left, start) { .and($0) }
    case .symbol(let symbol):
      if let (operation, precedence) = Self.arithmetic(symbol), minimum <= precedence {
        return try arithmetic(operation, precedence, left, start)
      }
      if symbol == .exclamation, minimum <= .predicate { return try predicate(left, start) }
      guard minimum <= .comparison, let comparison = Self.comparison(symbol) else { return nil }
      advance()
      return Expression(.compare(comparison, left, try expression(.additive)), span: span(from: start))
    case .word(.div) where minimum <= .multiplicative:
      return try arithmetic(.integerDivide, .multiplicative, left, start)
    case .word where minimum <= .predicate: return try predicate(left, start)
    default: return nil
    }
  }

  /// `a OR b OR c` becomes one node however long it is.
  private mutating func chain(
    _ word: Keyword, _ operand: Precedence, _ first: Expression, _ start: SourceSpan,
    _ node: ([Expression]) -> Expression.Node
  ) throws(SyntaxError) -> Expression {
    var parts = [first]
    while take(word: word) {
      parts.append(try expression(operand))
      guard parts.count <= limits.elements else {
        throw SyntaxError(
          message: "A condition has more than \(limits.elements) parts.", position: current.span.start,
          kind: .limit)
      }
    }
    return Expression(node(parts), span: span(from: start))
  }

  private mutating func arithmetic(
    _ operation: ArithmeticOperator, _ precedence: Precedence, _ left: Expression, _ start: SourceSpan
  ) throws(SyntaxError) -> Expression {
    advance()
    let right = try expression(precedence == .additive ? .multiplicative : .unary)
    return Expression(.arithmetic(operation, left, right), span: span(from: start))
  }

  private static func arithmetic(_ symbol: Symbol) -> (ArithmeticOperator, Precedence)? {
    switch symbol {
    case .plus: (.add, .additive)
    case .minus: (.subtract, .additive)
    case .concatenate: (.concatenate, .additive)
    case .star: (.multiply, .multiplicative)
    case .slash: (.divide, .multiplicative)
    case .percent: (.modulo, .multiplicative)
    default: nil
    }
  }

  private static func comparison(_ symbol: Symbol) -> ComparisonOperator? {
    switch symbol {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .nullSafeEqual: .nullSafeEqual
    default: nil
    }
  }

  // MARK: Predicates

  private mutating func predicate(_ left: Expression, _ start: SourceSpan) throws(SyntaxError) -> Expression? {
    if take(word: .is) { return try isPredicate(left, start) }
    let negated = isNegatedPredicate
    if negated { advance() }
    let node: Expression.Node
    if take(word: .between) {
      let low = try valueExpression()
      try expect(word: .and)
      node = .between(left, low: low, high: try valueExpression(), negated: negated)
    } else if take(word: .in) {
      node = try inPredicate(left, negated)
    } else if let kind = patternOperator() {
      try refuseQuantifiedPattern()
      let pattern = try valueExpression()
      let escape = take(word: .escape) ? try escapeCharacter() : nil
      node = .like(kind, left, pattern: pattern, escape: escape, negated: negated)
    } else {
      return nil
    }
    return Expression(node, span: span(from: start))
  }

  private mutating func patternOperator() -> PatternOperator? {
    if take(word: .like) { return .like }
    if take(word: .ilike) { return .ilike }
    if take(word: .rlike) || take(word: .regexp) { return .rlike }
    return take(words: .similar, .to) ? .similarTo : nil
  }

  private mutating func escapeCharacter() throws(SyntaxError) -> Expression {
    guard case .string = current.kind else {
      throw fail("Expected one character in quotes after ESCAPE, before \(display(current)).")
    }
    return try primary()
  }

  /// What Spark calls so: everything that binds more strongly than the predicates.
  mutating func valueExpression() throws(SyntaxError) -> Expression { try expression(.comparison) }

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
      throw fail("Expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS, before \(display(current)).")
    }
    return Expression(node, span: span(from: start))
  }

  private mutating func inPredicate(_ left: Expression, _ negated: Bool) throws(SyntaxError)
    -> Expression.Node
  {
    try expect(.leftParenthesis)
    if isQuery() {
      let query = try query()
      try expect(.rightParenthesis)
      return .inSubquery(left, query, negated: negated)
    }
    let elements = try list { parser throws(SyntaxError) in try parser.expression() }
    try expect(.rightParenthesis)
    return .inList(left, elements, negated: negated)
  }
}
