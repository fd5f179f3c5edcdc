extension SQLWriter {
  /// Writes an expression where only operators of at least this strength may stand without parentheses.
  mutating func write(_ expression: Expression, _ minimum: Precedence = .or) {
    guard expression.node.strength < minimum || isMistakable(expression.node) else { return write(expression.node) }
    parenthesized { $0.write(expression.node) }
  }

  /// Names that the parser would take for the beginning of something else.
  private func isMistakable(_ node: Expression.Node) -> Bool {
    switch node {
    case .column(nil, let name): !name.isQuoted && ["interval", "unbounded", "current"].contains(name.name)
    case .function(let call): ["any", "rollup", "cube"].contains(call.name.name)
    default: false
    }
  }

  private mutating func write(_ node: Expression.Node) {
    switch node {
    case .column(let qualifier, let name):
      qualify(qualifier)
      put(name)
    case .star(let qualifier):
      qualify(qualifier)
      put("*")
    case .literal(let literal): write(literal)
    case .parameter(let name): put(":" + name)
    case .and(let parts): chain(parts, " AND ", .not)
    case .or(let parts): chain(parts, " OR ", .and)
    case .not(let operand):
      put("NOT ")
      write(operand, .not)
    case .negate(let operand):
      putMinus()
      write(operand, .unary)
    case .compare(let operation, let left, let right):
      binary(operation.rawValue, left, .comparison, right, .additive)
    case .arithmetic(let operation, let left, let right):
      let strength = node.strength
      binary(operation.rawValue, left, strength, right, strength == .additive ? .multiplicative : .unary)
    case .row(let elements): parenthesized { $0.expressions(elements) }
    case .subquery(let query): parenthesized { $0.write(query) }
    case .exists(let query):
      put("EXISTS ")
      parenthesized { $0.write(query) }
    case .function(let call): write(call)
    default: isCondition(node) ? writeCondition(node) : writeForm(node)
    }
  }

  private mutating func qualify(_ qualifier: Identifier?) {
    guard let qualifier else { return }
    put(qualifier)
    put(".")
  }

  private mutating func chain(_ parts: [Expression], _ word: String, _ minimum: Precedence) {
    for (index, part) in parts.enumerated() {
      if index > 0 { put(word) }
      write(part, minimum)
    }
  }

  private mutating func binary(
    _ operation: String, _ left: Expression, _ leftMinimum: Precedence, _ right: Expression, _ rightMinimum: Precedence
  ) {
    write(left, leftMinimum)
    put(" " + operation + " ")
    write(right, rightMinimum)
  }

  private mutating func write(_ literal: Literal) {
    switch literal {
    case .null: put("NULL")
    case .boolean(let value): put(value ? "TRUE" : "FALSE")
    case .integer(let digits), .decimal(let digits), .double(let digits): put(digits)
    case .string(let value): put(string: value)
    case .date(let value):
      put("DATE ")
      put(string: value)
    case .timestamp(let value):
      put("TIMESTAMP ")
      put(string: value)
    }
  }

  private func isCondition(_ node: Expression.Node) -> Bool { node.strength == .predicate }

  private mutating func writeCondition(_ node: Expression.Node) {
    switch node {
    case .isNull(let value, let negated): test(value, "IS", negated, "NULL")
    case .isBoolean(let value, let wanted, let negated): test(value, "IS", negated, wanted ? "TRUE" : "FALSE")
    case .isDistinctFrom(let left, let right, let negated):
      test(left, "IS", negated, "DISTINCT FROM ")
      write(right, .comparison)
    case .between(let value, let low, let high, let negated):
      test(value, nil, negated, "BETWEEN ")
      write(low, .comparison)
      put(" AND ")
      write(high, .comparison)
    case .inList(let value, let elements, let negated):
      test(value, nil, negated, "IN ")
      parenthesized { $0.expressions(elements) }
    case .inSubquery(let value, let query, let negated):
      test(value, nil, negated, "IN ")
      parenthesized { $0.write(query) }
    case .like(let operation, let value, let pattern, let escape, let negated):
      test(value, nil, negated, operation.rawValue + " ")
      write(pattern, .comparison)
      guard let escape else { return }
      put(" ESCAPE ")
      write(escape, .primary)
    default: return
    }
  }

  private mutating func test(_ value: Expression, _ verb: String?, _ negated: Bool, _ rest: String) {
    write(value, .comparison)
    put(" " + (verb.map { $0 + " " } ?? "") + (negated ? "NOT " : "") + rest)
  }
}

extension Expression.Node {
  /// How strongly the node binds as it is written.
  var strength: Precedence {
    switch self {
    case .or: .or
    case .and: .and
    case .not: .not
    case .isNull, .isBoolean, .isDistinctFrom, .between, .inList, .inSubquery, .like: .predicate
    case .compare: .comparison
    case .arithmetic(let operation, _, _): operation.strength
    case .negate: .unary
    default: .primary
    }
  }
}

extension ArithmeticOperator {
  fileprivate var strength: Precedence {
    switch self {
    case .add, .subtract, .concatenate: .additive
    case .multiply, .divide, .modulo, .integerDivide: .multiplicative
    }
  }
}
