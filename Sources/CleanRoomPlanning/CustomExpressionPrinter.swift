import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Expressions of a CUSTOM query in the engine's words.
extension CustomPrinter {
  mutating func text(_ expression: ResolvedExpression) -> String {
    // Subqueries need the printer itself, so they are printed first and found by the expression that holds them.
    var subqueries: [ResolvedExpression: String] = [:]
    prepare(expression, &subqueries)
    let printer = self
    return EngineExpression(
      column: { printer.valueText($0) },
      special: { printer.special($0) ?? subqueries[$0] }
    ).text(expression)
  }

  private mutating func prepare(_ expression: ResolvedExpression, _ found: inout [ResolvedExpression: String]) {
    if layerValue(of: expression) != nil { return }
    if case .subquery(let test) = expression {
      found[expression] = text(of: test)
      return
    }
    for child in expression.children { prepare(child, &found) }
  }

  /// What is printed otherwise than its parts say: what a layer below has computed, and equality of tokens.
  private func special(_ expression: ResolvedExpression) -> String? {
    if let known = layerValue(of: expression) { return known }
    switch expression {
    case .compare(let operation, let left, let right) where operation == .equal || operation == .notEqual:
      return tokens(left, right).map { "(\($0) \(operation.rawValue) \($1))" }
    case .isDistinct(let left, let right, let negated):
      return tokens(left, right).map { "(\($0) IS \(negated ? "NOT " : "")DISTINCT FROM \($1))" }
    case .isNull(.column(let reference, let type), let negated):
      return "(\(identityText(.column(reference, type))) IS \(negated ? "NOT " : "")NULL)"
    default: return nil
    }
  }

  private func tokens(_ left: ResolvedExpression, _ right: ResolvedExpression) -> (String, String)? {
    guard let first = left.comparedColumn, let second = right.comparedColumn, forms.form(of: first).token,
      forms.form(of: second).token
    else { return nil }
    return (tokenText(first), tokenText(second))
  }

  // MARK: Columns

  /// What the innermost layer over the expression's rows calls it. Columns are found in outer layers too.
  private func layerValue(of expression: ResolvedExpression) -> String? {
    if case .column(let reference, _) = expression {
      return layer(over: reference)?.value(of: expression)
    }
    return layers.last?.value(of: expression)
  }

  private func layer(over reference: ColumnReference) -> CustomLayer? {
    layers.last { $0.relations.contains(reference.table) }
  }

  func valueText(_ reference: ColumnReference) -> String {
    // Where a layer hides the relation, `layerValue` has answered; a wrong name makes the engine refuse, never disclose.
    guard let table = scans[reference.table] else { return "r\(reference.table).\(reference.name)" }
    return gathered(reference, table) { !$0.isToken }
  }

  func tokenText(_ reference: ColumnReference) -> String {
    if let layer = layer(over: reference) { return layer.token(of: reference) ?? "missing" }
    guard let table = scans[reference.table] else {
      return "r\(reference.table).k\(reference.name.dropFirst())"
    }
    let domain = forms.domain(of: reference, name: reference.name)
    return gathered(reference, table) {
      if case .token(domain, _) = $0 { return true }
      return false
    }
  }

  private func gathered(_ reference: ColumnReference, _ table: Int, _ accepts: (ColumnUse) -> Bool) -> String {
    let found = fragments[table].columns.first { $0.column == reference.name && accepts($0.use) }
    return "r\(reference.table).\(found?.gatheredName ?? "missing")"
  }

  /// What tells values apart: the token where it travels, otherwise the value.
  func identityText(_ expression: ResolvedExpression) -> String {
    if case .column(let reference, _) = expression, forms.form(of: reference).token { return tokenText(reference) }
    var printer = self
    return printer.text(expression)
  }

  // MARK: Subqueries

  private mutating func text(of test: SubqueryTest) -> String {
    switch test {
    case .exists(let body): return "EXISTS (\(text(of: body)))"
    case .scalar(let body, _):
      if body.hasOneRow { return "(\(text(of: body)))" }
      return "(SELECT CASE WHEN count(*) <= 1 THEN min(c0) END FROM (\(text(of: body))) AS b\(body.id))"
    case .contains(let operands, let body, let negated):
      return contains(operands, body, negated)
    }
  }

  private mutating func contains(_ operands: [ResolvedExpression], _ body: QueryBody, _ negated: Bool) -> String {
    let inside = text(of: body)
    var pairs: [(String, String)] = []
    for (index, operand) in operands.enumerated() {
      if let reference = operand.comparedColumn, forms.form(of: reference).token,
        forms.form(of: body.column(index)).token
      {
        pairs.append((tokenText(reference), "k\(index)"))
      } else {
        pairs.append((text(operand), "c\(index)"))
      }
    }
    guard pairs.count > 1 else {
      let rows = "SELECT \(pairs[0].1) FROM (\(inside)) AS b\(body.id)"
      return "(\(pairs[0].0) \(negated ? "NOT " : "")IN (\(rows)))"
    }
    // Rows of values, as SQL compares them: TRUE if one is equal, NULL if one could be.
    let match = pairs.map { "(\($0) = b\(body.id).\($1))" }.joined(separator: " AND ")
    let rows = "SELECT (\(match)) AS m FROM (\(inside)) AS b\(body.id)"
    let found = "CASE WHEN bool_or(m) THEN TRUE WHEN count(*) > count(m) THEN NULL ELSE FALSE END"
    return "(\(negated ? "NOT " : "")(SELECT \(found) FROM (\(rows)) AS m\(body.id)))"
  }
}

extension QueryBody {
  /// Aggregates over all rows give one.
  fileprivate var hasOneRow: Bool {
    guard case .select(let select) = rows, case .keys(let keys) = select.grouping else { return false }
    return keys.isEmpty && select.having == nil && select.thresholds.isEmpty && limit == nil && offset == nil
  }
}
