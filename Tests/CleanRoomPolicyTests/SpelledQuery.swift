import CleanRoomModel
import CleanRoomSQL

@testable import CleanRoomPolicy

/// The tree of an approved CUSTOM query as a text much like SQL: relations are `r1`, `r2`, …, their columns `r1.name`.
struct SpelledQuery {
  /// Names of the query's tables.
  let tables: [String]

  static func text(_ query: ApprovedQuery) -> [String] {
    guard case .custom(let custom) = query.shape else { return [] }
    let spelled = SpelledQuery(tables: query.tables.map(\.name))
    let common = custom.commonTables.enumerated().map { "common \($0.offset): \(spelled.body($0.element))" }
    return common + [spelled.body(custom.body)]
  }

  func body(_ body: QueryBody) -> String {
    var text =
      switch body.rows {
      case .select(let select): self.select(select)
      case .values(let rows): "VALUES " + rows.map { "(\(list($0)))" }.joined(separator: ", ")
      case .operation(let operation, let all, let left, let right):
        "(\(self.body(left))) \(operation.rawValue)\(all ? " ALL" : "") (\(self.body(right)))"
          + " AS \(body.columnTypes.map { "\($0)" }.joined(separator: ", "))"
      }
    if !body.order.isEmpty { text += " ORDER BY " + body.order.map(key).joined(separator: ", ") }
    if let limit = body.limit { text += " LIMIT \(limit)" }
    if let offset = body.offset { text += " OFFSET \(offset)" }
    return text
  }

  private func select(_ select: SelectBody) -> String {
    var text = "SELECT \(select.isDistinct ? "DISTINCT " : "")\(list(select.output))"
    if let from = select.from { text += " FROM \(relation(from))" }
    if !select.filter.isEmpty { text += " WHERE " + select.filter.map(value).joined(separator: " AND ") }
    switch select.grouping {
    case .none: break
    case .keys(let keys): text += " GROUP BY \(keys.isEmpty ? "()" : list(keys))"
    case .sets(let keys, let sets):
      let spelled = sets.map { set in "(\(set.map(String.init).joined(separator: ", ")))" }
      text += " GROUP BY \(list(keys)) IN SETS \(spelled.joined(separator: ", "))"
    }
    if let having = select.having { text += " HAVING \(value(having))" }
    for threshold in select.thresholds {
      text +=
        " AT LEAST \(threshold.minimum) \(tables[threshold.table]).\(threshold.column) BY \(value(threshold.identity))"
    }
    return text
  }

  private func relation(_ relation: Relation) -> String {
    switch relation {
    case .scan(let id, let table): return "\(tables[table]) r\(id)"
    case .derived(let id, let body): return "(\(self.body(body))) r\(id)"
    case .common(let id, let index): return "common \(index) r\(id)"
    case .join(let kind, let left, let right, let on):
      let condition = on.map { " ON \(value($0))" } ?? ""
      return "(\(self.relation(left)) \(kind.rawValue) JOIN \(self.relation(right))\(condition))"
    }
  }

  private func key(_ key: BodySortKey) -> String {
    let target =
      switch key.target {
      case .column(let index): "#\(index)"
      case .expression(let expression): value(expression)
      }
    return target + direction(key.descending, key.nullsFirst)
  }

  private func direction(_ descending: Bool, _ nullsFirst: Bool) -> String {
    (descending ? " DESC" : "") + (nullsFirst ? " NULLS FIRST" : " NULLS LAST")
  }

  // MARK: Expressions

  private func list(_ expressions: [ResolvedExpression]) -> String {
    expressions.map(value).joined(separator: ", ")
  }

  private func value(_ expression: ResolvedExpression) -> String {
    expression.spelled(inside: self)
  }

  /// What only CUSTOM queries have.
  func special(_ expression: ResolvedExpression) -> String {
    switch expression {
    case .caseWhen(let branches, let otherwise, let type):
      let parts = branches.map { " WHEN \(value($0.condition)) THEN \(value($0.result))" }.joined()
      return "CASE\(parts)\(otherwise.map { " ELSE \(value($0))" } ?? "") END \(type)"
    case .isBoolean(let inner, let truth, let negated):
      return "\(value(inner)) IS \(negated ? "NOT " : "")\(truth ? "TRUE" : "FALSE")"
    case .isDistinct(let left, let right, let negated):
      return "\(value(left)) IS \(negated ? "NOT " : "")DISTINCT FROM \(value(right))"
    case .aggregateCall(let call):
      let filter = call.filter.map { " FILTER (\(value($0)))" } ?? ""
      return "\(call.kind.rawValue)(\(call.isDistinct ? "DISTINCT " : "")\(list(call.arguments)))\(filter) \(call.type)"
    case .windowCall(let call): return window(call)
    case .subquery(.scalar(let body, let type)): return "(\(self.body(body))) \(type)"
    case .subquery(.exists(let body)): return "EXISTS (\(self.body(body)))"
    case .subquery(.contains(let operands, let body, let negated)):
      return "(\(list(operands))) \(negated ? "NOT " : "")IN (\(self.body(body)))"
    default: return expression.spelled
    }
  }

  private func window(_ call: WindowCall) -> String {
    var parts: [String] = []
    if !call.partition.isEmpty { parts.append("PARTITION BY \(list(call.partition))") }
    let order = call.order.map { value($0.expression) + direction($0.descending, $0.nullsFirst) }
    if !order.isEmpty { parts.append("ORDER BY " + order.joined(separator: ", ")) }
    if let frame = call.frame { parts.append("\(frame.unit) \(bound(frame.start)) TO \(bound(frame.end))") }
    let kind: String = if case .aggregate(let kind) = call.kind { kind.rawValue } else { "\(call.kind)" }
    return "\(kind)(\(list(call.arguments))) OVER (\(parts.joined(separator: " "))) \(call.type)"
  }

  private func bound(_ bound: WindowCall.Bound) -> String {
    switch bound {
    case .preceding(let distance): "\(ResolvedExpression.literal(distance).spelled) PRECEDING"
    case .following(let distance): "\(ResolvedExpression.literal(distance).spelled) FOLLOWING"
    case .unboundedPreceding, .currentRow, .unboundedFollowing: "\(bound)"
    }
  }
}
