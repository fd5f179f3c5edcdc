import CleanRoomModel
import CleanRoomPolicy

/// Prints the query that joins the gathered tables, aggregates, applies the thresholds and orders the result.
struct CombinationBuilder {
  let query: ApprovedQuery
  let fragments: [Fragment]
  /// Conditions that need columns of several tables.
  let filter: [ResolvedExpression]

  func build() -> Combination {
    let output = query.output.map { ResultColumn(name: $0.name, type: $0.expression.type) }
    let sql =
      switch query.shape {
      case .aggregation(let grouping): aggregation(grouping)
      case .list: list()
      // `CustomPlanner` prints these.
      case .custom: "missing"
      }
    return Combination(sql: sql, output: output)
  }

  // MARK: Rows before grouping

  private func valueName(_ reference: ColumnReference) -> String { name(reference) { !$0.isToken } }
  private func tokenName(_ reference: ColumnReference) -> String { name(reference) { $0.isToken } }

  /// What counts distinct values of the column: its tokens where they travel, otherwise its values.
  private func identityName(_ reference: ColumnReference) -> String { name(reference) { _ in true } }

  private func name(_ reference: ColumnReference, _ accepts: (ColumnUse) -> Bool) -> String {
    let fragment = fragments[reference.table]
    let found = fragment.columns.first { $0.column == reference.name && accepts($0.use) }
    // `ColumnNeeds` walked the same expressions; an unknown name makes the engine refuse, never disclose.
    return "\(fragment.gatheredTable).\(found?.gatheredName ?? "missing")"
  }

  private var joinedRows: String {
    var text = " FROM \(fragments[0].gatheredTable)"
    for (index, condition) in query.joins.enumerated() {
      text += " JOIN \(fragments[index + 1].gatheredTable) ON \(joinText(condition))"
    }
    let expression = EngineExpression(column: valueName)
    let conditions = filter.map { expression.text($0) }
    return conditions.isEmpty ? text : text + " WHERE " + conditions.joined(separator: " AND ")
  }

  private func joinText(_ condition: JoinCondition) -> String {
    switch condition {
    case .equal(let left, let right): "\(tokenName(left)) = \(tokenName(right))"
    case .and(let parts): "(" + parts.map(joinText).joined(separator: " AND ") + ")"
    case .or(let parts): "(" + parts.map(joinText).joined(separator: " OR ") + ")"
    }
  }

  // MARK: LIST

  private func list() -> String {
    let expression = EngineExpression(column: valueName)
    let columns = query.output.enumerated().map { "\(keyText($1.expression, expression)) AS o\($0)" }
    let rows = "SELECT DISTINCT \(columns.joined(separator: ", "))\(joinedRows)"
    return "SELECT \(outputNames) FROM (\(rows)) AS listed ORDER BY \(tieBreakers())\(limit)"
  }

  // MARK: AGGREGATION

  private func aggregation(_ grouping: [ResolvedExpression]) -> String {
    var pieces = AggregatePieces()
    let grouped = GroupedExpression(grouping: grouping)
    let outputs = query.output.map { grouped.text($0.expression, &pieces, aggregateText) }
    let having = query.having.map { grouped.text($0, &pieces, aggregateText) }
    let keys = query.order.map { grouped.text($0.expression, &pieces, aggregateText) }
    var conditions = query.thresholds.map {
      "\(pieces.countDistinct(identityName($0.column))) >= \($0.minimum)"
    }
    if let having { conditions.append(having) }
    let released =
      "SELECT \(released(outputs, keys)) FROM (\(groupedRows(grouping, pieces))) AS grouped"
      + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
    return "SELECT \(outputNames) FROM (\(released)) AS released ORDER BY \(orderText)\(limit)"
  }

