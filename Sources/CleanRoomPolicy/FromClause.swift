import CleanRoomModel
import CleanRoomSQL

/// FROM: tables of the collaboration, each once, tied by inner joins.
extension QueryChecker {
  mutating func bind(_ items: [TableExpression]) {
    for (index, item) in items.enumerated() {
      bind(item, isRightSide: false)
      guard index > 0 else { continue }
      refuse(.joinNotAllowed, ReasonText.commaJoin, at: item.span)
    }
  }

  private mutating func bind(_ item: TableExpression, isRightSide: Bool) {
    switch item {
    case .table(let name): bind(name)
    case .derived(_, _, _, let span):
      refuse(.unsupportedConstruct, ReasonText.notAccepted("A subquery"), at: span)
      scope.isIncomplete = true
    case .join(let join):
      if isRightSide { refuse(.joinNotAllowed, ReasonText.nestedJoin, at: join.span) }
      bind(join.left, isRightSide: false)
      let before = scope.tables.count
      bind(join.right, isRightSide: true)
      checkJoin(join, isBound: scope.tables.count == before + 1)
    }
  }

  private mutating func bind(_ name: TableName) {
    guard let published = published(name) else {
      scope.isIncomplete = true
      return
    }
    if scope.tables.contains(where: { $0.published.name == published.name }) {
      refuse(.joinNotAllowed, ReasonText.selfJoin(published.name), at: name.span)
      scope.isIncomplete = true
      return
    }
    let table = BoundTable(published, as: name, grants: grants(of: published, at: name.span))
    if let other = scope.tables.first(where: { $0.foldedName == table.foldedName }
    ) {
      refuse(.ambiguousName, ReasonText.sameTableName(other.exposedName), at: name.span)
      scope.isIncomplete = true
      return
    }
    scope.bind(table)
    graph.addTable()
  }

  private mutating func published(_ name: TableName) -> PublishedTable? {
    let last = name.parts[name.parts.count - 1]
    let folded = last.name.lowercased()
    let found = tableNames.indices.filter { index in
      tableNames[index] == folded && (!last.isQuoted || context.tables[index].name == last.name)
    }
    if name.parts.count == 1, found.count == 1 { return context.tables[found[0]] }
    let written = name.parts.map(\.name).joined(separator: ".")
    if name.parts.count > 1 || found.isEmpty {
      refuse(.unknownTable, ReasonText.unknownTable(written), at: name.span)
    } else {
      refuse(.ambiguousName, ReasonText.ambiguousTable(written), at: name.span)
    }
    return nil
  }

  /// What the table's rule grants; gives the reason where it grants nothing.
  private mutating func grants(of table: PublishedTable, at span: SourceSpan) -> TableGrants? {
    if let problem = table.unavailable {
      refuse(.tableUnavailable, ReasonText.unavailable(table, problem), at: span)
    }
    guard let rule = table.rule else {
      refuse(.ruleMissing, ReasonText.noRule(table), at: span)
      return nil
    }
    if case .template = context.analysis {
      refuse(.ruleTypesNotCompatible, ReasonText.templateNeedsCustom(table, rule), at: span)
    }
    guard let grants = TableGrants.grants(of: rule) else {
      // Queries over CUSTOM tables are judged elsewhere; none gets here.
      refuse(.unsupportedConstruct, ReasonText.notUnderstood, at: span)
      return nil
    }
    return grants
  }
}

extension TableExpression {
  var span: SourceSpan {
    switch self {
    case .table(let name): name.span
    case .derived(_, _, _, let span): span
    case .join(let join): join.span
    }
  }
}
