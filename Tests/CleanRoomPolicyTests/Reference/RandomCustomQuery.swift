/// A random query over the tables of `RandomCustomTables`: names and types are sound, rules are not looked at.
struct RandomCustomQuery {
  struct Column {
    /// As an expression writes it.
    let written: String
    let name: String
    let isText: Bool
    /// Holds values of the column that `Habits.opaque` names.
    var isOpaque = false
  }

  /// What a query leaves out, so that a test can say what its result must be like.
  struct Habits {
    /// The column whose values nothing depends on, only their equality; nothing sorts by it either.
    var opaque: String?
    /// `:number` and `:text` stand for constants.
    var hasParameters = false
    /// Constructs that thresholds forbid appear once in so many places; 0 is never.
    var rareConstructs = 40
    /// COUNT over a whole table is exempt from thresholds.
    var countsWholeTables = true
    /// MIN and MAX show values of single rows.
    var showsExtremes = true
  }

  typealias Shape = [Bool]

  let habits: Habits
  var random: SplitMix
  /// Columns that an expression may name, and those of the queries around it.
  var scope: [Column] = []
  var outer: [Column] = []
  private var common: [(name: String, columns: [Column])] = []
  private var names = 0

  static func text(_ habits: Habits, _ random: inout SplitMix) -> String {
    var query = Self(habits: habits, random: random)
    let shape = (0...query.random.below(3)).map { _ in query.random.chance(2) }
    let text = query.query(depth: query.random.pick([0, 0, 1, 1, 2, 3]), shape, isOutermost: true).text
    random = query.random
    return text
  }

  private init(habits: Habits, random: SplitMix) {
    self.habits = habits
    self.random = random
  }

  mutating func rarely() -> Bool { habits.rareConstructs > 0 && random.chance(habits.rareConstructs) }

  mutating func name(_ start: String) -> String {
    names += 1
    return "\(start)\(names)"
  }

  // MARK: Queries

  mutating func query(depth: Int, _ shape: Shape, isOutermost: Bool = false) -> (text: String, columns: [Column]) {
    let known = common.count
    defer { common.removeLast(common.count - known) }
    var text = ""
    if depth > 0, random.chance(4) {
      let tables = (0...random.below(2)).map { _ in commonTable(depth: depth - 1) }
      text = "WITH \(tables.joined(separator: ", ")) "
    }
    var (body, columns) = select(depth: depth, shape, isOutermost: isOutermost)
    let isSet = depth > 0 && random.chance(10)
    if isSet {
      let other = select(depth: depth - 1, shape, isOutermost: isOutermost).text
      let operation = rarely() ? random.pick(["EXCEPT", "INTERSECT"]) : random.pick(["UNION", "UNION ALL"])
      body += " \(operation) \(other)"
    }
    text += body
    if random.chance(6), let column = sortable(columns) { text += " ORDER BY \(column)" }
    // Without an order the engine takes the least rows, by every column that they have.
    if random.chance(isOutermost ? 6 : 20), isOutermost || habits.opaque == nil {
      text += " LIMIT \(1 + random.below(9))"
    }
    if rarely() { text += " OFFSET 1" }
    return (text, columns)
  }

  private mutating func sortable(_ columns: [Column]) -> String? {
    guard habits.opaque == nil else { return nil }
    let index = random.below(columns.count)
    return random.pick(["\(index + 1)", columns[index].written]) + random.pick(["", " DESC", " NULLS LAST"])
  }

  private mutating func commonTable(depth: Int) -> String {
    let (shape, name) = (self.shape(), name("w"))
    let inner = inside { $0.query(depth: depth, shape) }
    let renamed = random.chance(3) ? inner.columns.map { _ in self.name("x") } : nil
    let columns = inner.columns.enumerated().map { index, column in
      Column(
        written: renamed?[index] ?? column.written, name: renamed?[index] ?? column.name, isText: column.isText,
        isOpaque: column.isOpaque)
    }
    common.append((name, columns))
    return "\(name)\(renamed.map { "(\($0.joined(separator: ", ")))" } ?? "") AS (\(inner.text))"
  }

