import CleanRoomModel
import CleanRoomSQL

/// GROUP BY, and what may stand over grouped rows.
extension CustomResolver {
  mutating func grouping(of select: Select, _ block: SelectBlock) -> Grouping? {
    let isAggregate =
      select.having != nil || (block.items.map(\.expression) + block.sorting.map(\.0)).contains(where: \.hasAggregate)
    guard !select.grouping.isEmpty else { return isAggregate ? .keys([]) : Grouping.none }
    var keys: [ResolvedExpression] = []
    /// One list of sets per element; the elements' sets are multiplied.
    var products: [[[Int]]] = []
    for element in select.grouping {
      guard let sets = sets(of: element, block, &keys) else { return nil }
      products.append(sets)
    }
    let hasSets = select.grouping.contains { if case .expression = $0 { false } else { true } }
    var sets: [[Int]] = [[]]
    for product in products {
      guard hasSets else { continue }
      guard sets.count * product.count <= Self.itemLimit else {
        refuse(.limitExceeded, ReasonText.tooManyItems("GROUP BY", Self.itemLimit), at: select.span)
        return nil
      }
      let parts = (left: sets.joined().count, right: product.joined().count)
      guard mayHold(parts.left * product.count + parts.right * sets.count, at: select.span) else { return nil }
      sets = sets.flatMap { left in product.map { right in left + right.filter { !left.contains($0) } } }
    }
    return hasSets ? .sets(keys: keys, sets) : .keys(keys)
  }

  private mutating func mayHold(_ count: Int, at span: SourceSpan) -> Bool {
    if count <= CustomLimits.groupingKeys { return true }
    refuse(.limitExceeded, ReasonText.tooManyItems("GROUP BY", CustomLimits.groupingKeys), at: span)
    return false
  }

  private mutating func sets(of element: GroupingElement, _ block: SelectBlock, _ keys: inout [ResolvedExpression])
    -> [[Int]]?
  {
    switch element {
    case .expression(let expression):
      return key(expression, block, &keys).map { [[$0]] }
    case .rollup(let expressions, let span):
      note("ROLLUP", at: span)
      guard mayHold(expressions.count * (expressions.count + 1) / 2, at: span) else { return nil }
      guard let indices = indices(expressions, block, &keys) else { return nil }
      return (0...indices.count).reversed().map { Array(indices.prefix($0)) }
    case .cube(let expressions, let span):
      note("CUBE", at: span)
      guard expressions.count <= 10 else {
        refuse(.limitExceeded, ReasonText.tooManyItems("CUBE", 10), at: span)
        return nil
      }
      guard let indices = indices(expressions, block, &keys) else { return nil }
      return (0..<(1 << indices.count)).reversed().map { mask in
        indices.enumerated().filter { mask & (1 << (indices.count - 1 - $0.offset)) != 0 }.map(\.element)
      }
    case .groupingSets(let written, let span):
      note("GROUPING SETS", at: span)
      let sets = written.compactMap { indices($0, block, &keys) }
      return sets.count == written.count ? sets : nil
    }
  }

  private mutating func indices(
    _ expressions: [Expression], _ block: SelectBlock, _ keys: inout [ResolvedExpression]
  ) -> [Int]? {
    let found = expressions.compactMap { key($0, block, &keys) }
    return found.count == expressions.count ? found : nil
  }

  private mutating func key(_ expression: Expression, _ block: SelectBlock, _ keys: inout [ResolvedExpression])
    -> Int?
  {
    guard let key = keyExpression(expression, block) else { return nil }
    if key.hasAggregate || key.hasWindow {
      refuse(.groupingMismatch, ReasonText.groupedAggregate, at: expression.span)
      return nil
    }
    note(distinction: key, at: expression.span)
    if let known = keys.firstIndex(of: key) { return known }
    keys.append(key)
    return keys.count - 1
  }

  private mutating func keyExpression(_ expression: Expression, _ block: SelectBlock) -> ResolvedExpression? {
    if case .literal(.integer(let digits)) = expression.node {
      if let position = Int(digits), block.items.indices.contains(position - 1) {
        let item = block.items[position - 1].expression
        return mayRepeat(item, at: expression.span) ? item : nil
      }
      refuse(.groupingMismatch, ReasonText.ordinal(.grouping, block.items.count), at: expression.span)
      return nil
    }
    // GROUP BY means columns before aliases, as in Spark.
    if case .column(nil, let name) = expression.node,
      scopes[scopes.count - 1].columns(named: name, of: nil).isEmpty,
      let alias = block.aliases[name.name.lowercased()]?.first
    {
      return mayRepeat(alias, at: expression.span) ? alias : nil
    }
    place = Place(clause: .grouping)
    return value(expression)
  }

  // MARK: Over grouped rows

  /// Outside aggregates everything must be a grouping expression, or made of them.
  mutating func checkGrouped(
    _ block: SelectBlock, _ grouping: Grouping, _ having: ResolvedExpression?, _ order: [BodySortKey],
    of relation: Relation?
  ) -> Bool {
    if case .none = grouping { return true }
    let check = GroupedCheck(keys: Set(grouping.keys), relations: Set(relation?.identifiers ?? []))
    for item in block.items where !check.accepts(item.expression) {
      refuse(.groupingMismatch, ReasonText.notGrouped(item.name), at: item.span)
    }
    if let having, !check.accepts(having) {
      refuse(.groupingMismatch, ReasonText.havingNotGrouped, at: nil)
    }
    for (expression, span) in block.sorting where !check.accepts(expression) {
      refuse(.groupingMismatch, ReasonText.notGrouped("ORDER BY"), at: span)
    }
    return reasons.isEmpty
  }
}

struct GroupedCheck {
  let keys: Set<ResolvedExpression>
  /// What the grouped rows were made of.
  let relations: Set<Int>

  func accepts(_ expression: ResolvedExpression) -> Bool {
    if keys.contains(expression) { return true }
    switch expression {
    case .aggregateCall: return true
    case .column(let reference, _): return !relations.contains(reference.table)
    case .subquery(let test):
      return expression.children.allSatisfy(accepts) && test.body.allExpressions.allSatisfy(acceptsInside)
    default: return expression.children.allSatisfy(accepts)
    }
  }

  /// Inside a subquery columns of the grouped rows stand for grouping keys only.
  private func acceptsInside(_ expression: ResolvedExpression) -> Bool {
    if case .column(let reference, _) = expression {
      return !relations.contains(reference.table) || keys.contains(expression)
    }
    return expression.children.allSatisfy(acceptsInside)
  }
}