  private func aggregateText(
    _ pieces: inout AggregatePieces, _ function: AggregateFunction, _ reference: ColumnReference,
    _ argument: ColumnType, _ result: ColumnType
  ) -> String {
    let counts = function == .count || function == .countDistinct
    let column = counts ? identityName(reference) : valueName(reference)
    return pieces.value(function, of: column, argument: argument, result: result)
  }

  private func groupedRows(_ grouping: [ResolvedExpression], _ pieces: AggregatePieces) -> String {
    let expression = EngineExpression(column: valueName)
    let keys = grouping.enumerated().map { "\(keyText($1, expression)) AS g\($0)" }
    let aggregates = pieces.expressions.enumerated().map { "\($1) AS a\($0)" }
    let columns = (keys + aggregates).joined(separator: ", ")
    let ordinals = grouping.indices.map { String($0 + 1) }.joined(separator: ", ")
    return "SELECT \(columns)\(joinedRows)" + (grouping.isEmpty ? "" : " GROUP BY \(ordinals)")
  }

  /// What tells rows apart. Zero and minus zero are one value, so they are given one spelling.
  private func keyText(_ key: ResolvedExpression, _ expression: EngineExpression) -> String {
    let text = expression.text(key)
    return key.type == .real || key.type == .double
      ? "(\(text) + CAST(0 AS \(EngineText.type(key.type))))" : text
  }

  private func released(_ outputs: [String], _ keys: [String]) -> String {
    let columns = zip(outputs, query.output).enumerated().map { index, pair in
      "TRY_CAST(\(pair.0) AS \(EngineText.type(pair.1.expression.type))) AS o\(index)"
    }
    return (columns + keys.enumerated().map { "\($1) AS s\($0)" }).joined(separator: ", ")
  }

  // MARK: Order

  private var outputNames: String { query.output.indices.map { "o\($0)" }.joined(separator: ", ") }

  private var orderText: String {
    let keys = query.order.enumerated().map { index, key in
      "s\(index) \(key.descending ? "DESC" : "ASC") NULLS \(key.nullsFirst ? "FIRST" : "LAST")"
    }
    return (keys + [tieBreakers()]).joined(separator: ", ")
  }

  /// Every output column in turn, so that equal data gives equal bytes whatever the order of arrival.
  private func tieBreakers() -> String {
    query.output.indices.map { "o\($0) ASC NULLS FIRST" }.joined(separator: ", ")
  }

  private var limit: String { query.limit.map { " LIMIT \($0)" } ?? "" }
}

/// Prints an expression over grouped rows: grouping expressions by their name, aggregates from their pieces.
struct GroupedExpression {
  typealias AggregateText = (
    inout AggregatePieces, AggregateFunction, ColumnReference, ColumnType, ColumnType
  ) -> String

  let grouping: [ResolvedExpression]

  func text(
    _ expression: ResolvedExpression, _ pieces: inout AggregatePieces, _ aggregate: AggregateText
  ) -> String {
    var named: [ColumnReference: String] = [:]
    let rewritten = rewrite(expression, &pieces, aggregate, &named)
    return EngineExpression { named[$0] ?? "missing" }.text(rewritten)
  }

  /// Replaces grouping expressions and aggregates by references to the columns of the grouped rows.
  private func rewrite(
    _ expression: ResolvedExpression, _ pieces: inout AggregatePieces, _ aggregate: AggregateText,
    _ named: inout [ColumnReference: String]
  ) -> ResolvedExpression {
    if let index = grouping.firstIndex(of: expression) {
      return placeholder("g\(index)", expression.type, &named)
    }
    if case .aggregate(let function, let reference, let argument, let result) = expression {
      return placeholder(aggregate(&pieces, function, reference, argument, result), result, &named)
    }
    return expression.mapChildren { rewrite($0, &pieces, aggregate, &named) }
  }

  private func placeholder(_ text: String, _ type: ColumnType, _ named: inout [ColumnReference: String])
    -> ResolvedExpression
  {
    let reference = ColumnReference(table: -1, name: text)
    named[reference] = text
    return .column(reference, type)
  }
}
