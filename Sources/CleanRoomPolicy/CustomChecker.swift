import CleanRoomModel
import CleanRoomSQL

/// Queries over tables with CUSTOM rules: resolved as a whole, then judged by every table's rule.
struct CustomChecker {
  let sql: String
  let context: PolicyContext

  /// A query is CUSTOM if any of its tables has a CUSTOM rule; all of them must then have one.
  static func applies(to query: Query, in context: PolicyContext) -> Bool {
    var custom: Set<String> = []
    for table in context.tables where table.rule?.type == .custom { custom.insert(table.name.lowercased()) }
    if custom.isEmpty { return false }
    return query.referencedTables.contains { custom.contains($0.name.lowercased()) }
  }

  func check(_ query: Query) -> Verdict {
    var resolver = CustomResolver(sql: sql, context: context)
    let resolved = resolver.resolve(query)
    var reasons = resolver.reasons
    checkTypes(of: resolver.tables, &reasons)
    let receivers = ResultReceivers(context: context)
    let extensions = receivers.check(resolver.tables, &reasons)
    guard let resolved, reasons.isEmpty else { return refused(reasons, query) }
    guard TextGrowth.isBounded(resolved.facts.query) else {
      reasons.add(.limitExceeded, ReasonText.textGrowth, at: query.span)
      return refused(reasons, query)
    }
    guard
      let custom = CustomRules.check(resolved.facts, tables: resolver.tables, context: context, reasons: &reasons),
      reasons.isEmpty
    else { return refused(reasons, query) }
    let tables = resolver.tables.map {
      ApprovedTable(
        name: $0.published.name, owner: $0.published.owner, ruleType: .custom, columns: $0.published.columns)
    }
    return .approved(
      ApprovedQuery(
        tables: tables, joins: [], filter: [], shape: .custom(custom), output: resolved.output, having: nil,
        order: [], limit: nil, thresholds: [], extensions: PolicyExtension.allCases.filter(extensions.contains)))
  }

  private func refused(_ reasons: ReasonList, _ query: Query) -> Verdict {
    var reasons = reasons
    if reasons.isEmpty { reasons.add(.unsupportedConstruct, ReasonText.notUnderstood, at: query.span) }
    return .refused(reasons.sorted)
  }

  /// Tables of other rule types have no meaning in a CUSTOM query, in extended mode neither.
  private func checkTypes(of tables: [BoundTable], _ reasons: inout ReasonList) {
    for table in tables {
      guard let rule = table.published.rule else {
        reasons.add(.ruleMissing, ReasonText.noRule(table.published), at: table.span)
        continue
      }
      guard rule.type != .custom else { continue }
      let custom = tables.first { $0.published.rule?.type == .custom } ?? table
      reasons.add(.ruleTypesNotCompatible, ReasonText.mixedTypes(custom, table), at: table.span)
    }
  }
}
