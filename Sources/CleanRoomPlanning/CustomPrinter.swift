import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Prints the query that combines the gathered tables, from the tree alone.
///
/// Relations are called `r<id>`, common tables `q<index>`. A column of a query's body is `c<i>` as a value and `k<i>` as
/// a token; a scan's columns have the names they were gathered under.
struct CustomPrinter {
  let query: PushedQuery
  let uses: CustomUses
  let forms: SlotForms
  /// The table behind each scan.
  let scans: [Int: Int]
  let fragments: [Fragment]
  /// Layers of the queries around the text at hand, the innermost last.
  var layers: [CustomLayer] = []
  private var names = 0

  init(query: PushedQuery, uses: CustomUses, forms: SlotForms, scans: [Int: Int], fragments: [Fragment]) {
    self.query = query
    self.uses = uses
    self.forms = forms
    self.scans = scans
    self.fragments = fragments
  }

  mutating func newName() -> String {
    names += 1
    return "n\(names - 1)"
  }

  mutating func text() -> String {
    var common: [String] = []
    for index in query.commonTables.indices where uses.commonTables.contains(index) {
      common.append("q\(index) AS MATERIALIZED (\(text(of: query.commonTables[index])))")
    }
    let body = text(of: query.body, isOutermost: true)
    return common.isEmpty ? body : "WITH \(common.joined(separator: ", ")) \(body)"
  }

  // MARK: Bodies

  /// The physical columns of a body that are read, as they are named in it.
  func columns(of body: QueryBody) -> [String] {
    (uses.demand[body.id] ?? []).sorted().flatMap { index in
      let form = forms.form(of: body.column(index))
      return (form.value ? ["c\(index)"] : []) + (form.token ? ["k\(index)"] : [])
    }
  }

  func list(_ columns: [String]) -> String { columns.isEmpty ? "one" : columns.joined(separator: ", ") }

  mutating func text(of body: QueryBody, isOutermost: Bool = false) -> String {
    let isOrdered = isOutermost || body.limit != nil || body.offset != nil
    var keys: [String] = []
    let rows: String
    switch body.rows {
    case .select(let select):
      (rows, keys) = text(of: select, body, isOrdered: isOrdered)
    case .values(let cells): rows = text(ofValues: cells, body)
    case .operation(let operation, let all, let left, let right):
      rows = text(of: operation, all: all, left, right, body)
    }
    guard isOrdered else { return rows }
    return ordered(rows, body, keys)
  }

  private func ordered(_ rows: String, _ body: QueryBody, _ expressions: [String]) -> String {
    var order: [String] = []
    var expressions = expressions[...]
    for key in body.order {
      let direction = "\(key.descending ? "DESC" : "ASC") NULLS \(key.nullsFirst ? "FIRST" : "LAST")"
      switch key.target {
      case .column(let index): order.append("c\(index) \(direction)")
      case .expression: order.append("\(expressions.removeFirst()) \(direction)")
      }
    }
    // The result itself holds values only.
    let isResult = body.id == query.body.id
    let columns = columns(of: body).filter { !isResult || $0.hasPrefix("c") }
    let values = columns.filter { $0.hasPrefix("c") }
    let signs = values.filter { name in
      Int(name.dropFirst()).map { body.columnTypes[$0].isFloating } ?? false
    }
    let ties = values + columns.filter { $0.hasPrefix("k") } + signs.map(Self.sign)
    // Every column in turn, so that equal data gives equal bytes whatever the order of arrival.
    order += ties.map { "\($0) ASC NULLS FIRST" }
    let sorting = order.isEmpty ? "" : " ORDER BY \(order.joined(separator: ", "))"
    let limit = body.limit.map { " LIMIT \($0)" } ?? ""
    let offset = body.offset.map { " OFFSET \($0)" } ?? ""
    return "SELECT \(list(columns)) FROM (\(rows)) AS b\(body.id)\(sorting)\(limit)\(offset)"
  }

  private mutating func text(ofValues rows: [[ResolvedExpression]], _ body: QueryBody) -> String {
    let demanded = (uses.demand[body.id] ?? []).sorted()
    let cells = rows.map { row in
      let texts = demanded.map { "TRY_CAST(\(text(row[$0])) AS \(EngineText.type(body.columnTypes[$0])))" }
      return "(" + (texts.isEmpty ? "1" : texts.joined(separator: ", ")) + ")"
    }
    let names = demanded.isEmpty ? "one" : demanded.map { "c\($0)" }.joined(separator: ", ")
    return "SELECT \(names) FROM (VALUES \(cells.joined(separator: ", "))) AS v\(body.id)(\(names))"
  }

  private mutating func text(
    of operation: SetOperator, all: Bool, _ left: QueryBody, _ right: QueryBody, _ body: QueryBody
  ) -> String {
    let sides = [left, right].map { side in
      let inside = text(of: side)
      return "SELECT \(sideList(side, of: body, isPlain: operation == .union && all)) FROM (\(inside)) AS b\(side.id)"
    }
    return "(\(sides[0])) \(operation.rawValue)\(all ? " ALL" : "") (\(sides[1]))"
  }

  private func sideList(_ side: QueryBody, of body: QueryBody, isPlain: Bool) -> String {
    let demanded = (uses.demand[body.id] ?? []).sorted()
    let columns = demanded.flatMap { index in
      let form = forms.form(of: body.column(index))
      let type = body.columnTypes[index]
      var value = type == side.columnTypes[index] ? "c\(index)" : "TRY_CAST(c\(index) AS \(EngineText.type(type)))"
      if !isPlain { value = Self.keyText(value, type) }
      return (form.value ? ["\(value) AS c\(index)"] : []) + (form.token ? ["k\(index)"] : [])
    }
    return columns.isEmpty ? "1 AS one" : columns.joined(separator: ", ")
  }

  /// Tells 0.0 from -0.0, which are equal.
  static func sign(_ column: String) -> String { "signbit(\(column))" }

  /// Zero and minus zero are one value, so they are given one spelling where rows are told apart.
  static func keyText(_ text: String, _ type: ColumnType) -> String {
    type.isFloating ? "(\(text) + CAST(0 AS \(EngineText.type(type))))" : text
  }

  // MARK: Relations

  mutating func text(of relation: Relation) -> String {
    switch relation {
    case .scan(let id, let table): return "\(fragments[table].gatheredTable) AS r\(id)"
    case .derived(let id, let body): return "(\(text(of: body))) AS r\(id)"
    case .common(let id, let index): return "q\(index) AS r\(id)"
    case .join(let kind, let left, let right, let condition):
      let on = condition.map { " ON \(text($0))" } ?? (kind == .cross || kind == .inner ? "" : " ON TRUE")
      let word = condition == nil && kind == .inner ? "CROSS JOIN" : kind.engineWords
      return "(\(text(of: left)) \(condition != nil && kind == .cross ? "JOIN" : word) \(text(of: right))\(on))"
    }
  }
}

extension JoinKind {
  fileprivate var engineWords: String {
    switch self {
    case .inner: "JOIN"
    case .left: "LEFT JOIN"
    case .right: "RIGHT JOIN"
    case .full: "FULL JOIN"
    case .cross: "CROSS JOIN"
    case .leftSemi: "SEMI JOIN"
    case .leftAnti: "ANTI JOIN"
    }
  }
}

extension ColumnType {
  var isFloating: Bool { self == .real || self == .double }
}
