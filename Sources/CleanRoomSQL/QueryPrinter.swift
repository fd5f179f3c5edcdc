extension SQLWriter {
  mutating func write(_ query: Query) {
    if !query.with.isEmpty {
      put(query.isRecursive ? "WITH RECURSIVE " : "WITH ")
      list(query.with) { $0.write($1) }
      put(" ")
    }
    write(query.body)
    if !query.order.isEmpty {
      put(" ")
      write(query.order)
    }
    prefixed(" LIMIT ", query.limit)
    prefixed(" OFFSET ", query.offset)
  }

  private mutating func write(_ table: CommonTableExpression) {
    put(table.name)
    if !table.columns.isEmpty { put(" ") }
    if !table.columns.isEmpty { names(table.columns) }
    put(" AS ")
    parenthesized { $0.write(table.query) }
  }

  // MARK: Set operations

  private mutating func write(_ body: SetExpression) {
    switch body {
    case .select(let select): write(select)
    case .nested(let query): parenthesized { $0.write(query) }
    case .values(let rows, _):
      put("VALUES ")
      list(rows) { writer, row in writer.parenthesized { $0.expressions(row) } }
    case .operation(let operation, let all, let left, let right, _):
      write(left, isGrouped: operation == .intersect && left.isUnionOrExcept)
      put(" " + operation.rawValue + (all ? " ALL " : " "))
      write(right, isGrouped: operation == .intersect ? right.isOperation : right.isUnionOrExcept)
    }
  }

  private mutating func write(_ body: SetExpression, isGrouped: Bool) {
    if isGrouped { parenthesized { $0.write(body) } } else { write(body) }
  }

  // MARK: SELECT

  private mutating func write(_ select: Select) {
    put(select.isDistinct ? "SELECT DISTINCT " : "SELECT ")
    list(select.items) { writer, item in
      writer.write(item.expression)
      writer.alias(item.alias)
    }
    if !select.from.isEmpty {
      put(" FROM ")
      list(select.from) { $0.write($1) }
    }
    prefixed(" WHERE ", select.filter)
    if !select.grouping.isEmpty {
      put(" GROUP BY ")
      list(select.grouping) { $0.write($1) }
    }
    prefixed(" HAVING ", select.having)
    prefixed(" QUALIFY ", select.qualify)
    guard !select.windows.isEmpty else { return }
    put(" WINDOW ")
    list(select.windows) { writer, window in
      writer.put(window.name)
      writer.put(" AS ")
      writer.write(window.specification)
    }
  }

  private mutating func alias(_ alias: Identifier?) {
    guard let alias else { return }
    put(" AS ")
    put(alias)
  }

  private mutating func write(_ element: GroupingElement) {
    switch element {
    case .expression(let key): write(key)
    case .rollup(let keys, _): set("ROLLUP ", keys)
    case .cube(let keys, _): set("CUBE ", keys)
    case .groupingSets(let sets, _):
      put("GROUPING SETS (")
      list(sets) { $0.set("", $1) }
      put(")")
    }
  }

  private mutating func set(_ word: String, _ keys: [Expression]) {
    put(word)
    parenthesized { $0.expressions(keys) }
  }

  // MARK: Tables

  private mutating func write(_ table: TableExpression) {
    switch table {
    case .table(let name):
      for (index, part) in name.parts.enumerated() {
        if index > 0 { put(".") }
        put(part)
      }
      alias(name.alias)
    case .derived(let query, let name, let columns, _):
      parenthesized { $0.write(query) }
      alias(name)
      if !columns.isEmpty { put(" ") }
      if !columns.isEmpty { names(columns) }
    case .join(let join): write(join)
    }
  }

  private mutating func write(_ join: Join) {
    write(join.left)
    put((join.isNatural ? " NATURAL " : " ") + (join.kind == .inner ? "" : join.kind.rawValue + " ") + "JOIN ")
    if case .join = join.right { parenthesized { $0.write(join.right) } } else { write(join.right) }
    switch join.condition {
    case .none: return
    case .on(let condition): prefixed(" ON ", condition)
    case .using(let columns):
      put(" USING ")
      names(columns)
    }
  }
}

extension SetExpression {
  fileprivate var isOperation: Bool { if case .operation = self { true } else { false } }

  fileprivate var isUnionOrExcept: Bool {
    if case .operation(let operation, _, _, _, _) = self { operation != .intersect } else { false }
  }
}
