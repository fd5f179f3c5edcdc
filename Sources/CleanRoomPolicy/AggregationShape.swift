import CleanRoomModel
import CleanRoomSQL

/// The shape of a query over AGGREGATION tables, LIST tables among them or not.
extension QueryChecker {
  mutating func aggregation(_ select: Select, _ query: Query) -> ApprovedParts? {
    let items = items(of: select)
    let filter = filter(of: select)
    let grouping = grouping(of: select, items)
    if let grouping { checkGrouped(items, select, grouping) }
    if !hasAggregate { refuse(.missingAggregate, ReasonText.noAggregate, at: select.span) }
    var having: ResolvedExpression?
    if let condition = select.having { having = self.having(condition, items) }
    let order = query.order.map { sortKey($0, items, grouping) }.compactMap { $0 }
    let limit = limit(of: query)
    guard let filter, let grouping, let output = output(items) else { return nil }
    return ApprovedParts(
      filter: filter, shape: .aggregation(grouping: grouping), output: output, having: having, order: order,
      limit: limit)
  }

  // MARK: GROUP BY

  private mutating func grouping(of select: Select, _ items: [SelectedItem]) -> [ResolvedExpression]? {
    var keys: SmallSet<ResolvedExpression> = []
    var isComplete = true
    for element in select.grouping {
      if let key = groupingKey(element, items) {
        keys.insert(key)
      } else {
        isComplete = false
      }
    }
    return isComplete ? keys.elements : nil
  }

  private mutating func groupingKey(_ element: GroupingElement, _ items: [SelectedItem])
    -> ResolvedExpression?
  {
    switch element {
    case .expression(let expression): return groupingKey(expression, items)
    case .rollup(_, let span): refuse(.unsupportedConstruct, ReasonText.notAccepted("ROLLUP"), at: span)
    case .cube(_, let span): refuse(.unsupportedConstruct, ReasonText.notAccepted("CUBE"), at: span)
    case .groupingSets(_, let span):
      refuse(.unsupportedConstruct, ReasonText.notAccepted("GROUPING SETS"), at: span)
    }
    return nil
  }

  private mutating func groupingKey(_ expression: Expression, _ items: [SelectedItem]) -> ResolvedExpression? {
    switch item(named: expression, among: items, in: .grouping) {
    case .refused: return nil
    case .none: return operand(expression, in: .grouping)
    case .item(let item):
      if !item.isAggregate { return item.expression }
      refuse(.groupingMismatch, ReasonText.groupedAggregate, at: expression.span)
      return nil
    }
  }

  private mutating func checkGrouped(
    _ items: [SelectedItem], _ select: Select, _ grouping: [ResolvedExpression]
  ) {
    let keys = SmallSet(grouping)
    let plain = items.filter { !$0.isAggregate && !$0.isConstant }
    for item in plain {
      guard let expression = item.expression, !keys.contains(expression) else { continue }
      refuse(
        .groupingMismatch, ReasonText.notGrouped(OutputName.text(item.source.expression)),
        at: item.source.expression.span)
    }
    // Groups are distinct by themselves as long as everything that tells them apart is shown.
    if select.isDistinct, !Set(grouping).isSubset(of: plain.compactMap(\.expression)) {
      refuse(.groupingMismatch, ReasonText.distinctGroups, at: select.span)
    }
  }

  // MARK: HAVING

  private mutating func having(_ expression: Expression, _ items: [SelectedItem]) -> ResolvedExpression? {
    switch expression.node {
    case .and(let parts): return havingParts(parts, items).map { .and($0) }
    case .or(let parts): return havingParts(parts, items).map { .or($0) }
    case .compare(let comparison, let left, let right) where comparison != .nullSafeEqual:
      return havingComparison(comparison, left, right, items, at: expression.span)
    case .between(let value, let low, let high, false):
      let lower = havingComparison(.greaterOrEqual, value, low, items, at: expression.span)
      let upper = havingComparison(.lessOrEqual, value, high, items, at: expression.span)
      guard let lower, let upper else { return nil }
      return .and([lower, upper])
    default:
      refuse(.unsupportedConstruct, ReasonText.having, at: expression.span)
      return nil
    }
  }

  private mutating func havingParts(_ parts: [Expression], _ items: [SelectedItem]) -> [ResolvedExpression]? {
    let resolved = parts.map { having($0, items) }
    let known = resolved.compactMap { $0 }
    return known.count == parts.count ? known : nil
  }

  private mutating func havingComparison(
    _ comparison: ComparisonOperator, _ left: Expression, _ right: Expression, _ items: [SelectedItem],
    at span: SourceSpan
  ) -> ResolvedExpression? {
    if let number = number(left), let aggregate = havingAggregate(right, items) {
      return aligned(comparison, number, aggregate, at: span)
    }
    if let number = number(right), let aggregate = havingAggregate(left, items) {
      return aligned(comparison, aggregate, number, at: span)
    }
    guard number(left) == nil, number(right) == nil else { return nil }
    refuse(.unsupportedConstruct, ReasonText.having, at: span)
    return nil
  }

  private func number(_ expression: Expression) -> ResolvedExpression? {
    let literal: TypedLiteral? =
      switch expression.node {
      case .literal(let literal): LiteralReader.read(literal)
      case .negate(let inner):
        if case .literal(let literal) = inner.node {
          LiteralReader.read(literal, isNegative: true)
        } else {
          nil
        }
      default: nil
      }
    guard let literal, literal.type.isNumeric else { return nil }
    return .literal(literal)
  }

  private mutating func havingAggregate(_ expression: Expression, _ items: [SelectedItem])
    -> ResolvedExpression?
  {
    if Self.aggregateName(expression) != nil { return aggregate(expression, in: .having) }
    switch item(named: expression, among: items, in: .having) {
    case .item(let item) where item.isAggregate: return item.expression
    case .refused: return nil
    case .item, .none:
      refuse(.unsupportedConstruct, ReasonText.having, at: expression.span)
      return nil
    }
  }

  private mutating func aligned(
    _ comparison: ComparisonOperator, _ left: ResolvedExpression, _ right: ResolvedExpression,
    at span: SourceSpan
  ) -> ResolvedExpression? {
    if let aligned = Coercion.align(left, right) { return .compare(comparison, aligned.0, aligned.1) }
    refuse(.typeMismatch, ReasonText.incomparable([left, right]), at: span)
    return nil
  }

  // MARK: ORDER BY

  private mutating func sortKey(
    _ order: OrderItem, _ items: [SelectedItem], _ grouping: [ResolvedExpression]?
  )
    -> SortKey?
  {
    guard let expression = ordering(order.expression, items, grouping) else { return nil }
    // Spark: NULLs come first ascending and last descending.
    return SortKey(
      expression: expression, descending: order.descending, nullsFirst: order.nullsFirst ?? !order.descending)
  }

  private mutating func ordering(
    _ expression: Expression, _ items: [SelectedItem], _ grouping: [ResolvedExpression]?
  ) -> ResolvedExpression? {
    switch item(named: expression, among: items, in: .order) {
    case .item(let item): return item.expression
    case .refused: return nil
    case .none: break
    }
    if Self.aggregateName(expression) != nil { return aggregate(expression, in: .order) }
    guard let value = operand(expression, in: .order) else { return nil }
    if case .literal = value { return value }
    if let grouping, !grouping.contains(value) {
      refuse(.groupingMismatch, ReasonText.notGrouped(OutputName.text(expression)), at: expression.span)
      return nil
    }
    return value
  }
}
