import CleanRoomModel
import CleanRoomSQL

/// One SELECT, with the ORDER BY and LIMIT of its query.
extension CustomResolver {
  mutating func body(of select: Select, in query: Query) -> ResolvedBody? {
    guard !reasons.hasLimit, checkSize(of: select, query) else { return nil }
    if let qualify = select.qualify { unavailable("QUALIFY", at: qualify.span) }
    let source = from(select.from)
    guard source != nil || select.from.isEmpty else { return nil }
    scopes.append(source?.scope ?? CustomScope())
    defer { scopes.removeLast() }
    var block = SelectBlock(windows: namedWindows(select))
    let filter = self.filter(of: select)
    items(of: select, into: &block)
    let grouping = self.grouping(of: select, block)
    let having = self.having(of: select, block)
    var order: [BodySortKey] = []
    for item in query.order {
      if let key = sortKey(item, select, &block) { order.append(key) }
    }
    guard let filter, let grouping, reasons.isEmpty else { return nil }
    guard checkGrouped(block, grouping, having, order, of: source?.relation) else { return nil }
    if select.isDistinct {
      for item in block.items { note(distinction: item.expression, at: item.span) }
    }
    let rows = SelectBody(
      from: source?.relation, filter: filter, grouping: grouping, having: having,
      output: block.items.map(\.expression), isDistinct: select.isDistinct)
    var body = QueryBody(id: newRelation(), rows: .select(rows), columnTypes: rows.output.map(\.type), order: order)
    setLimits(of: query, on: &body)
    return ResolvedBody(body: body, columns: block.items.map { .init(name: $0.name, span: $0.span) })
  }

  private mutating func checkSize(of select: Select, _ query: Query) -> Bool {
    let lists = [
      ("select list", select.items.count), ("GROUP BY", select.grouping.count), ("ORDER BY", query.order.count),
    ]
    for (name, count) in lists where count > Self.itemLimit {
      refuse(.limitExceeded, ReasonText.tooManyItems(name, Self.itemLimit), at: select.span)
      return false
    }
    return true
  }

  @inline(never)
  private mutating func filter(of select: Select) -> [ResolvedExpression]? {
    guard let filter = select.filter else { return [] }
    place = Place(clause: .filter)
    guard let condition = condition(filter) else { return nil }
    if case .and(let parts) = condition { return parts }
    return [condition]
  }

  // MARK: The select list

  @inline(never)
  private mutating func items(of select: Select, into block: inout SelectBlock) {
    for item in select.items {
      if case .star(let qualifier) = item.expression.node {
        expand(qualifier, at: item.expression.span, into: &block)
        continue
      }
      place = Place(clause: .select, allowsAggregates: true, allowsWindows: true)
      windows = block.windows
      guard let expression = value(item.expression) else { continue }
      let name = item.alias.map(written) ?? OutputName.text(item.expression)
      block.items.append(.init(name: name, expression: expression, span: item.expression.span))
      if item.alias != nil { block.aliases[name.lowercased(), default: []].append(expression) }
    }
  }

  /// Unquoted names were folded; the result shows them as they were written.
  private func written(_ alias: Identifier) -> String {
    let range = alias.span.start.offset..<max(alias.span.start.offset, alias.span.end.offset)
    guard !alias.isQuoted, range.upperBound <= text.count, !range.isEmpty else { return alias.name }
    return String(decoding: text[range], as: UTF8.self)
  }

  private mutating func expand(_ qualifier: Identifier?, at span: SourceSpan, into block: inout SelectBlock) {
    let scope = scopes[scopes.count - 1]
    let columns = qualifier.map { scope.columns(of: $0) } ?? scope.columns
    guard let columns, !columns.isEmpty else {
      if let qualifier {
        refuse(.unknownTable, ReasonText.unknownQualifier(qualifier.name), at: qualifier.span)
      } else {
        refuse(.unsupportedConstruct, ReasonText.starWithoutTable, at: span)
      }
      return
    }
    guard mayRepeat(columns: columns.count, at: span) else { return }
    for column in columns { block.items.append(.init(name: column.name, expression: column.expression, span: span)) }
    if block.items.count > Self.itemLimit {
      refuse(.limitExceeded, ReasonText.tooManyItems("select list", Self.itemLimit), at: span)
    }
  }

  // MARK: HAVING and ORDER BY

  private mutating func having(of select: Select, _ block: SelectBlock) -> ResolvedExpression? {
    guard let having = select.having else { return nil }
    place = Place(clause: .having, allowsAggregates: true, aliases: block.aliases)
    return condition(having)
  }

  private mutating func sortKey(_ item: OrderItem, _ select: Select, _ block: inout SelectBlock) -> BodySortKey? {
    if case .literal(.integer(let digits)) = item.expression.node {
      guard let position = Int(digits), block.items.indices.contains(position - 1) else {
        refuse(.groupingMismatch, ReasonText.ordinal(.order, block.items.count), at: item.expression.span)
        return nil
      }
      return item.key(.column(position - 1))
    }
    if case .column(nil, let name) = item.expression.node, let found = block.index(of: name.name) {
      return item.key(.column(found))
    }
    place = Place(clause: .order, allowsAggregates: true, allowsWindows: true, aliases: block.aliases)
    windows = block.windows
    guard let expression = value(item.expression) else { return nil }
    if let index = block.index(of: expression) { return item.key(.column(index)) }
    guard !select.isDistinct else {
      refuse(.groupingMismatch, ReasonText.orderOfDistinct, at: item.expression.span)
      return nil
    }
    block.sorting.append((expression, item.expression.span))
    return item.key(.expression(expression))
  }
}

/// A SELECT on its way.
struct SelectBlock {
  struct Item {
    let name: String
    let expression: ResolvedExpression
    let span: SourceSpan
  }

  var windows: [String: WindowSpecification]
  var items: [Item] = []
  var aliases: [String: [ResolvedExpression]] = [:]
  /// What ORDER BY needs beyond the select list.
  var sorting: [(ResolvedExpression, SourceSpan)] = []

  func index(of expression: ResolvedExpression) -> Int? { items.firstIndex { $0.expression == expression } }

  /// The output column of this name; nil where there is none, or several different ones.
  func index(of name: String) -> Int? {
    let name = name.lowercased()
    let found = items.indices.filter { items[$0].name.lowercased() == name }
    guard let first = found.first, found.allSatisfy({ items[$0].expression == items[first].expression }) else {
      return nil
    }
    return first
  }
}