  mutating func shape() -> Shape { [true] + (0...random.below(2)).map { _ in random.chance(2) } }

  /// What stands in parentheses of its own sees no column around it.
  mutating func inside<Result>(_ body: (inout Self) -> Result) -> Result {
    let saved = (scope, outer)
    (scope, outer) = ([], [])
    defer { (scope, outer) = saved }
    return body(&self)
  }

  // MARK: SELECT

  private mutating func select(depth: Int, _ shape: Shape, isOutermost: Bool) -> (text: String, columns: [Column]) {
    let saved = scope
    defer { scope = saved }
    var from = RandomCustomFrom(query: self, common: common)
    let tables = from.text(depth: depth)
    self = from.query
    scope = from.columns
    let filter = random.chance(2) ? " WHERE \(condition(depth: depth))" : ""
    let isPlain = random.chance(isOutermost ? 5 : 2)
    if isPlain {
      let items = shape.map { value($0, depth: depth) }
      let isDistinct = random.chance(3)
      let named = self.named(items, shape)
      return ("SELECT \(isDistinct ? "DISTINCT " : "")\(named.text) FROM \(tables)\(filter)", named.columns)
    }
    let isWhole = filter.isEmpty && from.isSingleTable && !habits.countsWholeTables
    let keys: [Column] = random.chance(5) || isWhole && random.chance(3) ? [] : (0...random.below(2)).map { _ in key() }
    var items = shape.map { grouped($0, by: keys) }
    if isWhole && keys.isEmpty { items[0] = shape[0] ? "CAST(SUM(LENGTH(mail)) AS STRING)" : "SUM(LENGTH(mail))" }
    let named = self.named(items, shape)
    var text = "SELECT \(named.text) FROM \(tables)\(filter)"
    if !keys.isEmpty { text += " GROUP BY \(grouping(keys.map(\.written)))" }
    if random.chance(6) { text += " HAVING \(aggregate()) > \(random.below(4))" }
    return (text, named.columns)
  }

  private mutating func grouping(_ keys: [String]) -> String {
    let list = keys.joined(separator: ", ")
    return rarely() ? random.pick(["CUBE (\(list))", "ROLLUP (\(list))", "GROUPING SETS ((\(list)), ())"]) : list
  }

  private mutating func key() -> Column {
    let isText = random.chance(3) ? false : true
    let expression = random.chance(4) ? value(isText, depth: 0) : column(isText) ?? "1 + 1"
    return Column(written: expression, name: "", isText: isText)
  }

  private mutating func grouped(_ isText: Bool, by keys: [Column]) -> String {
    if !random.chance(4), let key = random.pick(anyOf: keys.filter({ $0.isText == isText })) { return key.written }
    guard isText else { return aggregate() }
    guard habits.showsExtremes, random.chance(3), let column = pick(true, of: scope) else { return "'all'" }
    return "\(random.pick(["MIN", "MAX"]))(\(column))"
  }

  /// Every item has a name of its own; the names of tables' columns are used again.
  private mutating func named(_ items: [String], _ shape: Shape) -> (text: String, columns: [Column]) {
    var taken: Set<String> = []
    var columns: [Column] = []
    var texts: [String] = []
    for (item, isText) in zip(items, shape) {
      var name = random.pick(isText ? ["mail", "region", "page"] : ["age", "grade", "spend"])
      if random.chance(3) || taken.contains(name) { name = self.name("v") }
      taken.insert(name)
      let written = random.chance(10) ? "`\(name)`" : name
      let isOpaque = scope.contains { $0.isOpaque && item.contains($0.written) }
      columns.append(Column(written: written, name: name, isText: isText, isOpaque: isOpaque))
      texts.append("\(item)\(random.chance(2) ? " AS" : "") \(written)")
    }
    return (texts.joined(separator: ", "), columns)
  }
}
