import CleanRoomModel
import CleanRoomSQL

/// The state of one check: what FROM bound, what was found wrong, and what the query needed beyond AWS's rules.
/// Each clause is checked in a file of its own.
struct QueryChecker {
  /// For aliases as they were written; tokens fold them.
  let text: [UInt8]
  let context: PolicyContext
  /// Of the context's tables, in lower case.
  let tableNames: [String]
  var scope = TableScope()
  var reasons = ReasonList()
  var joins: [JoinCondition] = []
  var graph = JoinGraph()
  var keys = KeyClasses()
  /// Tables that the ON at hand means to equate, whether or not it may.
  var equated: [(Int, Int)] = []
  var thresholds: [Threshold] = []
  var extensions: SmallSet<PolicyExtension> = []
  /// SELECT contains an aggregate somewhere, permitted or not.
  var hasAggregate = false

  init(sql: String, context: PolicyContext) {
    text = Array(sql.utf8)
    self.context = context
    tableNames = context.tables.map { $0.name.lowercased() }
  }

  mutating func refuse(_ code: RefusalReason.Code, _ message: String, at span: SourceSpan?) {
    reasons.add(code, message, at: span)
  }

  mutating func check(_ query: Query) -> Verdict {
    guard let select = claim(query), !reasons.hasLimit else { return .refused(reasons.sorted) }
    guard !select.from.isEmpty else {
      refuse(.unsupportedConstruct, ReasonText.noTable, at: select.span)
      return .refused(reasons.sorted)
    }
    bind(select.from)
    checkReceivers()
    checkRuleTypes()
    checkRequiredJoins()
    collectThresholds()
    return verdict(on: select, of: query)
  }

  private mutating func verdict(on select: Select, of query: Query) -> Verdict {
    var parts: ApprovedParts?
    switch shape {
    case .aggregation: parts = aggregation(select, query)
    case .list where !scope.isIncomplete: parts = list(select, query)
    case .list, .custom, nil: break
    }
    guard reasons.isEmpty, let parts, let tables = approvedTables, joins.count == tables.count - 1 else {
      if reasons.isEmpty { refuse(.unsupportedConstruct, ReasonText.notUnderstood, at: select.span) }
      return .refused(reasons.sorted)
    }
    return .approved(
      ApprovedQuery(
        tables: tables, joins: joins, filter: parts.filter, shape: parts.shape, output: parts.output,
        having: parts.having, order: parts.order, limit: parts.limit, thresholds: thresholds,
        extensions: PolicyExtension.allCases.filter(extensions.contains)))
  }

  /// One AGGREGATION table makes the whole query an aggregation.
  private var shape: AnalysisRuleType? {
    let types = scope.tables.compactMap { $0.grants?.type }
    return types.contains(.aggregation) ? .aggregation : types.first
  }

  private var approvedTables: [ApprovedTable]? {
    let tables = scope.tables.compactMap { table in
      table.grants.map { grants in
        ApprovedTable(
          name: table.published.name, owner: table.published.owner, ruleType: grants.type,
          columns: table.published.columns)
      }
    }
    return tables.count == scope.tables.count ? tables : nil
  }
}

/// What the clauses give, once all of them are permitted.
struct ApprovedParts {
  var filter: [ResolvedExpression]
  var shape: QueryShape
  var output: [OutputColumn]
  var having: ResolvedExpression?
  var order: [SortKey]
  var limit: Int?
}
