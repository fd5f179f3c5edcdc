import CleanRoomSQL

/// What may surround and make up a query. Whatever is not claimed here is refused.
extension QueryChecker {
  /// - Returns: the query's one SELECT; nil when there is none to look into.
  mutating func claim(_ query: Query) -> Select? {
    if let first = query.with.first {
      refuse(.unsupportedConstruct, ReasonText.notAccepted("WITH"), at: first.name.span)
      scope.isIncomplete = true
    }
    if let offset = query.offset {
      refuse(.unsupportedConstruct, ReasonText.notAccepted("OFFSET"), at: offset.span)
    }
    if query.order.count > Self.itemLimit {
      refuse(.limitExceeded, ReasonText.tooManyItems("ORDER BY", Self.itemLimit), at: query.span)
    }
    switch query.body {
    case .select(let select):
      claim(select)
      return select
    case .nested(let inner):
      if query.isBare && inner.isBare { return claim(inner) }
      refuse(.unsupportedConstruct, ReasonText.notAccepted("A query in parentheses"), at: inner.span)
    case .values(_, let span): refuse(.notASelect, ReasonText.notAccepted("VALUES"), at: span)
    case .operation(let operation, _, _, _, let span):
      refuse(.unsupportedConstruct, ReasonText.notAccepted(operation.rawValue), at: span)
    }
    return nil
  }

  /// Far more than people write; what is compared with each other stays few.
  private static let itemLimit = 1_000

  private mutating func claim(_ select: Select) {
    let lists = [("select list", select.items.count), ("GROUP BY", select.grouping.count)]
    for (name, count) in lists where count > Self.itemLimit {
      refuse(.limitExceeded, ReasonText.tooManyItems(name, Self.itemLimit), at: select.span)
    }
    if let qualify = select.qualify {
      refuse(.unsupportedConstruct, ReasonText.notAccepted("QUALIFY"), at: qualify.span)
    }
    if let window = select.windows.first {
      refuse(.unsupportedConstruct, ReasonText.notAccepted("WINDOW"), at: window.name.span)
    }
  }

  /// LIMIT takes a positive whole number.
  mutating func limit(of query: Query) -> Int? {
    guard let limit = query.limit else { return nil }
    if case .literal(.integer(let digits)) = limit.node, let value = Int(digits), value > 0 { return value }
    refuse(.unsupportedConstruct, ReasonText.badLimit, at: limit.span)
    return nil
  }
}

extension Query {
  /// Nothing stands around its body.
  fileprivate var isBare: Bool { with.isEmpty && order.isEmpty && limit == nil && offset == nil }
}
