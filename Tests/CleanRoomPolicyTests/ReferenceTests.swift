import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL
import Foundation
import Testing

/// The checker, as the coordinator and as an owner calls it, against the document's direct reading, on random rules and
/// random queries. `CLEANROOM_POLICY_QUERIES` sets how many, `CLEANROOM_POLICY_SEED` where they begin.
@Suite struct ReferenceTests {
  private static func setting(_ name: String, _ otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
  }
  private static let parts = 4

  @Test(arguments: 0..<parts) func checkerAndReferenceAgree(_ part: Int) throws {
    let count = Self.setting("CLEANROOM_POLICY_QUERIES", 20_000) / Self.parts
    var random = SplitMix(state: UInt64(Self.setting("CLEANROOM_POLICY_SEED", 1) * Self.parts + part))
    var (approved, disagreements) = (0, 0)
    // Queries with one fault, by fault: what tells the two readings apart.
    var faults: [RefusalReason.Code: Int] = [:]
    var room = try RandomRoom(&random)
    for number in 0..<count where disagreements < 5 {
      if number.isMultiple(of: 10) { room = try RandomRoom(&random) }
      let sql = RandomRuledQuery(room.context, &random).text
      let isPermitted = (try? SQLParser.parse(sql)).map { ReferencePolicy.permits($0, room.context) } ?? false
      let verdict = QueryPolicy.check(sql: sql, in: room.context)
      if isPermitted { approved += 1 }
      if case .refused(let reasons) = verdict, reasons.count == 1 { faults[reasons[0].code, default: 0] += 1 }
      guard isPermitted == verdict.isApproved, verdict.keepsThresholds(of: room.context),
        verdict.isSame(as: Self.owners(sql, room.context, &random))
      else {
        disagreements += 1
        let rules = room.context.tables.map { "\($0.name): \(String(describing: $0.rule))" }.joined(separator: "\n")
        Issue.record("\(sql)\nreference: \(isPermitted), checker: \(verdict)\n\(rules)")
        continue
      }
    }
    print("policy reference: part \(part): \(count) queries, \(approved) permitted, \(disagreements) disagreements")
    #expect(approved * 10 > count * 2 && approved * 10 < count * 8, "\(approved) of \(count)")
    let missing = Self.codes.subtracting(faults.keys)
    #expect(count < 5_000 || missing.isEmpty, "no query has just this fault: \(missing)")
  }

  /// Every fault that these rules know, but for queries of too many parts and statements that are none.
  private static let codes = Set<RefusalReason.Code>([
    .unknownTable, .unknownColumn, .ambiguousName, .typeMismatch, .unsupportedConstruct, .functionNotAllowed,
    .columnNotAllowed, .aggregateNotAllowed, .joinNotAllowed, .joinRequired, .groupingMismatch, .missingAggregate,
    .distinctRequired, .ruleMissing, .ruleTypesNotCompatible, .tableUnavailable, .receiverNotAllowed, .keyFormMismatch,
  ])

  /// As an owner judges: tables in another order, and only those that the query may read.
  private static func owners(_ sql: String, _ context: PolicyContext, _ random: inout SplitMix) -> Verdict {
    var own = context
    let named = (try? SQLParser.parse(sql).referencedTables.map { $0.name.lowercased() }) ?? []
    own.tables = context.tables.filter { named.contains($0.name) }.shuffled(using: &random)
    return QueryPolicy.check(sql: sql, in: own)
  }
}

extension Verdict {
  fileprivate var isApproved: Bool {
    if case .approved = self { return true }
    return false
  }

  /// Every constraint of every AGGREGATION table in FROM, and each table tied to those before it.
  fileprivate func keepsThresholds(of context: PolicyContext) -> Bool {
    guard case .approved(let query) = self else { return true }
    let names = query.tables.map(\.name)
    let demanded = context.tables.filter { names.contains($0.name) }.flatMap { table -> [String] in
      guard case .aggregation(let rule) = table.rule else { return [] }
      return rule.outputConstraints.map { "\(table.name).\($0.columnName) \($0.minimum)" }
    }
    let kept = query.thresholds.map { "\(names[$0.column.table]).\($0.column.name) \($0.minimum)" }
    let ties = zip(query.joins, names.indices.dropFirst()).allSatisfy { join, newest in
      join.equalities.contains { ($0.0.table == newest) != ($0.1.table == newest) }
    }
    return demanded.sorted() == kept.sorted() && query.joins.count == names.count - 1 && ties
  }

  fileprivate func isSame(as other: Verdict) -> Bool {
    switch (self, other) {
    case (.approved(let left), .approved(let right)): left == right
    case (.refused(let left), .refused(let right)): left == right && !left.isEmpty
    default: false
    }
  }
}
