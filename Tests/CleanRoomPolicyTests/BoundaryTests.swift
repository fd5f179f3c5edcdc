import CleanRoomModel
import CleanRoomSQL
import Testing

@testable import CleanRoomPolicy

/// The last value on each side of a limit.
@Suite struct BoundaryTests {
  private static func decimal(_ precision: Int, _ scale: Int) -> ResolvedExpression {
    .column(ColumnReference(table: 0, name: "x"), .decimal(precision: precision, scale: scale))
  }

  private func isExact(_ value: ResolvedExpression, _ type: String, _ arguments: [Int] = []) -> Bool {
    if case .resolved = CastRules.resolve(value, to: TypeName(name: type, arguments: arguments)) { return true }
    return false
  }

  @Test func castsAreExact() {
    #expect(isExact(Self.decimal(15, 3), "DOUBLE") && !isExact(Self.decimal(16, 3), "DOUBLE"))
    #expect(isExact(Self.decimal(20, 6), "STRING") && !isExact(Self.decimal(20, 7), "STRING"))
    #expect(isExact(Self.decimal(20, 6), "DECIMAL", [38, 0]) && !isExact(Self.decimal(20, 6), "DECIMAL", [39, 0]))
    #expect(!isExact(Self.decimal(20, 6), "STRING", [5]) && !isExact(Self.decimal(20, 6), "DATE"))
  }

