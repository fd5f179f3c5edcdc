import CleanRoomModel
import CleanRoomPolicy

/// A query that knows the rules it is written for and breaks about one of them every other time.
struct RandomRuledQuery {
  struct Table {
    var rule: PublishedTable
    var name: String
  }

  private(set) var text = ""
  var random: SplitMix
  var tables: [Table] = []
  /// Names an expression has already been given, for ORDER BY and HAVING.
  private var aliases: [String] = []

  init(_ context: PolicyContext, _ random: inout SplitMix) {
    self.random = random
    write(context)
    random = self.random
  }

  /// A fault, once in a while.
  mutating func slips() -> Bool { random.chance(75) }

  var isList: Bool {
    tables.allSatisfy { if case .list = $0.rule.rule { true } else { false } }
  }

  private mutating func write(_ context: PolicyContext) {
    let from = self.from(context)
    let asList = isList != slips()
    let items = asList ? [value(in: .select)] : keys()
    let measures = asList ? [] : (0...random.below(2)).map { _ in aggregate() }
    let selected = items + (slips() ? [] : measures)
    let isDistinct = asList != (random.chance(15) || (asList && slips()))
    text = "SELECT \(isDistinct ? "DISTINCT " : "")"
    text += selected.enumerated().map { named($1, $0) }.joined(separator: ", ")
    if random.chance(15) || selected.isEmpty { text += "\(selected.isEmpty ? "" : ", ")'all'" }
    if slips() { text += ", \(random.pick(["NULL", "*", "CASE WHEN TRUE THEN 1 END", "1 + 1", "region = 'x'"]))" }
    text += " FROM \(from)"
    if random.chance(2) { text += " WHERE \(condition(depth: 2))" }
    if !asList || slips() { writeGrouping(items, measures) }
    if random.chance(8) { text += " LIMIT \(slips() ? random.pick(["0", "5 + 5", "-1", "'5'"]) : "10")" }
    if slips() { text += " OFFSET 5" }
    if slips() { text = surrounded() }
  }

  private mutating func surrounded() -> String {
    random.pick([
      "(\(text))", "WITH w AS (SELECT 1 AS x) \(text)", "\(text) UNION \(text)", "SELECT COUNT(id) FROM (\(text)) AS s",
    ])
  }

  private mutating func named(_ item: String, _ index: Int) -> String {
    guard random.chance(5) else { return item }
    let alias = random.pick(["n\(index)", "n\(index)", "n", random.pick(["region", "id"])])
    aliases.append(alias)
    return "\(item) AS \(alias)"
  }

  private mutating func writeGrouping(_ items: [String], _ measures: [String]) {
    var groups = items.enumerated().map { random.chance(5) ? "\($0 + 1)" : $1 }
    if random.chance(10) { groups.append(value(in: .grouping)) }
    if slips(), !groups.isEmpty { groups.removeLast() }
    if slips() { groups.append(random.pick(["9", "0", "n", "COUNT(id)", "'x'", "ROLLUP(region)"])) }
    if !groups.isEmpty { text += " GROUP BY \(groups.joined(separator: ", "))" }
    if random.chance(4) { text += " HAVING \(having(measures))" }
    guard random.chance(4) else { return }
    let places = items + measures + aliases + ["1"]
    let order = slips() ? value(in: .grouping) : random.pick(places)
    text += " ORDER BY \(order)\(random.pick(["", " DESC", " ASC NULLS LAST"]))"
  }

  private mutating func having(_ measures: [String]) -> String {
    let measure = slips() ? value(in: .grouping) : random.pick(measures + aliases + [aggregate()])
    let number = slips() ? random.pick(["'5'", measure, "region", "NULL"]) : random.pick(["25", "-3", "1.5", "1e2"])
    let sign = random.pick(["=", "<>", "<", "<=", ">", ">=", "!="])
    let simple = random.pick([
      "\(measure) \(sign) \(number)", "\(number) \(sign) \(measure)", "\(measure) BETWEEN 1 AND \(number)",
    ])
    if slips() { return random.pick(["NOT \(simple)", "\(measure) IS NULL", "\(measure) NOT BETWEEN 1 AND 5"]) }
    return random.chance(4) ? "\(simple) \(random.pick(["AND", "OR"])) \(aggregate()) > 5" : simple
  }

  private mutating func keys() -> [String] { (0..<random.below(3)).map { _ in value(in: .select) } }

  private mutating func aggregate() -> String {
    var granted: [String] = []
    for table in tables {
      guard case .aggregation(let rule) = table.rule.rule else { continue }
      for entry in rule.aggregateColumns {
        for column in entry.columnNames {
          guard let type = table.rule.columns.first(where: { $0.name == column })?.type else { continue }
          let counts = entry.function == .count || entry.function == .countDistinct
          if counts || type.isNumeric || random.chance(20) {
            granted.append(entry.function.call(table.name + "." + column))
          }
        }
      }
    }
    if !slips(), let permitted = random.pick(anyOf: granted) { return permitted }
    let function = random.pick(AggregateFunction.allCases)
    return random.pick([
      function.call(anyColumn()), function.call(anyColumn()), "COUNT(*)", "COUNT(1)", "SUM(\(anyColumn()) * 2)",
      "MAX(\(anyColumn()))", "AVG(DISTINCT \(anyColumn()))", "SUM(\(anyColumn())) OVER ()", "ABS(SUM(\(anyColumn())))",
      "SUM(\(anyColumn())) FILTER (WHERE TRUE)",
    ])
  }
}

extension AggregateFunction {
  fileprivate func call(_ column: String) -> String {
    switch self {
    case .sum: "SUM(\(column))"
    case .sumDistinct: "SUM(DISTINCT \(column))"
    case .count: "COUNT(\(column))"
    case .countDistinct: "COUNT(DISTINCT \(column))"
    case .avg: "AVG(\(column))"
    }
  }
}
