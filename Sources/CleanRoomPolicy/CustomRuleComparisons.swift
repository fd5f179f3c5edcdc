import CleanRoomModel
import CleanRoomSQL

/// `comparisonControls`, and the identity columns of thresholds, which no query may compare with a constant.
extension CustomRules {
  static func checkComparisons(
    _ facts: CustomFacts, _ rules: [CustomTableRule], _ lineage: inout CustomLineage, _ reasons: inout ReasonList
  ) {
    guard rules.contains(where: { $0.rule.comparisonControls != nil || $0.threshold != nil }) else { return }
    for comparison in facts.comparisons { check(comparison, rules, &lineage, &reasons) }
    for distinction in facts.distinctions {
      for column in lineage.columns(of: distinction.operand, .value).sorted() {
        checkColumn(column, rules, at: distinction.span, &reasons)
      }
    }
  }

  /// Every operand is held against every other one. An operand made of several columns compares them, whatever stands
  /// on the other side.
  private static func check(
    _ comparison: CustomFacts.Comparison, _ rules: [CustomTableRule], _ lineage: inout CustomLineage,
    _ reasons: inout ReasonList
  ) {
    let constants = comparison.operands.map { lineage.mayBeConstant($0) || $0.isLiteral }
    let merged = comparison.isMerge ? comparison.operands : []
    let varying = comparison.operands.map { !lineage.columns(of: $0, .everythingAndCounts, before: merged).isEmpty }
    let (constantCount, varyingCount) = (constants.count { $0 }, varying.count { $0 })
    for (index, operand) in comparison.operands.enumerated() {
      let columns = lineage.columns(of: operand, .value).sorted()
      if constantCount > (constants[index] ? 1 : 0) {
        for column in columns { checkLiteral(column, rules, at: comparison.span, &reasons) }
      }
      if varyingCount > (varying[index] ? 1 : 0) || columns.count > 1 {
        for column in columns { checkColumn(column, rules, at: comparison.span, &reasons) }
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

extension ResolvedExpression {
  fileprivate var isLiteral: Bool { if case .literal = self { true } else { false } }
}
