import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// One SELECT, layer by layer: rows, groups, windows, output.
extension CustomPrinter {
  /// - Returns: the text, and the names of the columns that hold ORDER BY's expressions.
  mutating func text(of select: SelectBody, _ body: QueryBody, isOrdered: Bool) -> (String, keys: [String]) {
    let demanded = (uses.demand[body.id] ?? []).sorted()
    var sorting: [ResolvedExpression] = []
    if isOrdered {
      for key in body.order { if case .expression(let expression) = key.target { sorting.append(expression) } }
    }
    let upper = demanded.map { select.output[$0] } + sorting
    let depth = layers.count
    defer { layers.removeSubrange(depth...) }
    var source = rows(of: select)
    if case .none = select.grouping {} else { source = grouped(source, select, upper) }
    let windows = upper.flatMap(\.windowCalls)
    if !windows.isEmpty { source = windowed(source, windows, upper, select) }
    var columns = demanded.flatMap { output($0, select, body) }
    var keys: [String] = []
    for expression in sorting {
      keys.append("s\(keys.count)")
      columns.append("\(text(expression)) AS s\(keys.count - 1)")
    }
    let list = columns.isEmpty ? "1 AS one" : columns.joined(separator: ", ")
    return ("SELECT \(select.isDistinct ? "DISTINCT " : "")\(list)\(source)", keys)
  }

  private mutating func rows(of select: SelectBody) -> String {
    var text = select.from.map { " FROM \(self.text(of: $0))" } ?? ""
    let conditions = select.filter.map { self.text($0) }
    if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
    return text
  }

  private mutating func output(_ index: Int, _ select: SelectBody, _ body: QueryBody) -> [String] {
    let expression = select.output[index]
    let type = body.columnTypes[index]
    guard case .column(let reference, _) = expression else {
      let value = "TRY_CAST(\(text(expression)) AS \(EngineText.type(type)))"
      return ["\(select.isDistinct ? Self.keyText(value, type) : value) AS c\(index)"]
    }
    let form = forms.form(of: body.column(index))
    let value = form.value ? text(expression) : ""
    return (form.value ? ["\(select.isDistinct ? Self.keyText(value, type) : value) AS c\(index)"] : [])
      + (form.token ? ["\(tokenText(reference)) AS k\(index)"] : [])
  }

  // MARK: Groups

  private mutating func grouped(_ source: String, _ select: SelectBody, _ upper: [ResolvedExpression]) -> String {
    var layer = CustomLayer(alias: newName(), relations: Set(select.from?.identifiers ?? []))
    var ordinals: [[Int]] = []
    for key in select.grouping.keys {
      let first = layer.columns.count
      add(key: key, to: &layer)
      ordinals.append(Array(first + 1..<layer.columns.count + 1))
    }
    for call in (upper + (select.having.map { [$0] } ?? [])).flatMap(\.aggregateCalls) {
      let arguments = call.arguments.map { call.kind == .count ? identityText($0) : text($0) }
      let filter = call.filter.map { " FILTER (WHERE \(text($0)))" } ?? ""
      layer.add(.aggregateCall(call), suffix: filter) {
        $0.value(
          call.kind, of: arguments, types: call.arguments.map(\.type), distinct: call.isDistinct, result: call.type)
      }
    }
    var conditions = select.thresholds.map { threshold in
      "\(layer.add(text: "count(DISTINCT \(identityText(threshold.identity)))")) >= \(threshold.minimum)"
    }
    let inner = "SELECT \(layer.list)\(source)\(groupBy(select.grouping, ordinals))"
    layers.append(layer)
    if let having = select.having { conditions.append(text(having)) }
    return " FROM (\(inner)) AS \(layer.alias)"
      + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
  }

  private mutating func add(key: ResolvedExpression, to layer: inout CustomLayer) {
    guard case .column(let reference, let type) = key else {
      layer.add(key, text: Self.keyText(text(key), key.type))
      return
    }
    let form = forms.form(of: reference)
    if form.value { layer.add(key, text: Self.keyText(text(key), type)) }
    if form.token { layer.add(token: reference, text: tokenText(reference)) }
  }

  private func groupBy(_ grouping: Grouping, _ ordinals: [[Int]]) -> String {
    switch grouping {
    case .none: return ""
    case .keys(let keys):
      return keys.isEmpty ? "" : " GROUP BY " + ordinals.joined().map(String.init).joined(separator: ", ")
    case .sets(_, let sets):
      let texts = sets.map { set in "(" + set.flatMap { ordinals[$0] }.map(String.init).joined(separator: ", ") + ")" }
      return " GROUP BY GROUPING SETS (\(texts.joined(separator: ", ")))"
    }
  }

  // MARK: Windows

  /// Windows are computed in a layer of their own, over named columns.
  private mutating func windowed(
    _ source: String, _ windows: [WindowCall], _ upper: [ResolvedExpression], _ select: SelectBody
  ) -> String {
    var layer: CustomLayer
    if case .none = select.grouping {
      layer = CustomLayer(alias: newName(), relations: Set(select.from?.identifiers ?? []))
      for reference in neededColumns(upper, of: layer.relations) { add(key: reference, plainly: &layer) }
      let rows = "SELECT \(layer.list)\(source)"
      layers.append(layer)
      return windowed(over: " FROM (\(rows)) AS \(layer.alias)", windows)
    }
    layer = layers[layers.count - 1]
    return windowed(over: source, windows)
  }

  private mutating func windowed(over source: String, _ windows: [WindowCall]) -> String {
    let below = layers[layers.count - 1]
    var layer = below.above(alias: newName())
    for window in windows { add(window, ties: below.tieBreakers, to: &layer) }
    layers.append(layer)
    return " FROM (SELECT \(layer.list)\(source)) AS \(layer.alias)"
  }

  private mutating func add(key column: ResolvedExpression, plainly layer: inout CustomLayer) {
    guard case .column(let reference, _) = column else { return }
    let form = forms.form(of: reference)
    if form.value { layer.add(column, text: text(column)) }
    if form.token { layer.add(token: reference, text: tokenText(reference)) }
  }

  /// Columns of these relations that expressions read, subqueries included; in a fixed order.
  private func neededColumns(_ expressions: [ResolvedExpression], of relations: Set<Int>) -> [ResolvedExpression] {
    var found: Set<ResolvedExpression> = []
    func visit(_ expression: ResolvedExpression) {
      if case .column(let reference, _) = expression, relations.contains(reference.table) { found.insert(expression) }
      for child in expression.children { visit(child) }
      if case .subquery(let test) = expression { for inside in test.body.allExpressions { visit(inside) } }
    }
    for expression in expressions { visit(expression) }
    return found.sorted { left, right in
      guard case .column(let first, _) = left, case .column(let second, _) = right else { return false }
      return (first.table, first.name) < (second.table, second.name)
    }
  }
}

extension ResolvedExpression {
  var aggregateCalls: [AggregateCall] {
    if case .aggregateCall(let call) = self { return [call] }
    return children.flatMap(\.aggregateCalls)
  }

  var windowCalls: [WindowCall] {
    if case .windowCall(let call) = self { return [call] }
    return children.flatMap(\.windowCalls)
  }
}
