import CleanRoomModel
import CleanRoomSQL

/// `comparisonControls`, and the identity columns of thresholds, which no query may compare with a constant.
extension CustomRules {
  static func checkComparisons(
    _ facts: CustomFacts, _ rules: [CustomTableRule], _ lineage: inout CustomLineage, _ reasons: inout ReasonList
  ) {
    guard rules.contains(where: { $0.rule.comparisonControls != nil || $0.threshold != nil }) else { return }
    for comparison in facts.comparisons {
      let sides = comparison.operands.map { lineage.columns(of: $0, .value) }
      let columns = sides.reduce(into: Set<BaseColumn>()) { $0.formUnion($1) }
      if sides.contains(where: \.isEmpty) {
        for column in columns.sorted() { checkLiteral(column, rules, at: comparison.span, &reasons) }
      }
      // An operand made of several columns compares them, whatever stands on the other side.
      if sides.filter({ !$0.isEmpty }).count > 1 || sides.contains(where: { $0.count > 1 }) {
        for column in columns.sorted() { checkColumn(column, rules, at: comparison.span, &reasons) }
      }
    }
    for distinction in facts.distinctions {
      for column in lineage.columns(of: distinction.operand, .value).sorted() {
        checkColumn(column, rules, at: distinction.span, &reasons)
      }
    }
  }

  private static func checkLiteral(
    _ column: BaseColumn, _ rules: [CustomTableRule], at span: SourceSpan, _ reasons: inout ReasonList
  ) {
    let rule = rules[column.table]
    if rule.identity == column.name {
      reasons.add(.columnNotAllowed, ReasonText.identityLiteral(column.name, rule.table), at: span)
      return
    }
    guard let allowed = rule.rule.comparisonControls?.allowedLiteralComparisonColumns,
      !allowed.contains(column.name)
    else { return }
    reasons.add(.columnNotAllowed, ReasonText.literalComparison(column.name, rule.table, allowed), at: span)
  }

  private static func checkColumn(
    _ column: BaseColumn, _ rules: [CustomTableRule], at span: SourceSpan, _ reasons: inout ReasonList
  ) {
    let rule = rules[column.table]
    guard let allowed = rule.rule.comparisonControls?.allowedColumnComparisonColumns, !allowed.contains(column.name)
    else { return }
    reasons.add(.columnNotAllowed, ReasonText.columnComparison(column.name, rule.table, allowed), at: span)
  }
}