  @Test func numbersHaveAtMost38Digits() {
    let most = String(repeating: "9", count: 38)
    #expect(LiteralReader.read(.integer(most)) != nil && LiteralReader.read(.integer(most + "9")) == nil)
    #expect(LiteralReader.read(.decimal("0." + most)) != nil && LiteralReader.read(.decimal("0." + most + "9")) == nil)
    #expect(LiteralReader.read(.integer("9223372036854775807")) == .integer(.max))
    #expect(
      LiteralReader.read(.integer("9223372036854775808"))
        == .decimal("9223372036854775808", precision: 19, scale: 0))
    #expect(LiteralReader.read(.integer("9223372036854775808"), isNegative: true) == .integer(.min))
    #expect(LiteralReader.read(.integer("000")) == .integer(0))
    #expect(LiteralReader.read(.double("1e308")) != nil && LiteralReader.read(.double("1e309")) == nil)
    #expect(LiteralReader.read(.double("1e1"), isNegative: true) == .double(-10))
  }

  @Test func sumsHaveAtMost38Digits() {
    func result(_ operation: ArithmeticOperator, _ left: Int, _ right: Int) -> ColumnType? {
      Arithmetic.resolve(operation, Self.decimal(left, 0), Self.decimal(right, 0))?.type
    }
    #expect(result(.add, 37, 5) == .decimal(precision: 38, scale: 0) && result(.subtract, 38, 5) == nil)
    #expect(result(.multiply, 30, 8) == .decimal(precision: 38, scale: 0) && result(.multiply, 30, 9) == nil)
    #expect(Coercion.widest(.decimal(precision: 38, scale: 0), .decimal(precision: 3, scale: 1)) == nil)
    #expect(
      Coercion.widest(.decimal(precision: 37, scale: 0), .decimal(precision: 3, scale: 1))
        == .decimal(precision: 38, scale: 1))
  }

  @Test func constantsFitTheirColumns() {
    let types: [(Int64, ColumnType)] = [(127, .tinyint), (32_767, .smallint), (2_147_483_647, .integer)]
    for (most, type) in types {
      #expect(TypedLiteral.integer(most).converted(to: type) == .integer(most))
      #expect(TypedLiteral.integer(most + 1).converted(to: type) == nil)
      #expect(TypedLiteral.integer(-most - 1).converted(to: type) != nil)
      #expect(TypedLiteral.integer(-most - 2).converted(to: type) == nil)
    }
    let narrow = ColumnType.decimal(precision: 4, scale: 2)
    #expect(TypedLiteral.integer(99).converted(to: narrow) == .decimal("99.00", precision: 4, scale: 2))
    #expect(TypedLiteral.integer(100).converted(to: narrow) == nil)
    #expect(TypedLiteral.decimal("-9.9", precision: 2, scale: 1).converted(to: narrow) != nil)
    #expect(TypedLiteral.decimal("1.001", precision: 4, scale: 3).converted(to: narrow) == nil)
    #expect(
      TypedLiteral.integer(5).converted(to: .decimal(precision: 3, scale: 0)) == .decimal("5", precision: 3, scale: 0))
    #expect(TypedLiteral.integer((1 << 53) + 1).converted(to: .double) == nil)
  }

  @Test(arguments: [
    ("2024-02-29", true), ("2025-02-29", false), ("1900-02-29", false), ("2000-02-29", true), ("0001-01-01", true),
    ("0000-12-31", false), ("9999-12-31", true), ("2025-04-30", true), ("2025-04-31", false), ("2025-12-32", false),
    ("2025-13-01", false), ("2025-00-10", false), ("2025-01-00", false), ("2025-1-01", false), ("20250-1-1", false),
    ("2025/01/01", false), ("2025-01/01", false), ("+025-01-01", false), ("2025-01-01 ", false), ("", false),
  ])
  func dates(_ text: String, _ isDate: Bool) { #expect((CalendarText.date(text) != nil) == isDate) }

  @Test(arguments: [
    ("2025-01-01 00:00:00", true), ("2025-01-01T23:59:59.999999", true), ("2025-01-01", true),
    ("2025-01-01 24:00:00", false), ("2025-01-01 23:60:00", false), ("2025-01-01 23:59:60", false),
    ("2025-01-01 23:59:59.", false), ("2025-01-01 23:59:59.1234567", false), ("2025-01-01 23:59", false),
    ("2025-01-01_23:59:59", false), ("2025-01-01 23-59:59", false), ("2025-01-01 23:59-59", false),
    ("2025-01-01 23:59:59,5", false), ("2025-02-30 00:00:00", false),
  ])
  func moments(_ text: String, _ isMoment: Bool) { #expect((CalendarText.timestamp(text) != nil) == isMoment) }

  @Test func daysAreCountedFrom1970() {
    #expect(CalendarText.date("1970-01-01") == 0 && CalendarText.date("1969-12-31") == -1)
    #expect(CalendarText.date("2000-02-29") == 11_016 && CalendarText.date("2000-03-01") == 11_017)
    #expect(CalendarText.date("0001-01-01") == CalendarText.days.lowerBound)
    #expect(CalendarText.date("9999-12-31") == CalendarText.days.upperBound)
    #expect(CalendarText.timestamp("1970-01-02 01:02:03.04") == 90_123_040_000)
    #expect(CalendarText.timestamp("1969-12-31 23:59:59.999999") == -1)
  }

  @Test(arguments: [
    ("a%", nil, true), ("a\\%b", nil, true), ("a\\\\", nil, true), ("a\\", nil, false), ("a\\b", nil, false),
    ("a!_", "!", true), ("a!!", "!", true), ("a!", "!", false), ("a!b", "!", false), ("a\\b", "!", true),
    ("a", "", false), ("a", "ab", false), ("a", "é", false), ("a%_", "%", true), ("a%b", "%", false),
  ])
  func patterns(_ text: String, _ escape: String?, _ isPattern: Bool) {
    let pattern = LikePattern(
      Expression(.literal(.string(text))), escape: escape.map { Expression(.literal(.string($0))) })
    #expect((pattern != nil) == isPattern, "\(text) \(escape ?? "")")
  }

  @Test func queriesHaveAtMostAThousandItems() throws {
    let tables = [try Fixture.purchases(), try Fixture.impressions()]
    let from = "FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email"
    func reasons(_ count: Int, _ clause: String) -> [RefusalReason.Code] {
      let items = Array(repeating: "store_region", count: count).joined(separator: ", ")
      let sql =
        switch clause {
        case "SELECT": "SELECT \(items), SUM(purchase_amount) \(from) GROUP BY store_region"
        default: "SELECT SUM(purchase_amount) \(from) GROUP BY store_region\(clause)\(items)"
        }
      guard case .refused(let reasons) = QueryPolicy.check(sql: sql, in: Fixture.context(tables)) else { return [] }
      return reasons.map(\.code)
    }
    #expect(reasons(999, "SELECT").isEmpty && reasons(1_000, "SELECT") == [.limitExceeded])
    #expect(reasons(999, ", ").isEmpty && reasons(1_000, ", ") == [.limitExceeded])
    #expect(reasons(1_000, " ORDER BY ").isEmpty && reasons(1_001, " ORDER BY ") == [.limitExceeded])
  }

  @Test func unknownRequirementsAreTheStrictest() throws {
    var table = try Fixture.purchases()
    guard case .aggregation(var rule) = table.rule else { return }
    rule.joinRequired = "SOMEBODY"
    table.rule = .aggregation(rule)
    let sql = "SELECT SUM(purchase_amount) FROM purchases"
    guard case .refused(let reasons) = QueryPolicy.check(sql: sql, in: Fixture.context([table])) else {
      Issue.record("permitted")
      return
    }
    #expect(reasons.map(\.code) == [.joinRequired])
  }
}
