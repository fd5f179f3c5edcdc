import CleanRoomModel
import CleanRoomPolicy

// FROM, values and conditions of a random query.
extension RandomRuledQuery {
  mutating func from(_ context: PolicyContext) -> String {
    var chosen = Array(context.tables.shuffled(using: &random).prefix(random.pick([1, 2, 2, 2, 3, 3])))
    // Most rules want the runner's table.
    if !random.chance(4), let own = context.tables.first(where: { $0.owner == context.runner }),
      !chosen.contains(own)
    {
      chosen[random.below(chosen.count)] = own
    }
    var text = ""
    for (index, table) in chosen.enumerated() {
      let alias = random.chance(4) ? nil : ["a", "b", "c"][index]
      tables.append(Table(rule: table, name: alias ?? table.name))
      let name = slips() ? random.pick(["nothing", "db.\(table.name)", "buys"]) : table.name
      let written = alias.map { "\(name) \(slips() ? "a" : $0)" } ?? name
      text += index == 0 ? written : joined(written)
    }
    return text
  }

  private mutating func joined(_ written: String) -> String {
    if slips() {
      return random.pick([", \(written)", " CROSS JOIN \(written)", " NATURAL JOIN \(written)", " JOIN \(written)"])
    }
    let kind =
      slips() ? random.pick(["LEFT JOIN", "FULL JOIN", "LEFT SEMI JOIN"]) : random.pick(["JOIN", "INNER JOIN"])
    let newest = tables.count - 1
    if random.chance(12) { return " \(kind) \(written) USING (\(slips() ? "id, mail" : random.pick(["id", "mail"])))" }
    var condition = equality(random.below(newest), newest)
    while random.chance(4) {
      let operation = random.pick(operators + (slips() ? ["AND", "OR"] : []))
      if operation.isEmpty { break }
      condition = "\(condition) \(operation) \(equality(random.below(newest), slips() ? 0 : newest))"
    }
    if slips() {
      condition += random.pick([" AND TRUE", " OR 1 = 1", " AND a.region = 'x'", " AND a.id = 'x'"])
    }
    return " \(kind) \(written) ON \(condition)"
  }

  /// What every table so far permits between equalities; empty when it is nothing.
  private var operators: [String] {
    let permitted = tables.map { table -> [JoinOperator] in
      switch table.rule.rule {
      case .aggregation(let rule): rule.allowedJoinOperators ?? [.and]
      case .list(let rule): rule.allowedJoinOperators ?? [.and]
      case .custom, nil: []
      }
    }
    let common = [JoinOperator.and, .or].filter { operation in permitted.allSatisfy { $0.contains(operation) } }
    return common.isEmpty ? [""] : common.map(\.rawValue)
  }

  private mutating func equality(_ left: Int, _ right: Int) -> String {
    func keys(_ table: Table) -> [String] {
      switch table.rule.rule {
      case .aggregation(let rule): rule.joinColumns
      case .list(let rule): rule.joinColumns
      case .custom, nil: ["id"]
      }
    }
    let common = keys(tables[left]).filter(keys(tables[right]).contains)
    if let name = random.pick(anyOf: common), !random.chance(12) {
      let sides = ["\(tables[left].name).\(name)", "\(tables[right].name).\(name)"]
      return (random.chance(2) ? sides : sides.reversed()).joined(separator: slips() ? " < " : " = ")
    }
    let first = random.pick(anyOf: keys(tables[left])).map { "\(tables[left].name).\($0)" } ?? anyColumn()
    let second = random.pick(anyOf: keys(tables[right])).map { "\(tables[right].name).\($0)" } ?? anyColumn()
    return "\(first) = \(slips() ? anyColumn() : second)"
  }

  // MARK: Values

  mutating func anyColumn() -> String {
    let table = random.pick(tables)
    let name = random.pick(table.rule.columns.map(\.name) + ["withheld"])
    return random.chance(25) ? name : "\(table.name).\(name)"
  }

