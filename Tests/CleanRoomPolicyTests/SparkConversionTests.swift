import CleanRoomModel
import CleanRoomSQL
import Testing

@testable import CleanRoomPolicy

/// Casts, common types and intervals that give what Spark gives, or nothing.
@Suite struct SparkConversionTests {
  private static func column(_ type: ColumnType) -> ResolvedExpression {
    .column(ColumnReference(table: 0, name: "x"), type)
  }

  // MARK: Casts

  @Test(arguments: [
    (ColumnType.boolean, ColumnType.integer, true), (.boolean, .string, true), (.boolean, .date, false),
    (.integer, .boolean, true), (.string, .boolean, true), (.date, .boolean, false), (.timestamp, .boolean, false),
    (.date, .string, true), (.timestamp, .string, true), (.date, .timestamp, true), (.timestamp, .date, true),
    (.string, .date, true), (.string, .double, true), (.string, .decimal(precision: 10, scale: 2), true),
    (.string, .integer, true), (.string, .real, false), (.string, .timestamp, false),
    (.decimal(precision: 12, scale: 6), .string, true), (.decimal(precision: 12, scale: 7), .string, false),
    (.real, .string, false), (.double, .string, false), (.real, .tinyint, false), (.real, .smallint, false),
    (.double, .tinyint, false), (.double, .smallint, false), (.double, .integer, true),
    (.real, .decimal(precision: 10, scale: 2), false), (.double, .decimal(precision: 10, scale: 2), true),
    (.integer, .string, true), (.integer, .date, false), (.date, .integer, false),
  ])
  func casts(_ source: ColumnType, _ target: ColumnType, _ isExact: Bool) {
    let value = Self.column(source)
    switch SparkCast.resolve(value, type: target, isTry: false) {
    case .resolved(let expression): #expect(isExact && expression == .cast(value, target), "\(source) to \(target)")
    default: #expect(!isExact, "\(source) to \(target)")
    }
  }

  @Test func constantsAreCastAtOnce() {
    let text = ResolvedExpression.literal(.string("2025-06-01"))
    #expect(Self.resolved(SparkCast.resolve(text, type: .date, isTry: false)) == .literal(.date(20_240)))
    // A narrower constant stays a cast: 7 is an INT wherever it stands.
    let seven = ResolvedExpression.literal(.integer(7))
    #expect(Self.resolved(SparkCast.resolve(seven, type: .bigint, isTry: false)) == .cast(seven, .bigint))
    #expect(Self.resolved(SparkCast.toText(seven)) == .literal(.string("7")))
    #expect(Self.resolved(SparkCast.toText(Self.column(.integer))) == .cast(Self.column(.integer), .string))
  }

  private static func resolved(_ result: FunctionResult) -> ResolvedExpression? {
    if case .resolved(let expression) = result { expression } else { nil }
  }

  // MARK: Common types

  private static func types(_ operands: [ResolvedExpression]?) -> [ColumnType]? { operands?.map(\.type) }

  @Test func floatStaysFloatBesideWholeNumbers() {
    let real = Self.column(.real)
    for other in [ColumnType.tinyint, .integer, .bigint] {
      #expect(Self.types(SparkCoercion.align([real, Self.column(other)])) == [.real, .real])
      #expect(Self.types(SparkCoercion.align([Self.column(other), real])) == [.real, .real])
    }
    let decimal = Self.column(.decimal(precision: 5, scale: 2))
    #expect(Self.types(SparkCoercion.unify([real, decimal])) == [.double, .double])
    #expect(Self.types(SparkCoercion.unify([decimal, real])) == [.double, .double])
    #expect(Coercion.widest(.double, .integer) == .double && Coercion.widest(.double, .string) == nil)
    #expect(Coercion.widest(.integer, .double) == .double && Coercion.widest(.string, .double) == nil)
  }

  @Test func textIsNoNumber() {
    let five = ResolvedExpression.literal(.string("5"))
    #expect(SparkCoercion.unify([five, Self.column(.integer)]) == nil)
    #expect(SparkCoercion.unify([.literal(.null(.string)), five, Self.column(.integer)]) == nil)
    #expect(SparkCoercion.convert(.literal(.string("x")), to: .integer) == nil)
    #expect(SparkCoercion.convert(.literal(.integer(5)), to: .string) == nil)
  }

