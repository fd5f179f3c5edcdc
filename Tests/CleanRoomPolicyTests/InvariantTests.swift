import CleanRoomModel
import CleanRoomSQL
import Testing

@testable import CleanRoomPolicy

/// Random queries over the how-to's tables: whatever is approved keeps both rules, as a second, smaller reading of the
/// rules sees it.
@Suite struct InvariantTests {
  @Test func approvedQueriesKeepTheRules() throws {
    let context = Fixture.context([try Fixture.purchases(), try Fixture.impressions()])
    var generator = SplitMix(state: 7)
    var approved = 0
    for _ in 0..<6_000 {
      let sql = RandomQuery(&generator).text
      guard case .approved(let query) = QueryPolicy.check(sql: sql, in: context) else { continue }
      approved += 1
      try Self.check(query, sql)
    }
    #expect(approved > 40, "\(approved)")
  }

  private static let dimensions: [String: Set<String>] = [
    "purchases": ["product_category", "store_region", "purchase_date"],
    "ad_impressions": ["campaign_name", "impression_date", "channel"],
  ]

  private static func check(_ query: ApprovedQuery, _ sql: String) throws {
    let comment = Comment(rawValue: sql)
    func isDimension(_ reference: ColumnReference) -> Bool {
      dimensions[query.tables[reference.table].name]?.contains(reference.name) == true
    }
    let names = query.tables.map(\.name)
    #expect(
      Set(names).count == names.count && names.contains("purchases") && names.contains("ad_impressions"),
      comment)
    #expect(query.joins.count == query.tables.count - 1, comment)
    for (left, right) in query.joins.flatMap(\.equalities) {
      #expect(
        left.table != right.table && left.name == "hashed_email" && right.name == "hashed_email", comment)
    }
    for expression in query.filter {
      #expect(expression.columns.allSatisfy(isDimension) && !expression.hasAggregate, comment)
    }
    let shown =
      query.output.map(\.expression) + query.order.map(\.expression) + [query.having].compactMap { $0 }
    #expect(shown.allSatisfy { $0.keepsRules(isDimension) }, comment)
    #expect(query.output.contains { $0.expression.hasAggregate }, comment)
    #expect(
      query.thresholds == [
        Threshold(
          column: ColumnReference(table: names[0] == "purchases" ? 0 : 1, name: "hashed_email"), minimum: 25)
      ], comment)
  }
}

extension ResolvedExpression {
  fileprivate var hasAggregate: Bool {
    if case .aggregate = self { return true }
    return children.contains(where: \.hasAggregate)
  }

  fileprivate func keepsRules(_ isDimension: (ColumnReference) -> Bool) -> Bool {
    switch self {
    case .column(let reference, _): isDimension(reference)
    case .aggregate(.sum, let reference, _, _), .aggregate(.avg, let reference, _, _):
      reference.name == "purchase_amount"
    case .aggregate(.countDistinct, let reference, _, _): reference.name == "hashed_email"
    case .aggregate: false
    default: children.allSatisfy { $0.keepsRules(isDimension) }
    }
  }
}

/// Mostly well-formed, often forbidden.
struct RandomQuery {
  let text: String

  init(_ generator: inout SplitMix) {
    func pick(_ choices: [String]) -> String { choices[Int.random(in: choices.indices, using: &generator)] }
    func column() -> String {
      pick([
        "p.store_region", "p.product_category", "p.purchase_date", "a.campaign_name", "a.channel",
        "a.impression_date",
        "p.hashed_email", "a.hashed_email", "p.purchase_amount", "store_region", "hashed_email", "p.secret",
        "x",
      ])
    }
    func value() -> String {
      pick([
        column(), column(), "YEAR(\(column()))", "MONTH(p.purchase_date)", "UPPER(\(column()))", "'x'", "5",
        "*",
      ])
    }
    func aggregate() -> String {
      pick([
        "SUM(p.purchase_amount)", "AVG(p.purchase_amount)", "COUNT(DISTINCT p.hashed_email)",
        "COUNT(p.hashed_email)",
        "SUM(\(column()))", "COUNT(DISTINCT \(column()))", "MAX(\(column()))", "COUNT(*)",
        "SUM(p.purchase_amount) + 1",
      ])
    }
    func condition() -> String {
      pick([
        "\(column()) = 'x'", "\(value()) > 5", "\(column()) IN ('a', 'b')", "\(column()) = \(column())",
        "TRUE",
        "\(column()) LIKE 'a%'", "\(column()) IS NULL", "YEAR(p.purchase_date) = 2025",
        "\(column()) < '2025-01-01'",
      ])
    }
    let keys = (0..<Int.random(in: 0...2, using: &generator)).map { _ in value() }
    let items = keys + [aggregate()]
    let on = pick([
      "p.hashed_email = a.hashed_email", "p.hashed_email = a.hashed_email", "a.hashed_email = p.hashed_email",
      "p.hashed_email = a.hashed_email OR \(condition())", "\(column()) = \(column())", "TRUE",
    ])
    let join = pick(["JOIN", "INNER JOIN", "JOIN", "LEFT JOIN", "CROSS JOIN"])
    let from = pick(["purchases p \(join) ad_impressions a", "ad_impressions a \(join) purchases p"])
    var text = "SELECT \(pick(["", "", "DISTINCT "]))\(items.joined(separator: ", ")) FROM \(from) ON \(on)"
    if Bool.random(using: &generator) {
      text += " WHERE \(condition()) \(pick(["AND", "OR"])) \(condition())"
    }
    if !keys.isEmpty { text += " GROUP BY \(keys.joined(separator: ", "))" }
    if Bool.random(using: &generator) {
      text += " HAVING \(aggregate()) > \(pick(["1", "\(column())", "100"]))"
    }
    if Bool.random(using: &generator) { text += " ORDER BY \(pick([value(), aggregate(), "1"]))" }
    self.text = text
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
