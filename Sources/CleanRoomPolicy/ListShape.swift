import CleanRoomModel
import CleanRoomSQL

/// The shape of a query over LIST tables alone: SELECT DISTINCT of listed columns.
extension QueryChecker {
  mutating func list(_ select: Select, _ query: Query) -> ApprovedParts? {
    if !select.isDistinct { refuse(.distinctRequired, ReasonText.distinct, at: select.span) }
    let items = listItems(of: select)
    let filter = filter(of: select)
    checkAbsent(select, query)
    let limit = limit(of: query)
    guard let filter, let output = output(items) else { return nil }
    if !items.isEmpty, items.allSatisfy(\.isConstant) {
      refuse(.columnNotAllowed, ReasonText.noListColumn, at: select.span)
    }
    return ApprovedParts(filter: filter, shape: .list, output: output, order: [], limit: limit)
  }

  private mutating func listItems(of select: Select) -> [SelectedItem] {
    let plain = select.items.filter { item in
      guard Self.aggregateName(item.expression) != nil else { return true }
      refuse(.aggregateNotAllowed, ReasonText.listAggregate, at: item.expression.span)
      return false
    }
    var bare = select
    bare.items = plain
    return items(of: bare)
  }

  private mutating func checkAbsent(_ select: Select, _ query: Query) {
    if let element = select.grouping.first {
      refuse(.unsupportedConstruct, ReasonText.notInList(.grouping), at: element.span)
    }
    if let having = select.having {
      refuse(.unsupportedConstruct, ReasonText.notInList(.having), at: having.span)
    }
    if let order = query.order.first {
      refuse(.unsupportedConstruct, ReasonText.notInList(.order), at: order.expression.span)
    }
  }
}

extension GroupingElement {
  var span: SourceSpan {
    switch self {
    case .expression(let expression): expression.span
    case .rollup(_, let span), .cube(_, let span), .groupingSets(_, let span): span
    }
  }
}
