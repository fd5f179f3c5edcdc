import CleanRoomModel
import Testing

/// The functions of the AWS Clean Rooms SQL reference (Spark analytics engine): each is available or refused by name.
struct SparkNameTests {
  private static let available = """
    ANY_VALUE(i) APPROX_COUNT_DISTINCT(i) APPROX_PERCENTILE(i, 0.5) AVG(i) BOOL_AND(b) BOOL_OR(b) COUNT(i) MAX(i)
    MEDIAN(i) MIN(i) PERCENTILE(i, 0.5) STDDEV_SAMP(i) STDDEV_POP(i) SUM(i) VAR_SAMP(i) VAR_POP(i)
    COALESCE(i, 1) GREATEST(i, 1) LEAST(i, 1) IF(b, 1, 2) NULLIF(i, 1) NVL(i, 1) NVL2(i, 1, 2)
    ADD_MONTHS(d, 1) CURRENT_DATE() CURRENT_TIMESTAMP() DATE_ADD(d, 1) DATE_DIFF(d, d) DATE_PART('year', d)
    DATE_TRUNC('DAY', m) DAY(d) DAYOFMONTH(d) DAYOFWEEK(d) DAYOFYEAR(d) EXTRACT(YEAR FROM d) HOUR(m) MINUTE(m)
    MONTH(d) SECOND(m) YEAR(d) TIMESTAMP(d) TO_TIMESTAMP(d) WEEKOFYEAR(d)
    CAST(i AS BIGINT) TO_DATE(s) HEX(s)
    BTRIM(s) CONCAT(s, s) LEFT(s, 1) RIGHT(s, 1) LENGTH(s) LOWER(s) LPAD(s, 3) RPAD(s, 3) LTRIM(s)
    POSITION('a' IN s) REGEXP_COUNT(s, 'a') REGEXP_INSTR(s, 'a') REGEXP_REPLACE(s, 'a', 'b') REGEXP_SUBSTR(s, 'a')
    REPEAT(s, 2) REPLACE(s, 'a', 'b') REVERSE(s) RTRIM(s) SPLIT_PART(s, ',', 1) SUBSTRING(s, 1) TRANSLATE(s, 'a', 'b')
    TRIM(s) UPPER(s)
    ABS(i) ACOS(x) ASIN(x) ATAN(x) ATAN2(x, x) CBRT(x) CEILING(x) COS(x) COT(x) DEGREES(x) DIV(i, i) EXP(x) FLOOR(x)
    LN(x) LOG(x) MOD(i, i) PI() POWER(x, x) RADIANS(x) ROUND(x) SIGN(x) SIN(x) SQRT(x) TRUNC(d, 'MM')
    MD5(s) SHA(s) SHA1(s) SHA2(s, 256)
    """

  private static let refused = """
    CARDINALITY(i) COLLECT_LIST(i) COLLECT_SET(i) SKEWNESS(i) CONVERT_TIMEZONE('UTC', m) FROM_UTC_TIMESTAMP(m, 'UTC')
    TO_CHAR(i, '9') TO_NUMBER(s, '9') BASE64(s) UNBASE64(s) UNHEX(s) ENCODE(s, 'UTF-8') DECODE(s, 'UTF-8')
    STR_TO_MAP(s) FORMAT_STRING('a', i) SPLIT(s, ',') UUID() RAND() RANDOM() XXHASH64(s) AES_ENCRYPT(s, s)
    AES_DECRYPT(s, s) HLL_SKETCH_AGG(i) HLL_SKETCH_ESTIMATE(s) HLL_UNION(s, s) HLL_UNION_AGG(s)
    GET_JSON_OBJECT(s, 'a') TO_JSON(s) ARRAY(i) ARRAY_CONTAINS(s, i) ARRAY_DISTINCT(s) ARRAY_EXCEPT(s, s)
    ARRAY_INTERSECT(s, s) ARRAY_JOIN(s, ',') ARRAY_REMOVE(s, i) ARRAY_SORT(s) ARRAY_UNION(s, s) EXPLODE(s) FLATTEN(s)
    MAP(i, i) NAMED_STRUCT('a', i) STRUCT(i) CONSENT_TCF_V2_DECODE(s) CONSENT_GPP_V1_DECODE(s) TRUNC(x)
    """

  private static let windows = """
    ROW_NUMBER() RANK() DENSE_RANK() LAG(i) LEAD(i) FIRST_VALUE(i) LAST_VALUE(i) NTH_VALUE(i, 2) CUME_DIST()
    PERCENT_RANK() NTILE(3) SUM(i) AVG(i) COUNT(i) MIN(i) MAX(i)
    """

  private static func calls(_ text: String) -> [String] {
    text.split(separator: ")").map { $0.trimmingPrefix { $0.isWhitespace } }.filter { !$0.isEmpty }.map { "\($0))" }
  }

  private static func bench() throws -> QueryBench {
    try QueryBench([
      .init(
        name: "t",
        columns: [
          ("i", .integer), ("s", .string), ("x", .double), ("d", .date), ("m", .timestamp), ("b", .boolean),
        ])
    ])
  }

  @Test func availableNamesRun() throws {
    let bench = try Self.bench()
    for call in Self.calls(Self.available) {
      #expect(throws: Never.self, "\(call)") { try bench.run(try bench.plan("SELECT \(call) AS v FROM t")) }
    }
    for call in Self.calls(Self.windows) {
      let sql = "SELECT \(call) OVER (ORDER BY i) AS v FROM t"
      #expect(throws: Never.self, "\(call)") { try bench.run(try bench.plan(sql)) }
    }
  }

  @Test func otherNamesAreRefusedByName() throws {
    let bench = try Self.bench()
    for call in Self.calls(Self.refused) {
      let name = String(call.prefix { $0 != "(" })
      do {
        _ = try bench.plan("SELECT \(call) AS v FROM t")
        Issue.record("\(call) is permitted")
      } catch let refusal as QueryBench.Refused {
        #expect(refusal.description.contains(name) && refusal.description.contains("available"), "\(call): \(refusal)")
      }
    }
  }
}
