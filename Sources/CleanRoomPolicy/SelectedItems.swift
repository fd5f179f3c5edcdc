import CleanRoomModel
import CleanRoomSQL

/// A select item with what it came to; the expression is nil when a reason has been given.
struct SelectedItem {
  let source: SelectItem
  let isAggregate: Bool
  let expression: ResolvedExpression?

  var isConstant: Bool {
    if case .literal = expression { return true }
    return false
  }
}

/// The select list, and how other clauses refer to it by position or alias.
extension QueryChecker {
  mutating func items(of select: Select) -> [SelectedItem] {
    select.items.map { item in
      let isAggregate = Self.aggregateName(item.expression) != nil
      hasAggregate = hasAggregate || isAggregate
      let expression =
        isAggregate ? aggregate(item.expression, in: .select) : operand(item.expression, in: .select)
      if case .literal(.null) = expression {
        refuse(.unsupportedConstruct, ReasonText.nullItem, at: item.expression.span)
        return SelectedItem(source: item, isAggregate: false, expression: nil)
      }
      return SelectedItem(source: item, isAggregate: isAggregate, expression: expression)
    }
  }

  func output(_ items: [SelectedItem]) -> [OutputColumn]? {
    let columns = items.compactMap { item in
      item.expression.map { OutputColumn(name: outputName(item.source), expression: $0) }
    }
    return columns.count == items.count ? columns : nil
  }

  private func outputName(_ item: SelectItem) -> String {
    guard let alias = item.alias else { return OutputName.text(item.expression) }
    let range = alias.span.start.offset..<max(alias.span.start.offset, alias.span.end.offset)
    // Unquoted names were folded; the result shows them as they were written.
    guard !alias.isQuoted, range.upperBound <= text.count else { return alias.name }
    return String(decoding: text[range], as: UTF8.self)
  }

  enum ItemReference {
    case item(SelectedItem)
    /// A reason has been given.
    case refused
    /// The expression stands for itself.
    case none
  }

  /// What an ordinal or alias in GROUP BY, HAVING or ORDER BY stands for.
  mutating func item(named expression: Expression, among items: [SelectedItem], in clause: Clause)
    -> ItemReference
  {
    switch expression.node {
    case .literal(.integer(let digits)) where clause != .having:
      guard let position = Int(digits), items.indices.contains(position - 1) else {
        refuse(.groupingMismatch, ReasonText.ordinal(clause, items.count), at: expression.span)
        return .refused
      }
      return .item(items[position - 1])
    case .column(nil, let name):
      // GROUP BY means columns before aliases; the others mean the output first. As in Spark.
      if clause == .grouping && scope.hasColumn(named: name.name) { return .none }
      return item(aliased: name, among: items, at: expression.span)
    default: return .none
    }
  }

  private mutating func item(aliased name: Identifier, among items: [SelectedItem], at span: SourceSpan)
    -> ItemReference
  {
    let found = items.filter { $0.source.alias?.name == name.name }
    guard let first = found.first else { return .none }
    if found.contains(where: { $0.expression != first.expression }) {
      refuse(.ambiguousName, ReasonText.ambiguousAlias(name.name), at: span)
      return .refused
    }
    return .item(first)
  }
}
