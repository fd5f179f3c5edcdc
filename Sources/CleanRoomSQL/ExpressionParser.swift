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

  var isNegatedPredicate: Bool {
    isNegation && peek().keyword?.isNegatablePredicate == true
  }

  private mutating func prefixed(_ minimum: Precedence) throws(SyntaxError) -> Expression {
    let start = current.span
    if minimum <= .not, isNegation {
      advance()
      return Expression(.not(try operand(.not)), span: span(from: start))
    }
    if take(.minus) { return Expression(.negate(try operand(.unary)), span: span(from: start)) }
    if take(.plus) { return try nested { parser throws(SyntaxError) in try parser.expression(.unary) } }
    let operand = try primary()
    try refuseAccess()
    try grow()
    return isSymbol(.doubleColon) ? try casts(of: operand, start) : operand
  }

  /// What NOT or a sign stands before.
  @inline(never)
  private mutating func operand(_ minimum: Precedence) throws(SyntaxError) -> Expression {
    let operand = try nested { parser throws(SyntaxError) in try parser.expression(minimum) }
    try grow()
    return operand
  }

  @inline(never)
  private mutating func casts(of operand: Expression, _ start: SourceSpan) throws(SyntaxError) -> Expression {
    var operand = operand
    while take(.doubleColon) {
      operand = Expression(.cast(operand, try typeName(), isTry: false), span: span(from: start))
      // As much as CAST counts, which is how the printer writes it.
      try grow()
      try grow()
    }
    return operand
  }

  @inline(never)
  mutating func expressions() throws(SyntaxError) -> [Expression] {
    try list { parser throws(SyntaxError) in try parser.expression() }
  }

  /// The operator that follows `left`, with its right side; nil when none binds strongly enough.
  @inline(never)
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
  @inline(never)
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

  @inline(never)
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

  /// What Spark calls so: everything that binds more strongly than the predicates.
  mutating func valueExpression() throws(SyntaxError) -> Expression { try expression(.comparison) }
}
