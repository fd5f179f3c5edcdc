import CleanRoomModel
import CleanRoomPolicy

/// Random tables of three organizations under random AGGREGATION and LIST rules, sound ones mostly.
struct RandomRoom {
  static let runner = "111111111111"
  static let accounts = [runner, "222222222222", "333333333333"]
  static let functions = [
    "ABS", "CAST", "CEILING", "COALESCE", "CONVERT", "CURRENT_DATE", "DATEADD", "EXTRACT", "FLOOR", "GETDATE", "LN",
    "LOG", "LOWER", "ROUND", "RTRIM", "SQRT", "SUBSTRING", "TO_CHAR", "TO_DATE", "TO_NUMBER", "TO_TIMESTAMP", "TRIM",
    "TRUNC", "UPPER", "YEAR", "MONTH",
  ]
  private static let keys: [(String, ColumnType)] = [
    ("id", .string), ("mail", .string), ("code", .bigint), ("born", .date),
  ]
  private static let others: [(String, ColumnType)] = [
    ("region", .string), ("grade", .integer), ("price", .decimal(precision: 12, scale: 2)), ("score", .double),
    ("day", .date), ("moment", .timestamp), ("active", .boolean), ("note", .string),
  ]

  let context: PolicyContext

  init(_ random: inout SplitMix) throws {
    var tables: [PublishedTable] = []
    for (index, name) in ["buys", "views", "cards"].enumerated() {
      tables.append(try Self.table(name, owner: Self.accounts[index], &random))
    }
    let accounts = Self.accounts.compactMap { AccountID($0) }
    let receivers = random.chance(20) ? [accounts[0], accounts[1]] : random.chance(200) ? [] : [accounts[0]]
    context = PolicyContext(
      runner: random.chance(8) ? accounts[random.below(3)] : accounts[0], tables: tables, receivers: receivers,
      joinsDifferentNames: !random.chance(5), extended: !random.chance(8),
      now: Timestamp(milliseconds: 1_766_000_000_000))
  }

  private static func table(_ name: String, owner: String, _ random: inout SplitMix) throws -> PublishedTable {
    let columns = (keys + others).filter { $0.0 == "id" || !random.chance(6) }.map { column in
      let isText = column.1 == .string
      return PublishedColumn(
        name: column.0, type: column.0 == "code" && random.chance(10) ? .string : column.1,
        keyForm: isText && random.chance(10) ? (random.chance(3) ? .email : .lowercase) : nil)
    }
    var table = try Fixture.table(name, owner: owner, columns: columns, rule: rule(columns.map(\.name), &random))
    let accounts = Self.accounts.compactMap { AccountID($0) }
    if random.chance(2) { table.allowedResultReceivers = random.chance(40) ? [accounts[2]] : accounts }
    if random.chance(100) { table.unavailable = "the file is missing" }
    if random.chance(200) { table.rule = nil }
    return table
  }

  private static func rule(_ names: [String], _ random: inout SplitMix) -> AnalysisRule {
    let operators: [JoinOperator]? = random.pick([nil, [.and], [.or], [.and, .or], [.and, .or], []])
    var joins = keys.map(\.0).filter { names.contains($0) && !random.chance(3) }
    if random.chance(40) { joins.append("score") }
    if random.chance(4) {
      let shown = others.map(\.0).filter { names.contains($0) && !random.chance(4) }
      return .list(
        ListRule(
          joinColumns: joins, allowedJoinOperators: operators,
          listColumns: shown + (random.chance(30) ? joins.prefix(1) : [])))
    }
    let measured = ["id", "code", "grade", "price", "score", "note"].filter {
      names.contains($0) && random.chance(2)
    }
    let shown = others.map(\.0).filter { names.contains($0) && (!measured.contains($0) || random.chance(30)) }
    let aggregates = AggregateFunction.allCases.compactMap { function in
      let columns = measured.filter { _ in !random.chance(3) }
      return columns.isEmpty
        ? nil : AggregationRule.AggregateColumn(columnNames: columns, function: function)
    }
    return .aggregation(
      AggregationRule(
        aggregateColumns: aggregates, joinColumns: joins, joinRequired: random.chance(4) ? "QUERY_RUNNER" : nil,
        allowedJoinOperators: operators, dimensionColumns: shown,
        scalarFunctions: functions.filter { _ in !random.chance(3) }, outputConstraints: constraints(&random)))
  }

  private static func constraints(_ random: inout SplitMix) -> [AggregationRule.OutputConstraint] {
    if random.chance(150) { return [] }
    let first = AggregationRule.OutputConstraint(columnName: "id", minimum: random.chance(150) ? 1 : 25)
    let wrong = [
      AggregationRule.OutputConstraint(columnName: "withheld", minimum: 5),
      AggregationRule.OutputConstraint(columnName: "id", minimum: 5, type: "COUNT"),
    ]
    if random.chance(150) { return [first, random.pick(wrong)] }
    return random.chance(3) ? [first, AggregationRule.OutputConstraint(columnName: "id", minimum: 2)] : [first]
  }
}

extension SplitMix {
  /// True once in `number` times.
  mutating func chance(_ number: Int) -> Bool { below(number) == 0 }

  mutating func below(_ number: Int) -> Int { Int(next() % UInt64(number)) }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  mutating func pick<Element>(anyOf choices: [Element]) -> Element? { choices.isEmpty ? nil : pick(choices) }
}
