import CleanRoomSQL

/// Queries and SELECT of the direct reading.
extension ReferenceCustomPolicy {
  typealias Rows = ReferenceRows
  typealias Scope = [[ReferenceRows.Column]]

  // MARK: Queries

  mutating func rows(
    _ query: Query, _ common: [String: CommonTableExpression], _ outer: Scope, isOutermost: Bool = false
  )
    -> Rows
  {
    var common = common
    for table in query.with {
      // Used or not, it is part of the query.
      _ = rows(table.query, common, [])
      common[table.name.name] = table
    }
    if query.offset != nil { constructs.insert("OFFSET") }
    var result: Rows
    if case .select(let select) = query.body {
      result = rows(select, query.order, common, outer, isOutermost: isOutermost)
    } else {
      result = rows(query.body, common, outer)
    }
    if query.limit != nil || query.offset != nil, !isOutermost, !result.carried.isEmpty { exposures += 1 }
    return result
  }

  private mutating func rows(_ body: SetExpression, _ common: [String: CommonTableExpression], _ outer: Scope) -> Rows {
    switch body {
    case .select(let select): return rows(select, [], common, outer, isOutermost: false)
    case .nested(let query): return rows(query, common, outer)
    case .values: return Rows()
    case .operation(let operation, let all, let left, let right, _):
      if operation != .union { constructs.insert(operation.rawValue) }
      let sides = [rows(left, common, outer), rows(right, common, outer)]
      exposures += sides.flatMap(\.carried).count
      var result = Rows(columns: sides[0].columns, everything: sides[0].everything.union(sides[1].everything))
      for index in result.columns.indices {
        let other = sides[1].columns[index].value
        result.columns[index].value.made.formUnion(other.made)
        result.columns[index].value.all.formUnion(other.all)
        result.columns[index].value.isBare =
          result.columns[index].value.isBare && other.isBare && !result.columns[index].value.isConstant
          && !other.isConstant
        result.columns[index].value.isConstant = false
        result.columns[index].value.mayBeConstant = result.columns[index].value.mayBeConstant || other.mayBeConstant
        result.columns[index].value.counts = result.columns[index].value.counts || other.counts
        if operation != .union { compare([sides[0].columns[index].value, other]) }
        if !(operation == .union && all) { compared.formUnion(result.columns[index].value.made) }
      }
      return result
    }
  }

  // MARK: SELECT

  private mutating func rows(
    _ select: Select, _ order: [OrderItem], _ common: [String: CommonTableExpression], _ outer: Scope, isOutermost: Bool
  ) -> Rows {
    var from = Rows()
    var equal: [(String, String)] = []
    for item in select.from {
      let next = source(item, common, outer)
      from.columns += next.rows.columns
      from.carried += next.rows.carried
      from.everything.formUnion(next.rows.everything)
      equal += next.equal
    }
    var reader = ReferenceCustomReader(policy: self, common: common, scope: outer + [from.columns])
    if let filter = select.filter {
      from.everything.formUnion(reader.value(filter).all)
      equal += reader.equalities(filter)
    }
    var result = Rows()
    for item in select.items {
      let value = reader.value(item.expression)
      result.columns.append(.init(qualifier: nil, name: item.alias?.name ?? "", value: value))
    }
    let having = select.having.map { reader.value($0) }
    let keys = reader.keys(select, result)
    let sorting = isOutermost ? order.filter { !names($0.expression, result) }.map { reader.value($0.expression) } : []
    result.judged = (having.map { [$0] } ?? []) + sorting
    self = reader.policy
    let values = result.columns.map(\.value)
    result.everything = (values + keys + (having.map { [$0] } ?? [])).reduce(from.everything) { $0.union($1.all) }
    for value in keys + (select.isDistinct ? values : []) { compared.formUnion(value.made) }
    let computed = (values + (having.map { [$0] } ?? [])).flatMap(\.computed)
    if !Set(["MIN", "MAX"]).isDisjoint(with: computed),
      Set(["AVG", "COUNT", "SUM"]).isDisjoint(with: values.flatMap(\.computed))
    {
      extremesAlone = true
    }
    let isGrouped = !select.grouping.isEmpty || having != nil || values.contains(where: \.hasAggregate)
    place(from, &result, keys, equal, select, isGrouped: isGrouped, isOutermost: isOutermost)
    return result
  }

  /// ORDER BY a column of the result, by its name or its place.
  private func names(_ expression: Expression, _ result: Rows) -> Bool {
    switch expression.node {
    case .literal(.integer): true
    case .column(nil, let name): result.columns.contains { $0.name == name.name }
    default: false
    }
  }

  /// Rows of one person stay that person's; a group of several has to be large enough.
  private mutating func place(
    _ from: Rows, _ result: inout Rows, _ keys: [ReferenceValueOfCustom], _ equal: [(String, String)],
    _ select: Select, isGrouped: Bool, isOutermost: Bool
  ) {
    guard !from.carried.isEmpty else { return }
    let hasWindow = result.columns.contains(where: \.value.hasWindow)
    if hasWindow, !isGrouped { exposures += 1 }
    guard isGrouped || select.isDistinct else {
      result.carried = from.carried
      return
    }
    let keys = isGrouped ? keys : result.columns.map(\.value)
    for carried in from.carried {
      let key = keys.first { key in
        key.form == carried.form
          || equal.contains { ($0, $1) == (key.form, carried.form) || ($1, $0) == (key.form, carried.form) }
      }
      if let key {
        result.carried.append(.init(table: carried.table, form: key.form, path: carried.path))
        continue
      }
      let place = "\(select.span.start.offset):\(carried.path)"
      minima[place] = (carried.table, isOutermost)
      if isWholeCount(select), !carried.path.contains("/") { wholeCounts.insert(place) }
    }
    // Windows over groups see those that are large enough.
    if isGrouped, select.isDistinct || hasWindow, !result.carried.isEmpty { exposures += 1 }
  }

  /// "Not enforced on COUNT … over a single table with neither grouping nor join."
  private func isWholeCount(_ select: Select) -> Bool {
    guard select.from.count == 1, case .table = select.from[0], select.filter == nil, select.having == nil,
      select.grouping.isEmpty
    else { return false }
    return select.items.allSatisfy { item in
      guard case .function(let call) = item.expression.node, call.name.name == "count", call.filter == nil,
        call.window == nil, let argument = call.arguments.first
      else { return false }
      switch argument.node {
      case .star, .column, .literal: return true
      default: return false
      }
    }
  }
}

extension ReferenceCustomPolicy {
  /// "Compares any other column to a literal value"; "uses any other column in a column-to-column comparison".
  mutating func compare(_ operands: [ReferenceValueOfCustom]) {
    let constant = operands.map { $0.mayBeConstant || $0.isConstant }
    let varying = operands.map { !$0.all.isEmpty || $0.counts }
    for (index, operand) in operands.enumerated() {
      let others = operands.indices.filter { $0 != index }
      if others.contains(where: { constant[$0] }) { literals.formUnion(operand.made) }
      if others.contains(where: { varying[$0] }) || operand.made.count > 1 { compared.formUnion(operand.made) }
    }
  }
}
