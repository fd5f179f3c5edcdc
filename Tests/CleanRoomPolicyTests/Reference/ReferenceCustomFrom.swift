import CleanRoomSQL

/// FROM of the direct reading.
extension ReferenceCustomPolicy {
  mutating func source(_ item: TableExpression, _ common: [String: CommonTableExpression], _ outer: Scope)
    -> (rows: Rows, equal: [(String, String)])
  {
    switch item {
    case .table(let name):
      let alias = name.alias?.name ?? name.parts[0].name
      if let table = common[name.parts[0].name] {
        let inner = rows(
          table.query, common.filter { $0.value.name.span.start.offset < table.name.span.start.offset }, [])
        var result = relation(inner, alias, table.columns, at: name.span)
        result.everything = inner.everything
        return (result, [])
      }
      return (table(name, alias), [])
    case .derived(let query, let alias, let columns, let span):
      let inner = rows(query, common, [])
      var result = relation(inner, alias?.name ?? "", columns, at: span)
      result.everything = inner.everything
      return (result, [])
    case .join(let join): return joined(join, common, outer)
    }
  }

  private mutating func table(_ name: TableName, _ alias: String) -> Rows {
    guard let published = context.tables.first(where: { $0.name == name.parts[0].name }),
      case .custom(let rule)? = published.rule
    else {
      refuse()
      return Rows()
    }
    let known = ReferenceCustomRule(rule: rule, columns: published.columns)
    rules[published.name] = known
    scans.insert("\(name.span.start.offset)")
    relations += 1
    var result = Rows()
    for column in published.columns {
      let base = ReferenceBase(table: published.name, name: column.name)
      let value = ReferenceValueOfCustom(
        made: [base], all: [base], form: "\(relations).\(column.name)", isBare: true)
      result.columns.append(.init(qualifier: alias, name: column.name, value: value))
    }
    if let identity = known.identity, published.columns.contains(where: { $0.name == identity }) {
      result.carried = [
        .init(table: published.name, form: "\(relations).\(identity)", path: "\(name.span.start.offset)")
      ]
    }
    return result
  }

  /// A query's columns under new names; its identities are where they were among them, or hidden.
  private mutating func relation(_ inner: Rows, _ alias: String, _ names: [Identifier], at span: SourceSpan) -> Rows {
    relations += 1
    var result = Rows()
    for (index, column) in inner.columns.enumerated() {
      var value = ReferenceValueOfCustom(made: column.value.made, all: column.value.all)
      value.form = "\(relations).c\(index)"
      value.mayBeConstant = column.value.mayBeConstant
      value.counts = column.value.counts
      // A constant beside rows could mask them as CASE does.
      value.isBare = column.value.isBare && !column.value.isConstant
      let name = names.indices.contains(index) ? names[index].name : column.name
      result.columns.append(.init(qualifier: alias, name: name, value: value))
    }
    result.carried = inner.carried.map { carried in
      let shown = inner.columns.firstIndex { $0.value.form == carried.form }.map { "c\($0)" } ?? "h" + carried.form
      return .init(
        table: carried.table, form: "\(relations).\(shown)", path: "\(span.start.offset)/\(carried.path)")
    }
    return result
  }

  /// The one column stands for both; it is the left one unless that may be NULL.
  private func merge(
    _ name: String, _ sides: [ReferenceValueOfCustom], _ kind: JoinKind, _ result: inout Rows, _ leftCount: Int
  ) {
    let (kept, other) = kind == .right ? (1, 0) : (0, 1)
    guard [.inner, .left, .right].contains(kind) else { return }
    let range = kept == 0 ? 0..<leftCount : leftCount..<result.columns.count
    for index in range where result.columns[index].name == name {
      result.columns[index].value.all.formUnion(sides[other].all)
    }
  }

  private mutating func joined(_ join: Join, _ common: [String: CommonTableExpression], _ outer: Scope)
    -> (rows: Rows, equal: [(String, String)])
  {
    let (left, right) = (source(join.left, common, outer), source(join.right, common, outer))
    var result = Rows(
      columns: left.rows.columns + right.rows.columns, carried: left.rows.carried + right.rows.carried,
      everything: left.rows.everything.union(right.rows.everything))
    var equal = join.kind == .inner || join.kind == .cross ? left.equal + right.equal : []
    switch join.condition {
    case .none: break
    case .using(let names):
      for name in names {
        let sides = [left.rows, right.rows].compactMap { side in side.columns.first { $0.name == name.name }?.value }
        guard sides.count == 2 else { refuse(); continue }
        compare(sides)
        merge(name.name, sides, join.kind, &result, left.rows.columns.count)
        result.everything.formUnion(sides[0].all.union(sides[1].all))
        if join.kind == .inner { equal.append((sides[0].form, sides[1].form)) }
      }
    case .on(let condition):
      var reader = ReferenceCustomReader(policy: self, common: common, scope: outer + [result.columns])
      result.everything.formUnion(reader.value(condition).all)
      if join.kind == .inner { equal += reader.equalities(condition) }
      self = reader.policy
    }
    if join.kind == .leftSemi || join.kind == .leftAnti {
      constructs.insert(join.kind.rawValue)
      result.columns = left.rows.columns
    }
    return (result, equal)
  }
}
