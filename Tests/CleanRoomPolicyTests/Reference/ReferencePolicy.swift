import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// AGGREGATION and LIST once more, as the AWS Clean Rooms documentation words them: is the query permitted or not?
/// Shares nothing with the checker but the parser, gives no reasons, and reads every clause on its own.
struct ReferencePolicy {
  let context: PolicyContext
  let select: Select
  let query: Query
  var tables: [ReferenceTable] = []
  /// Column names that USING made one, with the table they are taken from.
  var merged: [String: Int] = [:]
  var equalities: [ReferenceEquality] = []

  static func permits(_ query: Query, _ context: PolicyContext) -> Bool {
    guard let (select, outer) = single(query), outer.with.isEmpty, outer.offset == nil, select.qualify == nil,
      select.windows.isEmpty
    else { return false }
    var reader = Self(context: context, select: select, query: outer)
    return reader.bindsTables() && reader.tablesAgree() && reader.limitIsPositive() && reader.filterIsPermitted()
      && (reader.tables.contains { $0.aggregation != nil } ? reader.isAggregation() : reader.isList())
  }

  private init(context: PolicyContext, select: Select, query: Query) {
    self.context = context
    self.select = select
    self.query = query
  }

  /// Parentheses around a whole query mean nothing.
  private static func single(_ query: Query) -> (Select, Query)? {
    switch query.body {
    case .select(let select): return (select, query)
    case .nested(let inner):
      let clauses = [query, inner].allSatisfy {
        $0.with.isEmpty && $0.order.isEmpty && $0.limit == nil && $0.offset == nil
      }
      return clauses ? single(inner) : nil
    case .values, .operation: return nil
    }
  }

  // MARK: FROM

  /// "SELECT … FROM t [INNER JOIN u ON cond] …": named tables of the collaboration, each once.
  private mutating func bindsTables() -> Bool {
    guard select.from.count == 1, let chain = Self.chain(select.from[0]) else { return false }
    for (name, join) in chain {
      let found = context.tables.filter { table in
        let written = name.parts[0]
        return written.isQuoted ? table.name == written.name : table.name.lowercased() == written.name
      }
      guard name.parts.count == 1, found.count == 1, let table = ReferenceTable(found[0], alias: name.alias),
        !tables.contains(where: { $0.published.name == table.published.name }),
        !tables.contains(where: { $0.exposed.lowercased() == table.exposed.lowercased() })
      else { return false }
      tables.append(table)
      if let join, !isSound(join) { return false }
    }
    return declaredFormsAgree()
  }

  private static func chain(_ item: TableExpression) -> [(TableName, Join?)]? {
    switch item {
    case .table(let name): return [(name, nil)]
    case .derived: return nil
    case .join(let join):
      guard let left = chain(join.left), case .table(let name) = join.right else { return nil }
      return left + [(name, join)]
    }
  }

  // MARK: The query as a whole

  /// "The most restrictive control wins": every table must be content.
  private func tablesAgree() -> Bool {
    let receiversAgree = tables.allSatisfy { table in
      guard let allowed = table.published.allowedResultReceivers else { return context.extended }
      return context.receivers.allSatisfy(allowed.contains)
    }
    let kinds = Set(tables.map { $0.aggregation != nil })
    let joinsAgree = tables.allSatisfy { table in
      guard table.mustMeetRunner else { return true }
      let others = tables.filter { $0.published.name != table.published.name }
      return others.contains { table.published.owner == context.runner || $0.published.owner == context.runner }
    }
    return receiversAgree && !context.receivers.isEmpty && (kinds.count == 1 || context.extended) && joinsAgree
      && tables.allSatisfy { $0.published.unavailable == nil && $0.hasThresholds }
  }

  private func limitIsPositive() -> Bool {
    guard let limit = query.limit else { return true }
    guard case .literal(.integer(let digits)) = limit.node, let number = Int(digits) else { return false }
    return number > 0
  }

  // MARK: LIST

  /// "SELECT DISTINCT column, … FROM … [WHERE cond] [LIMIT n]".
  private func isList() -> Bool {
    let items = select.items.map { value($0.expression, in: .select) }
    return select.isDistinct && select.grouping.isEmpty && select.having == nil && query.order.isEmpty
      && items.allSatisfy { $0 != nil && $0?.sort != .nothing } && items.contains { $0?.isConstant == false }
  }

  // MARK: AGGREGATION

  /// "SELECT agg(column), … [, {column | scalar(args)}] … [GROUP BY …] [HAVING …] [ORDER BY …]".
  private func isAggregation() -> Bool {
    let items = select.items.map(\.expression)
    let aggregates = items.filter(isAggregateCall)
    let plain = items.filter { !isAggregateCall($0) }.map { value($0, in: .select) }
    guard !aggregates.isEmpty, aggregates.allSatisfy({ aggregate($0) != nil }),
      plain.allSatisfy({ $0 != nil && $0?.sort != .nothing }), let groups = groups()
    else { return false }
    let shown = Set(plain.compactMap { $0 }.filter { !$0.isConstant }.map(\.form))
    guard shown.isSubset(of: groups), !select.isDistinct || groups.isSubset(of: shown) else { return false }
    return select.having.map(havingIsPermitted) ?? true
      && query.order.allSatisfy { orderIsPermitted($0.expression, groups) }
  }

  /// The grouping expressions' forms; a position or an alias stands for its item.
  private func groups() -> Set<String>? {
    var forms: Set<String> = []
    for element in select.grouping {
      guard case .expression(let written) = element, let expression = meant(by: written, in: .grouping),
        !isAggregateCall(expression), let value = value(expression, in: .grouping)
      else { return nil }
      forms.insert(value.form)
    }
    return forms
  }

  private func orderIsPermitted(_ written: Expression, _ groups: Set<String>) -> Bool {
    guard let expression = meant(by: written, in: .order) else { return false }
    if isAggregateCall(expression) { return aggregate(expression) != nil }
    guard let value = value(expression, in: .order) else { return false }
    return value.isConstant || groups.contains(value.form)
  }

  /// "allowed aggregate over one column compared with a numeric literal …, AND/OR".
  private func havingIsPermitted(_ condition: Expression) -> Bool {
    switch condition.node {
    case .and(let parts), .or(let parts): parts.allSatisfy(havingIsPermitted)
    case .compare(let comparison, let left, let right) where comparison != .nullSafeEqual:
      isMeasure(left) && isNumber(right) || isNumber(left) && isMeasure(right)
    case .between(let measure, let low, let high, false):
      isMeasure(measure) && isNumber(low) && isNumber(high)
        || isNumber(measure) && isMeasure(low) && isMeasure(high)
    default: false
    }
  }

  private func isMeasure(_ written: Expression) -> Bool {
    meant(by: written, in: .having).map { isAggregateCall($0) && aggregate($0) != nil } ?? false
  }

  private func isNumber(_ expression: Expression) -> Bool {
    switch expression.node {
    case .literal(.integer), .literal(.decimal), .literal(.double): true
    case .negate(let inner):
      switch inner.node {
      case .literal(.integer), .literal(.decimal), .literal(.double): true
      default: false
      }
    default: false
    }
  }
}
