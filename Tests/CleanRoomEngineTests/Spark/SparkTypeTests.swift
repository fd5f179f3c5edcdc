import CleanRoomModel
import Testing

/// The type of results whose rows are many: aggregates and windows.
struct SparkTypeTests {
  @Test(arguments: [
    ("COUNT(*)", "bigint"), ("COUNT(i)", "bigint"), ("COUNT(DISTINCT i, s)", "bigint"), ("COUNT_IF(b)", "bigint"),
    ("SUM(y)", "bigint"), ("SUM(i)", "bigint"), ("SUM(l)", "bigint"), ("SUM(x)", "double"), ("SUM(f)", "double"),
    ("SUM(n)", "decimal(22,2)"), ("SUM(n * n)", "decimal(35,4)"), ("SUM(w)", "decimal(38,0)"),
    ("SUM(DISTINCT i)", "bigint"), ("AVG(i)", "double"), ("AVG(l)", "double"), ("AVG(x)", "double"),
    ("AVG(n)", "decimal(16,6)"), ("AVG(w)", "decimal(38,4)"), ("MIN(i)", "int"), ("MAX(y)", "tinyint"),
    ("MIN(s)", "string"), ("MAX(d)", "date"), ("MAX(m)", "timestamp"), ("MIN(n)", "decimal(12,2)"),
    ("MIN(f)", "float"), ("ANY_VALUE(s)", "string"), ("BOOL_AND(b)", "boolean"), ("MEDIAN(i)", "double"),
    ("PERCENTILE(n, 0.5)", "double"), ("APPROX_PERCENTILE(i, 0.5)", "int"), ("STDDEV(i)", "double"),
    ("VAR_POP(n)", "double"), ("APPROX_COUNT_DISTINCT(s)", "bigint"),
    ("ROW_NUMBER() OVER (ORDER BY i)", "int"), ("RANK() OVER (ORDER BY i)", "int"),
    ("DENSE_RANK() OVER (ORDER BY i)", "int"), ("NTILE(2) OVER (ORDER BY i)", "int"),
    ("PERCENT_RANK() OVER (ORDER BY i)", "double"), ("CUME_DIST() OVER (ORDER BY i)", "double"),
    ("LAG(y) OVER (ORDER BY i)", "tinyint"), ("LEAD(s, 2, 'x') OVER (ORDER BY i)", "string"),
    ("FIRST_VALUE(n) OVER (ORDER BY i)", "decimal(12,2)"), ("SUM(i) OVER (ORDER BY i)", "bigint"),
    ("AVG(n) OVER ()", "decimal(16,6)"), ("COUNT(*) OVER ()", "bigint"),
  ])
  func typeOf(_ expression: String, _ type: String) throws {
    let bench = try QueryBench([
      .init(
        name: "t",
        columns: [
          ("i", .integer), ("y", .tinyint), ("l", .bigint), ("s", .string), ("x", .double), ("f", .real), ("d", .date),
          ("m", .timestamp), ("b", .boolean), ("n", .decimal(precision: 12, scale: 2)),
          ("w", .decimal(precision: 38, scale: 0)),
        ])
    ])
    let plan = try bench.plan("SELECT \(expression) AS v FROM t")
    #expect(plan.combination.output.map(\.type.description) == [type])
    #expect(try bench.run(plan).columns.map(\.type.description) == [type])
  }
}
