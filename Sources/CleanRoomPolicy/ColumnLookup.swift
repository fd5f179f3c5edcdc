import CleanRoomModel
import CleanRoomSQL

/// The clauses in which a name may stand.
enum Clause: String {
  case select = "SELECT"
  case on = "ON"
  case filter = "WHERE"
  case grouping = "GROUP BY"
  case having = "HAVING"
  case order = "ORDER BY"
  case values = "VALUES"
}

/// Names to columns, and whether the column's rule lets it stand where it does.
extension QueryChecker {
  /// Withheld and unknown columns give the same reason: neither is in any published table.
  mutating func column(_ qualifier: Identifier?, _ name: Identifier, in clause: Clause, at span: SourceSpan)
    -> BoundColumn?
  {
    found(scope.look(up: name.name, qualifier: qualifier), qualifier, name, in: clause, at: span)
  }

  mutating func found(
    _ lookup: TableScope.Lookup, _ qualifier: Identifier?, _ name: Identifier, in clause: Clause,
    at span: SourceSpan
  ) -> BoundColumn? {
    switch lookup {
    case .found(let column): return column
    case .missing:
      if qualifier == nil && scope.isIncomplete { return nil }
      let message =
        clause == .select ? ReasonText.select(name.name) : ReasonText.unknownColumn(name.name, clause)
      refuse(clause == .select ? .columnNotAllowed : .unknownColumn, message, at: span)
    case .ambiguous(let tables):
      let names = tables.map { scope.tables[$0].exposedName }
      refuse(.ambiguousName, ReasonText.ambiguousColumn(name.name, names), at: span)
    case .unknownQualifier:
      if let qualifier { refuseQualifier(qualifier) }
    }
    return nil
  }

  private mutating func refuseQualifier(_ qualifier: Identifier) {
    let renamed = scope.tables.first {
      $0.hasAlias && $0.published.name.lowercased() == qualifier.name.lowercased()
    }
    if let renamed {
      refuse(
        .unknownTable, ReasonText.useAlias(renamed.published.name, renamed.exposedName), at: qualifier.span)
    } else if !scope.isIncomplete {
      refuse(.unknownTable, ReasonText.unknownQualifier(qualifier.name), at: qualifier.span)
    }
  }

  /// A column that its rule lets be shown, filtered, grouped and ordered by.
  mutating func dimension(
    _ qualifier: Identifier?, _ name: Identifier, in clause: Clause, at span: SourceSpan
  )
    -> BoundColumn?
  {
    guard let column = column(qualifier, name, in: clause, at: span) else { return nil }
    let table = scope.tables[column.reference.table]
    guard let grants = table.grants else { return nil }
    if grants.dimensions.contains(column.reference.name) { return column }
    let message =
      clause == .select
      ? ReasonText.select(column.reference.name)
      : ReasonText.notADimension(column.reference.name, table, clause)
    refuse(.columnNotAllowed, message, at: span)
    return nil
  }
}
