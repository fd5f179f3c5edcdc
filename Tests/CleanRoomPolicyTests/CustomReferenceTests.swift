import CleanRoomModel
import CleanRoomSQL
import Foundation
import Testing

@testable import CleanRoomPolicy

/// CUSTOM rules: the checker, as the coordinator and as an owner calls it, against the document's direct reading, on
/// random rules and random queries. `CLEANROOM_POLICY_QUERIES` sets how many, `CLEANROOM_POLICY_SEED` where they begin.
@Suite struct CustomReferenceTests {
  private static func setting(_ name: String, _ otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
  }
  private static let parts = 4

  @Test(arguments: 0..<parts) func checkerAndReferenceAgree(_ part: Int) throws {
    let count = Self.setting("CLEANROOM_POLICY_QUERIES", 20_000) / Self.parts
    var random = SplitMix(state: UInt64(Self.setting("CLEANROOM_POLICY_SEED", 1) * Self.parts + part))
    var (approved, guarded, disagreements) = (0, 0, 0)
    var room = try RandomCustomRoom(&random)
    for number in 0..<count where disagreements < 5 {
      if number.isMultiple(of: 10) { room = try RandomCustomRoom(&random) }
      var habits = RandomCustomQuery.Habits()
      if case .template = room.context.analysis { habits.hasParameters = true }
      let sql = RandomCustomQuery.text(habits, &random)
      let expected = ReferenceCustomPolicy.minima(try SQLParser.parse(sql), room.context)
      let verdict = QueryPolicy.check(sql: sql, in: room.context)
      if Self.isBeyondTheEngine(verdict) { continue }
      let minima = Self.minima(verdict)
      if expected != nil { approved += 1 }
      if expected?.isEmpty == false { guarded += 1 }
      guard minima == expected, Self.isSame(verdict, Self.owners(sql, room.context, &random)) else {
        disagreements += 1
        let rules = room.context.tables.map { "\($0.name): \(String(describing: $0.rule))" }.joined(separator: "\n")
        Issue.record(
          "\(sql)\nreference: \(String(describing: expected)), checker: \(String(describing: minima)) \(verdict)\n\(rules)"
        )
        continue
      }
    }
    print(
      "policy reference: CUSTOM part \(part): \(count) queries, \(approved) permitted, \(guarded) with thresholds, "
        + "\(disagreements) disagreements")
    #expect(approved * 10 > count * 2 && approved * 10 < count * 8, "\(approved) of \(count)")
    #expect(guarded * 20 > count, "\(guarded) of \(count)")
  }

  /// No rule forbids these; the engine has no plan for them.
  private static func isBeyondTheEngine(_ verdict: Verdict) -> Bool {
    guard case .refused(let reasons) = verdict else { return false }
    return reasons.contains { $0.message.hasPrefix("A subquery over an outer join that uses columns") }
  }

  /// The minima that the approved tree demands.
  private static func minima(_ verdict: Verdict) -> [Int]? {
    guard case .approved(let query) = verdict, case .custom(let custom) = query.shape else { return nil }
    // A DISTINCT that groups repeats the subqueries of its columns.
    let bodies = Dictionary(custom.bodies.map { ($0.id, $0) }) { first, _ in first }
    return bodies.values.flatMap { body -> [Int] in
      guard case .select(let select) = body.rows else { return [] }
      return select.thresholds.map(\.minimum)
    }.sorted()
  }

  /// As an owner judges: tables in another order, and only those that the query may read.
  private static func owners(_ sql: String, _ context: PolicyContext, _ random: inout SplitMix) -> Verdict {
    var own = context
    let named = (try? SQLParser.parse(sql).referencedTables.map { $0.name.lowercased() }) ?? []
    own.tables = context.tables.filter { named.contains($0.name) }.shuffled(using: &random)
    return QueryPolicy.check(sql: sql, in: own)
  }

  private static func isSame(_ verdict: Verdict, _ other: Verdict) -> Bool {
    switch (verdict, other) {
    case (.approved(let left), .approved(let right)): left == right
    case (.refused(let left), .refused(let right)): left == right && !left.isEmpty
    default: false
    }
  }
}