  /// A column that may be shown, with its type and its table's functions.
  mutating func shown() -> (name: String, type: ColumnType, functions: [String]) {
    var found: [(String, ColumnType, [String])] = []
    for table in tables {
      var (names, functions): ([String], [String]) = ([], [])
      switch table.rule.rule {
      case .aggregation(let rule): (names, functions) = (rule.dimensionColumns, rule.scalarFunctions)
      case .list(let rule): names = rule.listColumns
      case .custom, nil: break
      }
      for name in names {
        guard let type = table.rule.columns.first(where: { $0.name == name })?.type else { continue }
        found.append(("\(random.chance(25) ? "" : table.name + ".")\(name)", type, functions))
      }
    }
    if !slips(), let column = random.pick(anyOf: found) { return column }
    return (anyColumn(), random.pick([.string, .date, .integer]), RandomRoom.functions)
  }

  mutating func value(in place: ReferencePlace) -> String { typedValue().0 }

  mutating func typedValue() -> (String, ColumnType) {
    let (name, type, functions) = shown()
    guard random.chance(3) else { return (name, type) }
    let suiting = RandomCall.all.filter { $0.takes(type) }
    let granted = suiting.filter { functions.contains($0.rule) }
    let calls = slips() ? (random.chance(3) ? RandomCall.all : suiting) : granted
    guard let call = random.pick(anyOf: calls) else { return (name, type) }
    let inner = slips() ? random.pick(["ABS(\(name))", "\(name) + 1", "SUM(\(name))"]) : name
    return (call.text.replacing("$", with: inner), call.gives ?? type)
  }

  // MARK: WHERE

  mutating func condition(depth: Int) -> String {
    if depth > 0, random.chance(3) {
      let (left, right) = (condition(depth: depth - 1), condition(depth: depth - 1))
      return random.pick(["\(left) AND \(right)", "(\(left) OR \(right))", "NOT (\(left)) AND \(right)"])
    }
    let (value, type) = typedValue()
    let constant = literal(slips() ? random.pick([.string, .date, .double, .boolean]) : type)
    if slips() {
      return random.pick([
        "\(value) IN (SELECT 1)", "EXISTS (SELECT 1)", "\(value) <=> \(constant)",
        "\(value) IS DISTINCT FROM \(constant)",
        "CASE WHEN TRUE THEN TRUE END", "\(value) LIKE \(value)", "\(value) ILIKE 'a'", "\(value)", ":p = \(constant)",
        "\(value) IS TRUE", "(\(value), 1) = (1, 1)", "SUM(\(value)) > 1", "\(value) / 2 = 1",
        "\(value) > INTERVAL '1' DAY",
      ])
    }
    return random.pick([
      "\(value) \(random.pick(["=", "<>", "<", "<=", ">", ">="])) \(constant)", "\(constant) = \(value)",
      "\(value) IS \(random.pick(["", "NOT "]))NULL",
      "\(value) \(random.pick(["", "NOT "]))BETWEEN \(constant) AND \(constant)",
      "\(value) \(random.pick(["", "NOT "]))IN (\(constant), \(constant))", special(value, type),
    ])
  }

  private mutating func special(_ value: String, _ type: ColumnType) -> String {
    switch type {
    case .string:
      "\(value) LIKE \(random.pick(["'a%'", "'a!_' ESCAPE '!'", "'a\\\\%'", "'%'"]))\(slips() ? " ESCAPE 'ab'" : "")"
    case .boolean: random.pick([value, "NOT \(value)"])
    case .date: "\(value) \(random.pick(["+", "-"])) \(slips() ? "1.5" : "7") > \(literal(.date))"
    case .timestamp: "\(value) < \(literal(.timestamp))"
    default:
      "\(random.pick([value, "-" + value])) \(random.pick(["+", "-", "*"])) \(slips() ? "'a'" : "2") < \(literal(type))"
    }
  }

  private mutating func literal(_ type: ColumnType) -> String {
    switch type {
    case .string: random.pick(["'a'", "'it''s'", "''"])
    case .boolean: random.pick(["TRUE", "FALSE"])
    case .date: random.pick(["'2025-01-31'", "DATE '2024-02-29'", "'2025-1-1'"].dropLast(slips() ? 0 : 1))
    case .timestamp: random.pick(["'2025-01-31 10:00:00'", "TIMESTAMP '2025-01-31 10:00:00'", "'2025-01-31'"])
    default: random.pick(["5", "-3", "2.5", "1e2"])
    }
  }
}
