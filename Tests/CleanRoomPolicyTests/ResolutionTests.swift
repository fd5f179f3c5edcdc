import CleanRoomModel
import CleanRoomSQL
import Testing

@testable import CleanRoomPolicy

/// What permitted clauses come to: names, types and constants settled, nothing turned round on the way.
@Suite struct ResolutionTests {
  private static let context = try? CorpusTests.cases().first { $0.tables.contains { $0.name == "sales" } }?.context

  private static func query(_ rest: String, select: String = "COUNT(person)") throws -> ApprovedQuery {
    let context = try #require(Self.context)
    let sql = "SELECT \(select) FROM sales \(rest)"
    switch QueryPolicy.check(sql: sql, in: context) {
    case .approved(let query): return query
    case .refused(let reasons): throw CaseError(description: "\(sql): \(reasons.map(\.message))")
    }
  }

  private static let conditionCases: [(String, String)] = [
    ("region = 'west'", "(region = 'west')"),
    ("region <> 'west' AND whole < 5", "(region <> 'west') && (whole < int 5)"),
    ("whole > 1 OR whole <= 3", "((whole > int 1) OR (whole <= int 3))"),
    ("NOT (whole >= 4)", "NOT (whole >= int 4)"),
    ("region != 'a'", "(region <> 'a')"),
    ("tiny = 5", "(tiny = int 5)"),
    ("tiny = 500", "(CAST(tiny AS int) = int 500)"),
    ("whole = 3000000000", "(CAST(whole AS bigint) = bigint 3000000000)"),
    ("whole = 1.5", "(CAST(whole AS decimal(11,1)) = decimal(11,1) 1.5)"),
    ("price = 7", "(price = decimal(12,2) 7.00)"),
    ("price = 9.999", "(CAST(price AS decimal(13,3)) = decimal(13,3) 9.999)"),
    ("price > 1e2", "(CAST(price AS double) > double(100.0))"),
    ("score = 1", "(score = double(1.0))"),
    ("score < 2.5", "(score < double(2.5))"),
    ("weight <= 1e3", "(CAST(weight AS double) <= double(1000.0))"),
    ("whole < big", "(CAST(whole AS bigint) < big)"),
    ("whole < score", "(CAST(whole AS double) < score)"),
    ("price < whole", "(price < CAST(whole AS decimal(12,2)))"),
    ("5 < whole", "(int 5 < whole)"),
    ("-5 < whole", "(int -5 < whole)"),
    ("day = '2025-12-24'", "(day = date(20446))"),
    ("day < TIMESTAMP '2025-12-24 12:00:00'", "(CAST(day AS timestamp) < timestamp(1766577600000000))"),
    ("moment > '2025-12-24'", "(moment > timestamp(1766534400000000))"),
    ("moment = '2025-12-24T10:00:00.5'", "(moment = timestamp(1766570400500000))"),
    ("moment > day", "(moment > CAST(day AS timestamp))"),
    ("day < CURRENT_DATE", "(day < date(20439))"),
    ("moment < GETDATE()", "(moment < timestamp(1766000000000000))"),
    ("region = NULL", "(region = NULL of string)"),
    ("whole = NULL", "(whole = NULL of int)"),
    ("member", "member"),
    ("NOT member", "NOT member"),
    ("member = FALSE", "(member = boolean(false))"),
    ("region IN ('a', NULL)", "region IN ('a', NULL of string)"),
    ("whole NOT IN (1, -2)", "whole NOT IN (int 1, int -2)"),
    ("price IN (1, 2.5)", "price IN (decimal(12,2) 1.00, decimal(12,2) 2.50)"),
    ("day NOT IN ('2025-01-01', DATE '2024-02-29')", "day NOT IN (date(20089), date(19782))"),
    ("whole BETWEEN 1 AND 5", "((whole >= int 1) AND (whole <= int 5))"),
    ("whole NOT BETWEEN 1 AND 5", "NOT ((whole >= int 1) AND (whole <= int 5))"),
    ("region LIKE 'a%'", "region LIKE 'a%' ESCAPE \\"),
    ("region NOT LIKE 'a!_' ESCAPE '!'", "region NOT LIKE 'a!_' ESCAPE !"),
    ("region IS NULL", "region IS NULL"),
    ("region IS NOT NULL", "region IS NOT NULL"),
    ("whole + 1 > 2", "((CAST(whole AS bigint) + int 1) bigint > int 2)"),
    ("whole - tiny > 2", "((CAST(whole AS bigint) - CAST(tiny AS bigint)) bigint > int 2)"),
    ("price * 1.5 > 2", "((price * decimal(2,1) 1.5) decimal(14,3) > decimal(14,3) 2.000)"),
    ("price + 1 > 2", "((CAST(price AS decimal(13,2)) + decimal(13,2) 1.00) decimal(13,2) > decimal(13,2) 2.00)"),
    (
      "price + whole > 2",
      "((CAST(price AS decimal(13,2)) + CAST(whole AS decimal(13,2))) decimal(13,2) > decimal(13,2) 2.00)"
    ),
    ("score * 2 > 1", "((score * double(2.0)) double > double(1.0))"),
    ("score - weight > 1", "((score - CAST(weight AS double)) double > double(1.0))"),
    ("-whole < 5", "((int 0 - CAST(whole AS bigint)) bigint < int 5)"),
    ("day + 7 > '2025-12-01'", "(addDays(day, int 7) date > date(20423))"),
    ("7 + day > '2025-12-01'", "(addDays(day, int 7) date > date(20423))"),
    ("day - 7 > '2025-12-01'", "(addDays(day, int -7) date > date(20423))"),
    ("day < DATE '2025-12-31' + 1", "(day < date(20454))"),
    ("day > DATE '0001-01-02' - 1", "(day > date(-719162))"),
    ("UPPER(region) = 'X'", "(upper(region) string = 'X')"),
    ("TRUE", "boolean(true)"),
    ("1 = 1", "(int 1 = int 1)"),
  ]

