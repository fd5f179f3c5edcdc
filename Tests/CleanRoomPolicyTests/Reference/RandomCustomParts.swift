/// Expressions and conditions of a random query.
extension RandomCustomQuery {
  // MARK: Columns

  /// One of the columns; one whose value nothing may depend on is left out.
  mutating func pick(_ isText: Bool, of columns: [Column]) -> String? {
    random.pick(anyOf: columns.filter { $0.isText == isText && !$0.isOpaque })?.written
  }

  /// Where only equality counts.
  mutating func column(_ isText: Bool) -> String? {
    random.pick(anyOf: scope.filter { $0.isText == isText })?.written
  }

  mutating func value(_ isText: Bool, depth: Int) -> String { isText ? self.text(depth: depth) : number(depth: depth) }

  // MARK: Values

  private mutating func text(depth: Int) -> String {
    if habits.opaque == nil, random.chance(20), let column = outerColumn(true) { return column }
    let column = random.chance(2) ? self.column(true) : pick(true, of: scope)
    switch random.below(12) {
    case 0: return constant(isText: true)
    case 1: return pick(true, of: scope).map { "UPPER(\($0))" } ?? "'b'"
    case 2: return pick(true, of: scope).map { "SUBSTRING(\($0), 1, 2)" } ?? "'c'"
    case 3: return "CASE WHEN \(condition(depth: 0)) THEN \(column ?? "'d'") ELSE 'e' END"
    case 4: return column.map { "COALESCE(\($0), 'f')" } ?? "'f'"
    case 5 where rarely(): return pick(true, of: scope).map { "REVERSE(\($0))" } ?? "'c'"
    default: return column ?? constant(isText: true)
    }
  }

  private mutating func number(depth: Int) -> String {
    let column = pick(false, of: scope)
    switch random.below(16) {
    case 0: return constant(isText: false)
    case 1: return column.map { "\($0) + 1" } ?? "2"
    case 2: return column.map { "ABS(\($0))" } ?? "2"
    case 3: return "CASE WHEN \(condition(depth: 0)) THEN \(column ?? "1") ELSE 0 END"
    case 4: return column.map { "COALESCE(\($0), 0)" } ?? "3"
    case 5: return pick(true, of: scope).map { "LENGTH(\($0))" } ?? "3"
    case 6: return column.map { "NULLIF(\($0), 3)" } ?? "3"
    case 7 where depth > 0: return "(\(subquery([false])))"
    case 8 where random.chance(3): return window()
    default: return column ?? constant(isText: false)
    }
  }

  private mutating func outerColumn(_ isText: Bool) -> String? { pick(isText, of: outer) }

  mutating func constant(isText: Bool) -> String {
    if habits.hasParameters, random.chance(2) { return isText ? ":text" : ":number" }
    return isText ? random.pick(["'r1'", "'r2'", "'x'"]) : "\(random.below(6))"
  }

  private mutating func window() -> String {
    let key = column(true) ?? "'a'"
    guard let number = pick(false, of: scope) else { return "COUNT(*) OVER (PARTITION BY \(key))" }
    let over = habits.opaque == nil ? " ORDER BY \(number)" : ""
    return random.pick(["SUM", "COUNT", "MAX"]) + "(\(number)) OVER (PARTITION BY \(key)\(over))"
  }

  mutating func aggregate() -> String {
    let number = random.chance(4) ? self.number(depth: 0) : pick(false, of: scope) ?? "1"
    if number.contains("OVER") { return "COUNT(*)" }
    switch random.below(9) {
    case 0: return "COUNT(\(column(true) ?? "*"))"
    case 1: return "COUNT(DISTINCT \(column(true) ?? number))"
    case 2 where habits.showsExtremes: return "MAX(\(number))"
    case 3 where habits.showsExtremes: return "MIN(\(number))"
    case 4, 5: return "SUM(\(number))"
    case 6 where rarely(): return "SUM(\(number)) FILTER (WHERE \(condition(depth: 0)))"
    case 7 where rarely(): return "COUNT_IF(\(condition(depth: 0)))"
    default: return "COUNT(*)"
    }
  }

  // MARK: Conditions

  mutating func condition(depth: Int) -> String {
    let number = pick(false, of: scope) ?? "1"
    let text = pick(true, of: scope) ?? "'a'"
    switch random.below(18) {
    case 0: return "(\(condition(depth: depth)) AND \(condition(depth: depth)))"
    case 1: return "(\(condition(depth: depth)) OR \(condition(depth: depth)))"
    case 2: return "NOT (\(condition(depth: depth)))"
    case 3: return "\(number) BETWEEN \(constant(isText: false)) AND 5"
    case 4: return "\(number) IN (1, 2, \(constant(isText: false)))"
    case 5: return "\(text) LIKE '\(random.pick(["r%", "%1", "_2"]))'"
    case 6: return "\(column(true) ?? text) IS \(random.pick(["", "NOT "]))NULL"
    case 7: return "\(number) \(random.pick(["<", ">=", "="])) \(pick(false, of: scope) ?? "2")"
    case 8: return "\(column(true) ?? text) = \(column(true) ?? text)"
    case 9 where depth > 0: return "\(column(true) ?? text) \(random.pick(["", "NOT "]))IN (\(subquery([true])))"
    case 10 where depth > 0 && rarely(): return "EXISTS (\(subquery([true])))"
    case 11: return outerColumn(true).map { "\(text) = \($0)" } ?? "\(number) > 1"
    case 12 where rarely(): return "\(text) <=> \(column(true) ?? text)"
    case 13, 14: return "\(text) \(random.pick(["=", "<>"])) \(constant(isText: true))"
    default: return "\(number) \(random.pick(["<", ">", "=", "<>"])) \(constant(isText: false))"
    }
  }

  /// Sees the columns around it.
  private mutating func subquery(_ shape: Shape) -> String {
    let saved = (scope, outer)
    outer += scope
    scope = []
    defer { (scope, outer) = saved }
    return query(depth: 0, shape).text
  }
}
