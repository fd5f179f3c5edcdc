import CleanRoomModel
import CleanRoomSQL

/// Key columns that are compared must be written in the same form, or equal identifiers would not match.
extension CustomResolver {
  /// Looks at columns of tables only; what expressions make of a key is the query's own business.
  mutating func checkKeyForms(_ left: ResolvedExpression, _ right: ResolvedExpression, at span: SourceSpan) {
    guard let first = keyColumn(left), let second = keyColumn(right) else { return }
    let forms = (first.column.declaredForm, second.column.declaredForm)
    if let one = forms.0, let other = forms.1, one != other {
      let (left, right) = ("\(first.table).\(first.column.name)", "\(second.table).\(second.column.name)")
      refuse(.keyFormMismatch, ReasonText.keyForms(left, first.column, right, second.column), at: span)
    }
    guard !context.joinsDifferentNames, first.column.name != second.column.name else { return }
    refuse(.joinNotAllowed, ReasonText.differentNames(first.column.name, second.column.name), at: span)
  }

  /// Columns of a derived or common table that are columns of tables, unchanged.
  mutating func noteOrigins(of relation: Int, _ body: QueryBody) {
    guard case .select(let select) = body.rows else { return }
    for (index, expression) in select.output.enumerated() {
      guard case .column(let reference, _) = expression else { continue }
      origins[ColumnReference(table: relation, name: "c\(index)")] = origins[reference] ?? reference
    }
  }

  private func keyColumn(_ expression: ResolvedExpression) -> (table: String, column: PublishedColumn)? {
    guard case .column(let written, _) = expression else { return nil }
    let reference = origins[written] ?? written
    guard let index = scans[reference.table] else { return nil }
    let published = tables[index].published
    return published.columns.first { $0.name == reference.name }.map { (published.name, $0) }
  }
}
