import CleanRoomModel
import CleanRoomSQL
import Testing

@testable import CleanRoomPolicy

/// Every kind of node in the tree of a CUSTOM query, and every function of Spark that is catalogued, stands in a permitted
/// case of the CUSTOM rules; and every construct and function of the language in a refused case.
@Suite struct CustomCoverageTests {
  private static let nodes: Set<String> = Set([
    "ResolvedExpression.column", "ResolvedExpression.literal", "ResolvedExpression.call",
    "ResolvedExpression.compare", "ResolvedExpression.arithmetic", "ResolvedExpression.and", "ResolvedExpression.or",
    "ResolvedExpression.not", "ResolvedExpression.isNull", "ResolvedExpression.inList", "ResolvedExpression.like",
    "ResolvedExpression.cast", "ResolvedExpression.caseWhen", "ResolvedExpression.isBoolean",
    "ResolvedExpression.isDistinct", "ResolvedExpression.aggregateCall", "ResolvedExpression.windowCall",
    "ResolvedExpression.subquery", "TypedLiteral.null", "TypedLiteral.boolean", "TypedLiteral.integer",
    "TypedLiteral.decimal", "TypedLiteral.double", "TypedLiteral.string", "TypedLiteral.date",
    "TypedLiteral.timestamp", "SubqueryTest.scalar", "SubqueryTest.exists", "SubqueryTest.contains",
    "WindowKind.rowNumber", "WindowKind.rank", "WindowKind.denseRank", "WindowKind.percentRank",
    "WindowKind.cumulativeDistribution", "WindowKind.ntile", "WindowKind.lag", "WindowKind.lead",
    "WindowKind.firstValue", "WindowKind.lastValue", "WindowKind.nthValue", "WindowKind.aggregate",
    "Bound.unboundedPreceding", "Bound.currentRow", "Bound.unboundedFollowing", "Bound.preceding", "Bound.following",
    "Unit.rows", "Unit.range", "RowSource.select", "RowSource.values", "RowSource.operation", "SetOperator.union",
    "SetOperator.intersect", "SetOperator.except", "Relation.scan", "Relation.derived", "Relation.common",
    "Relation.join", "JoinKind.inner", "JoinKind.left", "JoinKind.right", "JoinKind.full", "JoinKind.cross",
    "JoinKind.leftSemi", "JoinKind.leftAnti", "Grouping.none", "Grouping.keys", "Grouping.sets", "Target.column",
    "Target.expression", "ComparisonOperator.equal", "ComparisonOperator.notEqual", "ComparisonOperator.less",
    "ComparisonOperator.lessOrEqual", "ComparisonOperator.greater", "ComparisonOperator.greaterOrEqual",
    "ArithmeticOperator.add", "ArithmeticOperator.subtract", "ArithmeticOperator.multiply",
    "CustomQuery.commonTables", "QueryBody.order", "QueryBody.limit", "QueryBody.offset", "SelectBody.having",
    "SelectBody.distinct", "SelectBody.thresholds", "AggregateCall.distinct", "AggregateCall.filter",
  ]).union(AggregateKind.allCases.map { "AggregateKind.\($0)" })
    .union(Set(ScalarFunction.allCases).subtracting(otherRules).map { "ScalarFunction.\($0)" })
  /// What AGGREGATION rules grant and Spark's functions of these names do not mean.
  private static let otherRules: Set<ScalarFunction> = [.substring, .truncate]

  private static let scalars: Set<String> = [
    "abs", "add_months", "atan2", "btrim", "ceil", "ceiling", "char_length", "character_length", "coalesce", "concat",
    "curdate", "current_date", "current_timestamp", "date", "date_add", "date_diff", "date_sub", "date_trunc",
    "dateadd", "datediff", "div", "e", "floor", "getdate", "greatest", "hex", "if", "iff", "ifnull", "instr",
    "isnotnull", "isnull", "last_day", "lcase", "least", "left", "len", "length", "locate", "log", "lower", "lpad",
    "ltrim", "make_date", "md5", "mod", "now", "nullif", "nvl", "nvl2", "octet_length", "pi", "pmod", "position",
    "pow", "power", "repeat", "replace", "reverse", "right", "round", "rpad", "rtrim", "sha", "sha1", "sha2",
    "split_part", "substr", "substring", "timestamp", "timestampadd", "timestampdiff", "to_date", "to_timestamp",
    "translate", "trim", "trunc", "ucase", "upper", "acos", "asin", "atan", "cbrt", "cos", "cot", "degrees", "exp",
    "ln", "log2", "log10", "radians", "sign", "signum", "sin", "sqrt", "tan", "regexp_like",
    "regexp_substr", "regexp_count", "regexp_instr", "regexp_replace", "date_part", "datepart", "year",
    "quarter", "month", "weekofyear", "day", "dayofmonth", "dayofweek", "dayofyear", "weekday", "hour", "minute",
    "second",
  ]
  private static let unavailable = SparkFunction.unavailable.union(SparkAggregate.unavailable)
  private static let functions = scalars.union(SparkAggregate.names).union(SparkWindow.names)

  /// Kinds of the parse tree that no CUSTOM query may have.
  private static let neverPermitted: Set<String> = ["PatternOperator.similarTo"]

  private static func isCustom(_ test: PolicyCase) -> Bool {
    test.tables.contains { $0.rule?.type == .custom }
  }

  @Test func everyNodeIsPermittedSomewhere() throws {
    var seen: Set<String> = []
    for test in try CorpusTests.cases() where Self.isCustom(test) && test.isPermitted == true {
      guard case .approved(let query) = QueryPolicy.check(sql: test.sql, in: test.context),
        case .custom(let custom) = query.shape
      else { continue }
      SyntaxKinds.collectResolved(custom, &seen)
    }
    let missing = Self.nodes.subtracting(seen)
    #expect(missing.isEmpty, "in no permitted case: \(missing.sorted())")
    let unknown = seen.subtracting(Self.nodes).filter { !$0.hasPrefix("Optional") }
    #expect(unknown.isEmpty, "nodes that this test does not know: \(unknown.sorted())")
  }

  @Test func everyConstructAndFunctionIsPermittedAndRefused() throws {
    var (permitted, refused, anywhere): (Set<String>, Set<String>, Set<String>) = ([], [], [])
    for test in try CorpusTests.cases() {
      guard let isPermitted = test.isPermitted, let query = try? SQLParser.parse(test.sql) else { continue }
      SyntaxKinds.collect(query, &anywhere)
      if !isPermitted {
        SyntaxKinds.collect(query, &refused)
      } else if Self.isCustom(test) {
        SyntaxKinds.collect(query, &permitted)
      }
    }
    let called = Set(Self.functions.union(Self.unavailable).map { "\($0)()" })
    let missing = called.union(anywhere.filter { !$0.hasSuffix("()") }).subtracting(refused)
    #expect(missing.isEmpty, "in no refused case: \(missing.sorted())")
    let allowed = anywhere.filter { !$0.hasSuffix("()") }.subtracting(Self.neverPermitted)
      .union(Self.functions.subtracting(Self.unavailable.subtracting(["first", "last", "trunc"])).map { "\($0)()" })
    #expect(allowed.subtracting(permitted).isEmpty, "in no permitted case: \(allowed.subtracting(permitted).sorted())")
    let unknown = permitted.filter { $0.hasSuffix("()") && !$0.hasSuffix(" distinct()") }.subtracting(called)
    #expect(unknown.isEmpty, "functions that this test does not know: \(unknown.sorted())")
  }
}
