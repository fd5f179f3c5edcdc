@testable import CleanRoomSQL

/// Random trees of every kind that the parser can produce. Counts what it makes, so that a test can tell that no kind
/// is missing.
struct RandomQuery {
  var generator: SplitMix
  private(set) var made: [String: Int] = [:]

  init(seed: UInt64) { generator = SplitMix(state: seed) }

  mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func chance(_ one: Int) -> Bool { pick(1...one) == 1 }

  mutating func choose<Element>(_ elements: [Element]) -> Element { elements[pick(0...elements.count - 1)] }

  mutating func note(_ kind: String) { made[kind, default: 0] += 1 }

  mutating func maybe<Value>(_ one: Int, _ make: (inout RandomQuery) -> Value) -> Value? {
    chance(one) ? make(&self) : nil
  }

  mutating func many<Value>(_ range: ClosedRange<Int>, _ make: (inout RandomQuery) -> Value) -> [Value] {
    (0..<pick(range)).map { _ in make(&self) }
  }

  mutating func name() -> Identifier {
    let bare = ["a", "b", "t1", "_x", "interval", "over", "filter", "recursive", "unbounded", "current", "date", "row"]
    let quoted = ["A b", "select", "q`q", "ü😀", "1", "a\"b", "--", "/*", "x"]
    return chance(4) ? Identifier(name: choose(quoted), isQuoted: true) : Identifier(name: choose(bare))
  }

  // MARK: Queries

  mutating func query(_ size: Int) -> Query {
    let with = chance(5) && size > 0 ? many(1...2) { $0.commonTable(size - 1) } : []
    if !with.isEmpty { note("with") }
    var query = Query(with: with, isRecursive: !with.isEmpty && chance(3), body: body(size))
    if chance(4) { query.order = order(size) }
    query.limit = maybe(5) { $0.expression(0) }
    query.offset = maybe(8) { $0.expression(0) }
    return query
  }

  private mutating func commonTable(_ size: Int) -> CommonTableExpression {
    CommonTableExpression(name: name(), columns: chance(3) ? many(1...2) { $0.name() } : [], query: query(size))
  }

  mutating func order(_ size: Int) -> [OrderItem] {
    many(1...2) { random in
      OrderItem(
        expression: random.expression(size - 1), descending: random.chance(2),
        nullsFirst: random.maybe(2) { $0.chance(2) })
    }
  }

  private mutating func body(_ size: Int) -> SetExpression {
    guard size > 0, chance(5) else { return intersection(size) }
    let operation: SetOperator = chance(2) ? .union : .except
    note("set " + operation.rawValue)
    return .operation(operation, all: chance(2), body(size - 1), intersection(size - 1), .none)
  }

  private mutating func intersection(_ size: Int) -> SetExpression {
    guard size > 0, chance(10) else { return term(size) }
    note("set INTERSECT")
    return .operation(.intersect, all: chance(2), intersection(size - 1), term(size - 1), .none)
  }

  private mutating func term(_ size: Int) -> SetExpression {
    if size > 0, chance(12) {
      note("nested")
      return .nested(query(size - 1))
    }
    if chance(12) {
      note("values")
      return .values(many(1...3) { random in random.many(1...2) { $0.expression(size - 1) } }, .none)
    }
    return .select(select(size))
  }

  private mutating func select(_ size: Int) -> Select {
    note("select")
    var select = Select(isDistinct: chance(5), items: many(1...3) { $0.item(size) }, from: [])
    if !chance(6) { select.from = many(1...2) { $0.table(size) } }
    select.filter = maybe(3) { $0.expression(size - 1) }
    if chance(4) { select.grouping = many(1...2) { $0.grouping(size) } }
    select.having = maybe(6) { $0.expression(size - 1) }
    select.qualify = maybe(9) { $0.expression(size - 1) }
    if chance(8) {
      select.windows = many(1...2) { NamedWindow(name: $0.name(), specification: $0.window(size)) }
    }
    return select
  }

  private mutating func item(_ size: Int) -> SelectItem {
    SelectItem(expression: expression(size), alias: maybe(3) { $0.name() })
  }

  private mutating func grouping(_ size: Int) -> GroupingElement {
    let kind = pick(0...6)
    note("grouping \(min(kind, 3))")
    let keys = many(1...2) { $0.expression(size - 1) }
    switch kind {
    case 0: return .rollup(keys, .none)
    case 1: return .cube(keys, .none)
    case 2: return .groupingSets(many(1...3) { random in random.many(0...2) { $0.expression(size - 1) } }, .none)
    default: return .expression(keys[0])
    }
  }

  private mutating func table(_ size: Int) -> TableExpression {
    if size > 0, chance(3) {
      let isNatural = chance(6)
      let kind = choose([JoinKind.inner, .left, .right, .full, .cross, .leftSemi, .leftAnti])
      note("join " + kind.rawValue)
      return .join(
        Join(
          kind: kind, isNatural: isNatural, left: table(size - 1), right: table(size - 1),
          condition: isNatural ? .none : constraint(size)))
    }
    if size > 0, chance(4) {
      note("derived")
      let alias = maybe(2) { $0.name() }
      let columns = alias != nil && chance(3) ? many(1...2) { $0.name() } : []
      return .derived(query(size - 1), alias: alias, columns: columns, .none)
    }
    note("table")
    return .table(TableName(parts: many(1...2) { $0.name() }, alias: maybe(2) { $0.name() }))
  }

  private mutating func constraint(_ size: Int) -> JoinConstraint {
    switch pick(0...2) {
    case 0: .none
    case 1: .using(many(1...2) { $0.name() })
    default: .on(expression(size - 1))
    }
  }
}
