import CleanRoomModel
import CleanRoomSQL

/// The restricted SQL of queries over tables with aggregation thresholds.
extension CustomRules {
  /// Constructs and functions that AWS Clean Rooms refuses under thresholds (user guide, minimum aggregation thresholds),
  /// and those that show or encode single rows.
  private static let refused: Set<String> = [
    "CUBE", "ROLLUP", "GROUPING SETS", "EXISTS", "LEFT SEMI JOIN", "LEFT ANTI JOIN", "EXCEPT", "INTERSECT", "OFFSET",
    "<=>", "IS DISTINCT FROM", "TO_CHAR", "TO_NUMBER", "DATE_ADD", "DATEADD", "ADD_MONTHS", "DAYOFYEAR", "ACOS", "ASIN",
    "ATAN", "ATAN2", "COS", "COT", "SIN", "TAN", "DEGREES", "RADIANS", "REVERSE", "TRANSLATE", "SPLIT_PART",
    "REGEXP_COUNT", "REGEXP_INSTR", "AES_ENCRYPT", "AES_DECRYPT",
  ]
  private static let refusedComputations: Set<String> = [
    "ANY_VALUE", "BOOL_AND", "BOOL_OR", "EVERY", "ANY", "FIRST", "LAST", "FIRST_VALUE", "LAST_VALUE",
    "NTH_VALUE",
    "NTILE", "CUME_DIST", "PERCENT_RANK", "COUNT_IF",
  ]

  static func checkSurface(
    _ facts: CustomFacts, _ rules: [CustomTableRule], _ lineage: inout CustomLineage, _ reasons: inout ReasonList
  ) {
    guard let first = rules.first(where: { $0.threshold != nil }) else { return }
    for construct in facts.constructs where refused.contains(construct.name) {
      reasons.add(
        .unsupportedConstruct, ReasonText.underThreshold(construct.name, first.table), at: construct.span)
    }
    for computation in facts.computations where refusedComputations.contains(computation.name) {
      reasons.add(
        .aggregateNotAllowed, ReasonText.underThreshold(computation.name, first.table), at: computation.span)
    }
    checkArguments(facts, rules, &lineage, &reasons)
    for body in facts.query.bodies { checkExtremes(of: body, facts, first.table, &reasons) }
  }

  /// COLUMNS_ONLY: what is aggregated is a column as it stands in its table, and all of the group's rows count.
  private static func checkArguments(
    _ facts: CustomFacts, _ rules: [CustomTableRule], _ lineage: inout CustomLineage, _ reasons: inout ReasonList
  ) {
    let strict = rules.filter { $0.threshold?.allowedAggregateExpressionType == .columnsOnly }
    guard let first = strict.first else { return }
    for construct in facts.constructs where construct.name == "FILTER" {
      reasons.add(.aggregateNotAllowed, ReasonText.underThreshold("FILTER", first.table), at: construct.span)
    }
    for computation in facts.computations {
      for argument in computation.arguments where !lineage.isDirect(argument) {
        let tables = Set(lineage.columns(of: argument, .everything).map(\.table))
        let own = rules.indices.first { tables.contains($0) && rules[$0].threshold?.isColumnsOnly == true }
        // An expression that reads no column masks rows as well as one that does.
        let rule = own.map { rules[$0] } ?? (tables.isEmpty ? first : nil)
        guard let rule else { continue }
        reasons.add(
          .aggregateNotAllowed, ReasonText.columnsOnly(computation.name, rule.table), at: computation.span)
      }
    }
  }

  /// MIN, MAX, medians and percentiles show single values: they stand beside an AVG, COUNT or SUM.
  private static func checkExtremes(
    of body: QueryBody, _ facts: CustomFacts, _ table: BoundTable, _ reasons: inout ReasonList
  ) {
    guard case .select(let select) = body.rows else { return }
    let shown = select.output.flatMap(\.computedKinds)
    let judged = ((select.having.map { [$0] } ?? []) + body.order.expressions).flatMap(\.computedKinds)
    guard (shown + judged).contains(where: \.showsSingleValues), !shown.contains(where: \.qualifies) else { return }
    let span = facts.computations.first { singleValueNames.contains($0.name) }?.span
    reasons.add(.aggregateNotAllowed, ReasonText.extremeAlone(table), at: span)
  }

  private static let singleValueNames: Set<String> = [
    "MIN", "MAX", "MEDIAN", "PERCENTILE", "APPROX_PERCENTILE", "PERCENTILE_APPROX", "LAG", "LEAD",
  ]
}

extension CustomRule.AggregationThreshold {
  fileprivate var isColumnsOnly: Bool { allowedAggregateExpressionType == .columnsOnly }
}

extension ResolvedExpression {
  /// Aggregates and windows in the expression.
  fileprivate var computedKinds: [WindowKind] {
    switch self {
    case .aggregateCall(let call): [.aggregate(call.kind)]
    case .windowCall(let call): [call.kind] + children.flatMap(\.computedKinds)
    default: children.flatMap(\.computedKinds)
    }
  }
}

extension WindowKind {
  /// The value is that of one row.
  var showsSingleValues: Bool {
    switch self {
    case .lag, .lead, .aggregate(.minimum), .aggregate(.maximum), .aggregate(.median), .aggregate(.percentile),
      .aggregate(.approximatePercentile):
      true
    default: false
    }
  }

  fileprivate var qualifies: Bool {
    switch self {
    case .aggregate(.count), .aggregate(.sum), .aggregate(.average): true
    default: false
    }
  }
}
