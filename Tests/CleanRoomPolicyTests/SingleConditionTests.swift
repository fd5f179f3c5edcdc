import CleanRoomModel
import CleanRoomSQL
import Foundation
import Testing

@testable import CleanRoomPolicy

/// Conditions that no single query shows.
@Suite struct SingleConditionTests {
  @Test(arguments: [
    (0, 0), (1, 0), (86_399_999, 0), (86_400_000, 1), (172_800_000, 2), (-1, -1), (-86_400_000, -1), (-86_400_001, -2),
  ])
  func todayIsTheDayOfNow(_ milliseconds: Int64, _ day: Int32) {
    let now = Timestamp(milliseconds: milliseconds)
    guard case .resolved(let today)? = KnownFunction("current_date")?.resolve([], modifier: nil, now: now) else {
      Issue.record("no day")
      return
    }
    #expect(today == .literal(.date(day)))
  }

  // MARK: Parameters

  private static func read(_ value: String, _ type: String) -> ParameterReader.Outcome {
    ParameterReader.read(QueryParameter(name: "p", type: type, value: value))
  }

  @Test func numbersOfParametersLookLikeNumbersOfQueries() {
    let long = "1." + String(repeating: "0", count: 396) + "e0"
    #expect(long.count == 400 && Self.read(long, "DOUBLE") == .value(.double(1)))
    #expect(Self.read("0" + long, "DOUBLE") == .wrong)
    for text in [
      "0x1e3", "1_000", "1e", "nan", "infinity", "1 ", " 1", "--1", "+-1", ".5", "", "1,5", "1.2.3", "1e3e3", "0x10",
    ] {
      #expect(Self.read(text, "DOUBLE") == .wrong, "\(text)")
    }
    for text in ["1-2", "1+", "12-", "1.5", "1e3", "99999999999"] {
      #expect(Self.read(text, "INTEGER") == .wrong, "\(text)")
    }
    for text in ["1-2", "1.5-", "1.5.1", "1e3"] { #expect(Self.read(text, "DECIMAL") == .wrong, "\(text)") }
    #expect(Self.read("+12", "INTEGER") == .value(.integer(12)) && Self.read("-12", "BIGINT") == .value(.integer(-12)))
    #expect(Self.read("-1.5e-3", "DOUBLE") == .value(.double(-0.0015)))
  }

  @Test func valuesOfParametersAreMatchedByName() throws {
    let template = try Self.template([
      .init(name: "region", type: "STRING", defaultValue: "EU"), .init(name: "since", type: "DATE", defaultValue: nil),
    ])
    #expect(template.unknownParameters(["region": "US", "since": "x"]) == [])
    #expect(template.unknownParameters(["since": "x", "zone": "y", "area": "z"]) == ["area", "zone"])
    #expect(template.missingParameters([:]) == ["since"] && template.missingParameters(["since": "x"]) == [])
    #expect(template.queryParameters(["since": "x"]).map(\.value) == ["EU", "x"])
  }

  private static func template(_ parameters: [AnalysisTemplate.Parameter]) throws -> AnalysisTemplate {
    AnalysisTemplate(
      id: try #require(AnalysisTemplateID("44444444-4444-4444-8444-444444444444")),
      collaboration: try #require(CollaborationID("11111111-1111-4111-8111-111111111111")),
      membership: try #require(MembershipID("55555555-5555-4555-8555-555555555555")),
      creator: try #require(AccountID("444455556666")), region: "eu-central-1", name: "counts", sql: "SELECT 1",
      parameters: parameters, createdAt: Timestamp(milliseconds: 0))
  }

  // MARK: Sizes

  private static let column = ResolvedExpression.column(ColumnReference(table: 0, name: "x"), .integer)

  @Test func nodesAreCounted() {
    let expression = ResolvedExpression.and([.isNull(Self.column, negated: false), .not(Self.column)])
    #expect(expression.fits(5) && !expression.fits(4) && !expression.fits(1) && Self.column.fits(1))
    #expect(expression.size(upTo: 100) == 5 && expression.size(upTo: 3) == 3)
    let inner = QueryBody(id: 1, rows: .select(SelectBody(from: nil, output: [expression])), columnTypes: [.boolean])
    #expect(ResolvedExpression.subquery(.scalar(inner, .boolean)).size(upTo: 100) == 6)
  }

  @Test func aSetHoldsEachElementOnce() {
    var set: SmallSet<Int> = []
    for number in 0..<40 {
      #expect(set.insert(number) && !set.insert(number))
      #expect((0...number).allSatisfy { set.contains($0) } && !set.contains(number + 1))
    }
    #expect(Array(set) == Array(0..<40))
  }

  @Test func columnsOfATableAreFoundByName() throws {
    guard
      case .approved(let query) = QueryPolicy.check(
        sql: "SELECT age FROM people", in: try CustomResolverTests.context())
    else {
      Issue.record("refused")
      return
    }
    let names = CustomResolverTests.people.map(\.0)
    #expect(names.map { query.tables[0].column($0)?.name } == names && query.tables[0].column("nosuch") == nil)
  }

  /// Every name of USING ties the rows, not the first alone.
  @Test(arguments: [("email", 1), ("email, phone", 2)])
  func everyNameOfUsingIsAnEquality(_ names: String, _ count: Int) throws {
    let folder = try #require(CorpusTests.folder)
    let text = """
      include two-aggregations.tables
      case USING
      query
        SELECT AVG(duration) FROM orders JOIN visits USING (\(names))
      """
    let read = try CaseFileReader.read(text, file: "USING") {
      try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
    }
    let test = try #require(read.first)
    guard case .approved(let query) = QueryPolicy.check(sql: test.sql, in: test.context) else {
      Issue.record("refused")
      return
    }
    #expect(query.joins.map(\.equalities.count) == [count])
    let isSingle = if case .equal = query.joins[0] { true } else { false }
    #expect(isSingle == (count == 1))
  }

  // MARK: Texts that grow

  private static func isBounded(_ sql: String) throws -> Bool {
    switch QueryPolicy.check(sql: sql, in: try CustomResolverTests.context()) {
    case .approved: return true
    case .refused(let reasons):
      #expect(reasons.map(\.message) == [ReasonText.textGrowth], "\(sql)")
      return false
    }
  }

  @Test(arguments: [
    "SELECT REPEAT(REPEAT(region, 1000), 20) FROM people",
    "SELECT REPEAT(REPEAT(REPEAT(region, 10), 10), 10) FROM people",
    "SELECT REPLACE(REPLACE(REPLACE(region, 'a', 'bb'), 'b', 'cc'), 'c', 'dd') FROM people",
    "SELECT REPEAT(CAST(LENGTH(REPEAT(region, 1000)) AS STRING), 1000) FROM people",
    "SELECT REPEAT(SHA2(REPEAT(region, 1000), 256), 1000) FROM people",
    "SELECT REPEAT(region, 1000) FROM people WHERE EXISTS (SELECT REPEAT(page, 1000) FROM visits)",
  ])
  func staysBounded(_ sql: String) throws { #expect(try Self.isBounded(sql)) }

  @Test(arguments: [
    "SELECT REPEAT(REPEAT(region, 1000), 21) FROM people",
    "SELECT REPEAT(x, 1000) FROM (SELECT REPEAT(region, 1000) AS x FROM people)",
    "WITH c AS (SELECT REPEAT(region, 1000) AS x FROM people) SELECT REPEAT(x, 1000) FROM c",
    "SELECT age FROM people ORDER BY REPEAT(REPEAT(region, 1000), 1000)",
    "SELECT 1 FROM people p JOIN visits v ON REPEAT(REPEAT(p.region, 1000), 1000) = v.page",
    "SELECT age FROM people WHERE REPEAT(REPEAT(region, 1000), 1000) = 'x'",
    "SELECT REPEAT((SELECT MAX(REPEAT(page, 1000)) FROM visits), 1000) FROM people",
    "SELECT CONCAT(x, x, x) FROM (SELECT REPEAT(region, 10000) AS x FROM people)",
    "SELECT REPEAT(x, 1000) FROM (SELECT REPEAT(region, 1000) AS x FROM people UNION SELECT page FROM visits)",
    "SELECT REPEAT(x, 1000) FROM (VALUES ('a'), (REPEAT('a', 1000))) AS t(x), people",
  ])
  func growsWithoutEnd(_ sql: String) throws { #expect(try !Self.isBounded(sql)) }
}
