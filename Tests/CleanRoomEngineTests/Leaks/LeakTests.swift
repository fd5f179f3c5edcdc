import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import Foundation
import Testing

/// Results say nothing that a rule keeps back, whatever reading of the query the checker has: permitted random queries
/// are planned and run over random rows, and over rows that differ in nothing but what must not show.
/// `CLEANROOM_LEAK_QUERIES` sets how many, `CLEANROOM_LEAK_SEED` where they begin.
@Suite struct LeakTests {
  private static func setting(_ name: String, _ otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
  }
  private static var count: Int { setting("CLEANROOM_LEAK_QUERIES", 200) }
  private static var seed: UInt64 { UInt64(setting("CLEANROOM_LEAK_SEED", 1)) }

  /// Random permitted queries, each with its plan.
  private func forEachPlan(
    _ habits: RandomCustomQuery.Habits, count: Int = count, _ random: inout SplitMix,
    rules: (inout SplitMix) -> [String: CustomRule],
    _ body: (String, QueryPlan, inout SplitMix) throws -> Bool
  ) throws {
    var (permitted, leaks, tried, failed) = (0, 0, 0, 0)
    while permitted < count, leaks < 5, tried < count * 100 {
      tried += 1
      let sql = RandomCustomQuery.text(habits, &random)
      guard let plan = try LeakRoom.plan(sql, rules(&random)) else { continue }
      permitted += 1
      do {
        if try !body(sql, plan, &random) { leaks += 1 }
      } catch {
        failed += 1
        print("leaks: the engine cannot run \(sql)")
      }
    }
    print("leaks: \(permitted) queries of \(tried) permitted, \(leaks) leaks")
    #expect(permitted == count || leaks > 0, "only \(permitted) of \(tried) queries are permitted")
    // A failure is the same whatever the data, and shows nothing; but queries ought to run.
    #expect(failed * 50 <= count, "the engine cannot run \(failed) of \(permitted) queries")
  }

  /// Too few identities are as good as none: the result is the one over an empty table.
  @Test func fewerThanTheMinimumAreAsNobody() throws {
    let bench = try LeakBench()
    var random = SplitMix(state: Self.seed)
    var habits = RandomCustomQuery.Habits()
    habits.countsWholeTables = false
    var awake = 0
    for (table, minimum) in [("people", 1_000), ("visits", 1_000), ("cards", 4)] {
      try forEachPlan(
        habits, count: Self.count / 3, &random,
        rules: { random in
          var rules = [table: LeakRoom.threshold(minimum)]
          for other in ["people", "visits"] where other != table && random.chance(4) {
            rules[other] = LeakRoom.threshold(2)
          }
          return rules
        }
      ) { sql, plan, random in
        let data = LeakData.random(people: minimum == 4 ? 3 : 9, rows: 25, &random)
        let with = try bench.rows(of: plan, over: data)
        let without = try bench.rows(of: plan, over: data.without(table), salt: 1)
        if !with.isEmpty { awake += 1 }
        if with == without { return true }
        Issue.record("\(table): \(sql)\nwith: \(with)\nwithout: \(without)\n\(data)\n\(plan.combination.sql)")
        return false
      }
    }
    #expect(awake * 20 > Self.count, "only \(awake) queries had a result at all")
  }

  /// What only a few people have in common shows nowhere, though a table as a whole has enough people.
  @Test func valuesOfAFewDoNotShow() throws {
    let bench = try LeakBench()
    var random = SplitMix(state: Self.seed &+ 1)
    var habits = RandomCustomQuery.Habits()
    habits.showsExtremes = false
    var (shown, minimum) = (0, 3)
    try forEachPlan(
      habits, &random,
      rules: { random in
        minimum = 2 + random.below(3)
        return Dictionary(
          uniqueKeysWithValues: ["people", "visits", "cards"].map { ($0, LeakRoom.threshold(minimum)) })
      }
    ) { sql, plan, random in
      var data = LeakData.random(people: 9, rows: 60, &random)
      for table in RandomCustomTables.all {
        let few = Set(data.identities(of: table.name).sorted().prefix(minimum - 1))
        data = data.marking(few, of: table.name, as: "lone-\(table.name)")
      }
      let rows = try bench.rows(of: plan, over: data)
      if !rows.isEmpty { shown += 1 }
      guard rows.contains(where: { $0.uppercased().contains("LO") }) else { return true }
      Issue.record("\(sql)\n\(rows)\n\(data)\n\(plan.combination.sql)")
      return false
    }
    #expect(shown * 10 > Self.count, "only \(shown) queries had a result at all")
  }

  /// Values of a disallowed output column may be compared, but which they are shows nowhere.
  @Test func disallowedValuesDoNotShow() throws {
    let bench = try LeakBench()
    var random = SplitMix(state: Self.seed &+ 2)
    var habits = RandomCustomQuery.Habits()
    habits.opaque = "mail"
    var rule = LeakRoom.open
    rule.disallowedOutputColumns = ["mail"]
    let rules = Dictionary(uniqueKeysWithValues: ["people", "visits", "cards"].map { ($0, rule) })
    var shown = 0
    try forEachPlan(habits, &random, rules: { _ in rules }) { sql, plan, random in
      let data = LeakData.random(people: 9, rows: 12, &random)
      let rows = try bench.rows(of: plan, over: data)
      let renamed = try bench.rows(of: plan, over: data.renamed, salt: 1)
      if !rows.isEmpty { shown += 1 }
      if rows == renamed { return true }
      Issue.record("\(sql)\n\(rows)\n\(renamed)\n\(data)\n\(plan.combination.sql)")
      return false
    }
    #expect(shown * 2 > Self.count, "only \(shown) queries had a result at all")
  }
}