  private static let valueCases: [(String, String)] = [
    ("ABS(price)", "abs(price) decimal(12,2)"),
    ("CEILING(price)", "ceiling(price) decimal(11,0)"),
    ("CEIL(score)", "ceiling(score) bigint"),
    ("FLOOR(whole)", "floor(whole) bigint"),
    ("ROUND(price)", "round(price, int 0) decimal(11,0)"),
    ("ROUND(price, 1)", "round(price, int 1) decimal(12,1)"),
    ("ROUND(price, 5)", "round(price, int 2) decimal(13,2)"),
    ("ROUND(whole)", "whole"),
    ("ROUND(score)", "round(score, int 0) double"),
    ("SQRT(price)", "sqrt(CAST(price AS double)) double"),
    ("LN(whole)", "ln(CAST(whole AS double)) double"),
    ("LOG(score)", "ln(score) double"),
    ("LOG(10, price)", "log(double(10.0), CAST(price AS double)) double"),
    ("TRUNC(price)", "truncate(price) decimal(12,2)"),
    ("TRUNC(whole)", "whole"),
    ("TRUNC(day, 'mm')", "truncateDate('month', day) date"),
    ("TRUNC(moment, 'week')", "truncateDate('week', CAST(moment AS date)) date"),
    ("LOWER(region)", "lower(region) string"),
    ("TRIM(region)", "trim(region) string"),
    ("TRIM(LEADING FROM region)", "ltrim(region) string"),
    ("TRIM(TRAILING FROM region)", "rtrim(region) string"),
    ("RTRIM(region)", "rtrim(region) string"),
    ("SUBSTRING(region, 2)", "substring(region, int 2, int 2147483647) string"),
    ("SUBSTRING(region, 0, 3)", "substring(region, int 1, int 3) string"),
    ("SUBSTRING(region, 1, -1)", "substring(region, int 1, int 0) string"),
    ("COALESCE(region, 'x')", "coalesce(region, 'x') string"),
    ("COALESCE(tiny, big)", "coalesce(CAST(tiny AS bigint), big) bigint"),
    ("COALESCE(moment, day)", "coalesce(moment, CAST(day AS timestamp)) timestamp"),
    ("EXTRACT(YEAR FROM day)", "year(day) int"),
    ("EXTRACT(MONTH FROM moment)", "month(moment) int"),
    ("YEAR(day)", "year(day) int"),
    ("EXTRACT(QUARTER FROM day)", "quarter(day) int"),
    ("EXTRACT(WEEK FROM day)", "week(day) int"),
    ("EXTRACT(DAY FROM day)", "day(day) int"),
    ("EXTRACT(DOW FROM day)", "dayOfWeek(day) int"),
    ("EXTRACT(DOY FROM day)", "dayOfYear(day) int"),
    ("EXTRACT(HOUR FROM moment)", "hour(moment) int"),
    ("EXTRACT(MINUTE FROM moment)", "minute(moment) int"),
    ("TO_DATE(moment)", "CAST(moment AS date)"),
    ("TO_DATE(day)", "day"),
    ("TO_TIMESTAMP(day)", "CAST(day AS timestamp)"),
    ("TO_TIMESTAMP(moment)", "moment"),
    ("DATEADD(day, 3)", "addDays(day, int 3) date"),
    ("DATEADD(day, -3)", "addDays(day, int -3) date"),
    ("DATEADD(hour, 2, moment)", "addUnits('hour', int 2, moment) timestamp"),
    ("DATEADD(month, 1, day)", "addUnits('month', int 1, CAST(day AS timestamp)) timestamp"),
    ("CAST(price AS INT)", "CAST(price AS int)"),
    ("CAST(whole AS STRING)", "CAST(whole AS string)"),
    ("CAST(whole AS DECIMAL(20,2))", "CAST(whole AS decimal(20,2))"),
    ("CAST(day AS TIMESTAMP)", "CAST(day AS timestamp)"),
    ("CAST(moment AS DATE)", "CAST(moment AS date)"),
    ("CAST(member AS STRING)", "CAST(member AS string)"),
    ("CAST(weight AS DOUBLE)", "CAST(weight AS double)"),
    ("CAST(price AS DOUBLE)", "CAST(price AS double)"),
    ("CAST(price AS DECIMAL(10,1))", "CAST(price AS decimal(10,1))"),
    ("CAST(region AS STRING)", "region"),
    ("CAST(price AS STRING)", "CAST(price AS string)"),
    ("region::string", "region"),
  ]

