import CleanRoomSQL

/// The tables that a query's text names in its FROM clauses, for the log of a query that was refused.
enum ReferencedTables {
  /// Each once, in order; none where the text is not a query.
  static func names(in sql: String) -> [String] {
    guard let query = try? SQLParser.parse(sql) else { return [] }
    var names: [String] = []
    collect(query, &names)
    return names
  }

  private static func collect(_ query: Query, _ names: inout [String]) {
    for table in query.with { collect(table.query, &names) }
    collect(query.body, &names)
  }

  private static func collect(_ body: SetExpression, _ names: inout [String]) {
    switch body {
    case .select(let select): for item in select.from { collect(item, &names) }
    case .nested(let query): collect(query, &names)
    case .operation(_, _, let left, let right, _):
      collect(left, &names)
      collect(right, &names)
    case .values: break
    }
  }

  private static func collect(_ item: TableExpression, _ names: inout [String]) {
    switch item {
    case .table(let table):
      let name = table.parts.map(\.name).joined(separator: ".")
      if !names.contains(name) { names.append(name) }
    case .derived(let query, _, _, _): collect(query, &names)
    case .join(let join):
      collect(join.left, &names)
      collect(join.right, &names)
    }
  }
}