  @Test func constantsWithoutATypeAdapt() {
    let null = ResolvedExpression.literal(.null(.string))
    #expect(SparkCoercion.unify([null, Self.column(.integer)]) == [.literal(.null(.integer)), Self.column(.integer)])
    #expect(Self.types(SparkCoercion.unify([null, null])) == [.string, .string])
    let day = ResolvedExpression.literal(.string("2025-06-01"))
    #expect(SparkCoercion.unify([day, Self.column(.date)]) == [.literal(.date(20_240)), Self.column(.date)])
    #expect(SparkCoercion.unify([.literal(.string("soon")), Self.column(.date)]) == nil)
    #expect(SparkCoercion.unify([Self.column(.binary), Self.column(.binary)]) == nil)
  }

  @Test func decimalsKeepTheirDigits() {
    func column(_ precision: Int, _ scale: Int) -> ResolvedExpression {
      Self.column(.decimal(precision: precision, scale: scale))
    }
    func type(_ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression) -> ColumnType? {
      Self.resolved(SparkDecimals.arithmetic(operation, left, right))?.type
    }
    #expect(type(.modulo, column(38, 0), column(38, 0)) == .decimal(precision: 38, scale: 0))
    #expect(type(.modulo, column(38, 0), column(38, 1)) == nil)
    // As many places as the quotient of the whole numbers behind them has.
    #expect(type(.divide, column(38, 10), column(20, 2)) == .decimal(precision: 38, scale: 8))
    #expect(type(.divide, column(38, 10), column(20, 1)) == .decimal(precision: 38, scale: 9))
    #expect(type(.divide, column(38, 10), column(38, 0)) == .decimal(precision: 38, scale: 10))
    #expect(type(.divide, column(38, 30), column(20, 2)) == .decimal(precision: 38, scale: 28))
  }

  // MARK: Intervals

  private static func interval(_ text: String, unit: String? = nil, isNegative: Bool = false) -> IntervalConstant? {
    let literal = Expression(.literal(.string(text)))
    return IntervalReader.read(isNegative ? Expression(.negate(literal)) : literal, unit: unit)
  }

  @Test func intervalsAreRead() {
    #expect(Self.interval("7", unit: "DAY") == IntervalConstant(days: 7))
    #expect(Self.interval(" 7 ", unit: "days") == IntervalConstant(days: 7))
    #expect(Self.interval("7", unit: "DAY", isNegative: true) == IntervalConstant(days: -7))
    #expect(Self.interval("-7", unit: "DAY", isNegative: true) == IntervalConstant(days: 7))
    #expect(
      Self.interval("1 year 2 months 3 weeks -4 days 5 hours")
        == IntervalConstant(months: 14, days: 17, microseconds: 18_000_000_000))
    #expect(
      Self.interval("1 minute 2 seconds 3 milliseconds 4 microseconds")
        == IntervalConstant(microseconds: 62_003_004))
    let days = { (count: Int) in String(repeating: "1 day ", count: count) }
    #expect(Self.interval(days(10)) == IntervalConstant(days: 10) && Self.interval(days(11)) == nil)
    #expect(Self.interval("1000000", unit: "DAY") != nil && Self.interval("1000001", unit: "DAY") == nil)
    #expect(Self.interval("-1000000", unit: "DAY") != nil && Self.interval("-1000001", unit: "DAY") == nil)
  }

  @Test(arguments: ["", " ", "1", "1 day 2", "one day", "1 fortnight", "1.5 days", "day 1"])
  func isNoInterval(_ text: String) { #expect(Self.interval(text) == nil) }

  @Test func isNoIntervalOfAUnit() {
    #expect(Self.interval("1 day", unit: "DAY") == nil && Self.interval("1", unit: "FORTNIGHT") == nil)
    #expect(Self.interval("1 day", isNegative: true) == nil)
    #expect(IntervalReader.read(Expression(.literal(.boolean(true))), unit: "DAY") == nil)
  }

  /// The most negative number has no positive counterpart.
  @Test func theSmallestNumberIsNoInterval() throws {
    #expect(Self.interval("\(Int64.min)", unit: "DAY") == nil && Self.interval("\(Int64.min) days") == nil)
    let sql = "SELECT joined + INTERVAL '\(Int64.min)' DAY FROM people"
    guard case .refused(let reasons) = QueryPolicy.check(sql: sql, in: try CustomResolverTests.context()) else {
      Issue.record("permitted")
      return
    }
    #expect(reasons.map(\.code) == [.typeMismatch])
  }
}