  @Test(arguments: Self.conditionCases) func conditions(_ sql: String, _ meaning: String) throws {
    let found = try Self.query("WHERE \(sql)").filter.map(\.spelled).joined(separator: " && ")
    #expect(found == meaning, "\(sql)")
  }

  @Test(arguments: Self.valueCases) func values(_ sql: String, _ meaning: String) throws {
    let query = try Self.query("GROUP BY \(sql)", select: "\(sql), COUNT(person)")
    #expect(query.output[0].expression.spelled == meaning, "\(sql)")
    #expect(query.shape == .aggregation(grouping: [query.output[0].expression]))
  }

  @Test(arguments: [
    ("HAVING COUNT(person) > 5", "(COUNT(person) > int 5)"),
    ("HAVING 5.5 >= AVG(whole_m)", "(double(5.5) >= AVG(whole_m))"),
    (
      "HAVING SUM(price_m) BETWEEN -1 AND 2.50",
      "((SUM(price_m) >= decimal(22,2) -1.00) AND (SUM(price_m) <= decimal(22,2) 2.50))"
    ),
    (
      "HAVING (COUNT(person) = 1 OR SUM(price_m) <> 2) AND AVG(score_m) < 3",
      "(((COUNT(person) = int 1) OR (SUM(price_m) <> decimal(22,2) 2.00)) AND (AVG(score_m) < double(3.0)))"
    ),
  ])
  func having(_ sql: String, _ meaning: String) throws {
    #expect(try Self.query(sql).having?.spelled == meaning, "\(sql)")
  }

  @Test(arguments: [
    ("ORDER BY region", "region ascending, nulls first"), ("ORDER BY 1 DESC", "region descending, nulls last"),
    ("ORDER BY n DESC NULLS FIRST", "COUNT(person) descending, nulls first"),
    ("ORDER BY SUM(price_m) ASC NULLS LAST", "SUM(price_m) ascending, nulls last"),
    ("ORDER BY day, region DESC", "day ascending, nulls first; region descending, nulls last"),
  ])
  func order(_ sql: String, _ meaning: String) throws {
    let query = try Self.query("GROUP BY region, day \(sql) LIMIT 7", select: "region, COUNT(person) AS n")
    let keys = query.order.map { key in
      "\(key.expression.spelled) \(key.descending ? "descending" : "ascending"), nulls \(key.nullsFirst ? "first" : "last")"
    }
    #expect(keys.joined(separator: "; ") == meaning && query.limit == 7)
  }

  @Test func aggregatesHaveSparksTypes() throws {
    let calls = [
      "COUNT(person)", "COUNT(DISTINCT person)", "SUM(tiny_m)", "SUM(price_m)", "SUM(DISTINCT price_m)", "SUM(score_m)",
      "AVG(whole_m)", "AVG(price_m)", "AVG(score_m)",
    ]
    let types = try Self.query("", select: calls.joined(separator: ", ")).output.map(\.expression.type.description)
    #expect(
      types == [
        "bigint", "bigint", "bigint", "decimal(22,2)", "decimal(22,2)", "double", "double", "decimal(16,6)", "double",
      ])
  }
}
