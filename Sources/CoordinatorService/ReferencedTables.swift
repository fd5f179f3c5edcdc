import CleanRoomSQL

/// The names in the FROM clauses of a query, whatever the rules say about it: whose tables it was meant to
/// read.
enum ReferencedTables {
  /// In text order; none for text that is no query.
  static func names(in sql: String) -> [String] {
    guard let query = try? SQLParser.parse(sql) else { return [] }
    var names: [String] = []
    collect(query, &names)
    return names
  }

  // The parser bounds how deep this can go.
  private static func collect(_ query: Query, _ names: inout [String]) {
    for table in query.with { collect(table.query, &names) }
    collect(query.body, &names)
  }

  private static func collect(_ body: SetExpression, _ names: inout [String]) {
    switch body {
    case .select(let select):
      for table in select.from { collect(table, &names) }
    case .nested(let query): collect(query, &names)
    case .operation(_, _, let left, let right, _):
      collect(left, &names)
      collect(right, &names)
    case .values: break
    }
  }

  private static func collect(_ table: TableExpression, _ names: inout [String]) {
    switch table {
    case .table(let name): if let last = name.parts.last?.name, name.parts.count == 1 { names.append(last) }
    case .derived(let query, _, _, _): collect(query, &names)
    case .join(let join):
      collect(join.left, &names)
      collect(join.right, &names)
    }
  }
}
