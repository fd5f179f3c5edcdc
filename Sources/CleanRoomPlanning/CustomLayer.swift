import CleanRoomPolicy

/// Expressions that a layer of the printed query has already computed, and by which names the next one finds them.
struct CustomLayer {
  let alias: String
  /// The relations that are no longer visible above the layer.
  let relations: Set<Int>
  private(set) var values: [ResolvedExpression: String] = [:]
  private(set) var tokens: [ColumnReference: String] = [:]
  /// `expression AS name`, in order.
  private(set) var columns: [String] = []

  init(alias: String, relations: Set<Int>) {
    self.alias = alias
    self.relations = relations
  }

  func value(of expression: ResolvedExpression) -> String? { values[expression].map { "\(alias).\($0)" } }
  func token(of reference: ColumnReference) -> String? { tokens[reference].map { "\(alias).\($0)" } }

  mutating func add(_ expression: ResolvedExpression, text: String) {
    guard values[expression] == nil else { return }
    let name = "x\(columns.count)"
    values[expression] = name
    columns.append("\(text) AS \(name)")
  }

  mutating func add(token reference: ColumnReference, text: String) {
    guard tokens[reference] == nil else { return }
    let name = "x\(columns.count)"
    tokens[reference] = name
    columns.append("\(text) AS \(name)")
  }

  /// A column that is no expression of the query.
  mutating func add(text: String) -> String {
    let name = "x\(columns.count)"
    columns.append("\(text) AS \(name)")
    return "\(alias).\(name)"
  }

  /// A layer above that passes everything on.
  func above(alias: String) -> CustomLayer {
    var next = self
    next = CustomLayer(alias: alias, relations: relations)
    next.values = values
    next.tokens = tokens
    next.columns = columns.indices.map { "\(self.alias).x\($0) AS x\($0)" }
    return next
  }

  /// Values first, then tokens: what settles the order of rows that the query leaves open.
  var tieBreakers: [String] {
    (values.values.sorted(by: Self.byNumber) + tokens.values.sorted(by: Self.byNumber)).map { "\(alias).\($0)" }
  }

  private static func byNumber(_ left: String, _ right: String) -> Bool {
    (left.utf8.count, left) < (right.utf8.count, right)
  }

  var list: String { columns.isEmpty ? "1 AS one" : columns.joined(separator: ", ") }
}
