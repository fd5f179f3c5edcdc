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
      let minima = Self.minima(verdict)
      if expected != nil { approved += 1 }
      if expected?.isEmpty == false { guarded += 1 }
      guard minima == expected, Self.isSame(verdict, Self.owners(sql, room.context, &random)) else {
        disagreements += 1
        let rules = room.context.tables.map { "\($0.name): \(String(describing: $0.rule))" }.joined(separator: "\n")
        Issue.record(
          "\(sql)\nreference: \(String(describing: expected)), checker: \(String(describing: minima)) \(verdict)\n\(rules)")
        continue
      }
    }
    print("policy reference: CUSTOM part \(part): \(count) queries, \(approved) permitted, \(guarded) with thresholds, "
      + "\(disagreements) disagreements")
    #expect(approved * 10 > count * 2 && approved * 10 < count * 8, "\(approved) of \(count)")
    #expect(guarded * 20 > count, "\(guarded) of \(count)")
  }

  /// The minima that the approved tree demands, as `table:minimum`.
  private static func minima(_ verdict: Verdict) -> [String]? {
    guard case .approved(let query) = verdict, case .custom(let custom) = query.shape else { return nil }
    return custom.bodies.flatMap { body -> [String] in
      guard case .select(let select) = body.rows else { return [] }
      return select.thresholds.map { "\(query.identityTable(of: $0, in: custom)):\($0.minimum)" }
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

extension ApprovedQuery {
  /// The table whose people a threshold counts, through derived and common tables.
  fileprivate func identityTable(of threshold: IdentityThreshold, in custom: CustomQuery) -> String {
    var relations: [Int: Relation] = [:]
    for body in custom.bodies {
      if case .select(let select) = body.rows { select.from?.collect(into: &relations) }
    }
    var expression = threshold.identity
    while case .column(let reference, _) = expression {
      switch relations[reference.table] {
      case .scan(_, let table): return tables[table].name
      case .derived(_, let body): expression = body.output(reference)
      case .common(_, let index): expression = custom.commonTables[index].output(reference)
      case .join, nil: return "?"
      }
    }
    return "?"
  }
}

extension QueryBody {
  fileprivate func output(_ reference: ColumnReference) -> ResolvedExpression {
    guard case .select(let select) = rows, let index = Int(reference.name.dropFirst()) else {
      return .literal(.boolean(false))
    }
    return select.output[index]
  }
}

extension Relation {
  fileprivate func collect(into found: inout [Int: Relation]) {
    switch self {
    case .scan(let id, _), .derived(let id, _), .common(let id, _): found[id] = self
    case .join(_, let left, let right, _):
      left.collect(into: &found)
      right.collect(into: &found)
    }
  }
}
