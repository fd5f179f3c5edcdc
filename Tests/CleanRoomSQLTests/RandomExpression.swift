@testable import CleanRoomSQL

extension RandomQuery {
  static let leaves = 6
  static let kinds = 25

  mutating func expression(_ size: Int) -> Expression {
    let kind = size <= 0 || chance(3) ? pick(0...Self.leaves - 1) : pick(0...Self.kinds - 1)
    note("expression \(kind)")
    return Expression(kind < Self.leaves ? leaf(kind) : node(kind, size - 1))
  }

  private mutating func leaf(_ kind: Int) -> Expression.Node {
    switch kind {
    case 0: .column(qualifier: maybe(3) { $0.name() }, name: name())
    case 1: .star(qualifier: maybe(2) { $0.name() })
    case 2: .parameter(choose(["p", "start", "select"]))
    case 3: .interval(value: amount(), unit: choose(["day", "hours", "month"]))
    case 4: .interval(value: Expression(.literal(.string("1 day 2 hours"))), unit: nil)
    default: .literal(literal())
    }
  }

  private mutating func amount() -> Expression {
    let value = Expression(.literal(choose([.integer("1"), .decimal("1.5"), .string("2")])))
    return chance(3) ? Expression(.negate(value)) : value
  }

  private mutating func literal() -> Literal {
    let kind = pick(0...7)
    note("literal \(kind)")
    let text = choose(["", "x", "it's", "\\", "a\nb", "\u{0}", "ü😀", "--", "\\%", "'", "e\u{301}", "'\u{301}", "\r\n"])
    return switch kind {
    case 0: .null
    case 1: .boolean(chance(2))
    case 2: .integer(choose(["0", "1", "007", "99999999999999999999999999"]))
    case 3: .decimal(choose(["1.5", ".5", "5."]))
    case 4: .double(choose(["1e3", "1.5E-3"]))
    case 5: .date(text)
    case 6: .timestamp(text)
    default: .string(text)
    }
  }

  private mutating func node(_ kind: Int, _ size: Int) -> Expression.Node {
    switch kind {
    case 6: .and(many(2...4) { $0.expression(size) })
    case 7: .or(many(2...4) { $0.expression(size) })
    case 8: .not(expression(size))
    case 9: .negate(expression(size))
    case 10: .compare(choose(ComparisonOperator.allCases), expression(size), expression(size))
    case 11, 12: .arithmetic(choose(ArithmeticOperator.allCases), expression(size), expression(size))
    case 13: .isNull(expression(size), negated: chance(2))
    case 14: .isBoolean(expression(size), value: chance(2), negated: chance(2))
    case 15: .isDistinctFrom(expression(size), expression(size), negated: chance(2))
    case 16: .between(expression(size), low: expression(size), high: expression(size), negated: chance(2))
    case 17: .inList(expression(size), listElements(size), negated: chance(2))
    case 18: .inSubquery(expression(size), query(size), negated: chance(2))
    case 19: .exists(query(size))
    case 20:
      .like(
        choose([.like, .ilike, .rlike, .similarTo]), expression(size), pattern: expression(size),
        escape: maybe(3) { _ in Expression(.literal(.string("!"))) }, negated: chance(2))
    case 21: .function(call(size))
    case 22: special(size)
    case 23: .subquery(query(size))
    default: .row(many(2...3) { $0.expression(size) })
    }
  }

  /// A lone subquery in an IN list is read as IN with a subquery, so that the parser makes no such list.
  private mutating func listElements(_ size: Int) -> [Expression] {
    let elements = many(1...3) { $0.expression(size) }
    if elements.count == 1, case .subquery = elements[0].node { return elements + elements }
    return elements
  }

  private mutating func special(_ size: Int) -> Expression.Node {
    let kind = pick(0...2)
    note("special \(kind)")
    switch kind {
    case 0:
      let type = choose([
        TypeName(name: "INT", arguments: []), TypeName(name: "DECIMAL", arguments: [10, 2]),
        TypeName(name: "DOUBLE PRECISION", arguments: []),
      ])
      return .cast(expression(size), type, isTry: chance(2))
    case 1: return .extract(field: Identifier(name: "year"), expression(size))
    default:
      let branches = many(1...2) { CaseBranch(condition: $0.expression(size), result: $0.expression(size)) }
      return .caseWhen(
        operand: maybe(2) { $0.expression(size) }, branches: branches, otherwise: maybe(2) { $0.expression(size) })
    }
  }

  // MARK: Calls

  private mutating func call(_ size: Int) -> FunctionCall {
    let kind = pick(0...6)
    note("call \(kind)")
    let (name, modifier, count): (String, String?, Int) =
      switch kind {
      case 0: ("trim", choose(["LEADING", "TRAILING", "BOTH"]), pick(1...2))
      case 1: ("position", "IN", 2)
      case 2: ("position", nil, pick(2...3))
      case 3: ("substring", "FROM", pick(2...3))
      case 4: ("current_date", nil, 0)
      default: (choose(["sum", "left", "any", "rollup", "f", "replace"]), nil, pick(0...3))
      }
    var call = FunctionCall(name: Identifier(name: name), arguments: (0..<count).map { _ in expression(size) })
    call.modifier = modifier
    call.isDistinct = kind > 4 && count > 0 && chance(4)
    if chance(6) { call.ordering = order(size) }
    call.filter = maybe(5) { $0.expression(size) }
    call.window = maybe(3) {
      $0.chance(3) ? WindowSpecification(name: $0.name(), partition: [], order: [], frame: nil) : $0.window(size)
    }
    return call
  }

  mutating func window(_ size: Int) -> WindowSpecification {
    let partition = chance(2) ? many(1...2) { $0.expression(size - 1) } : []
    let order = chance(2) ? order(size) : []
    return WindowSpecification(partition: partition, order: order, frame: maybe(2) { $0.frame(size) })
  }

  private mutating func frame(_ size: Int) -> WindowFrame {
    WindowFrame(unit: chance(2) ? .rows : .range, start: bound(size), end: bound(size))
  }

  private mutating func bound(_ size: Int) -> WindowFrame.Bound {
    let kind = pick(0...4)
    note("bound \(kind)")
    return switch kind {
    case 0: .unboundedPreceding
    case 1: .preceding(expression(size - 1))
    case 2: .currentRow
    case 3: .following(expression(size - 1))
    default: .unboundedFollowing
    }
  }
}
