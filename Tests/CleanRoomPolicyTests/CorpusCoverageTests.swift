import CleanRoomModel
import CleanRoomSQL
import Testing

/// Every kind of node and every function of the language stands in a refused case of the AGGREGATION and LIST rules, and
/// in a permitted one unless these rules never permit it.
@Suite struct CorpusCoverageTests {
  private static let permitted: Set<String> = [
    "column", "literal", "and", "or", "not", "negate", "compare", "arithmetic", "isNull", "between", "inList", "like",
    "function", "cast", "extract",
    "Literal.null", "Literal.boolean", "Literal.integer", "Literal.decimal", "Literal.double", "Literal.string",
    "Literal.date", "Literal.timestamp",
    "ComparisonOperator.equal", "ComparisonOperator.notEqual", "ComparisonOperator.less",
    "ComparisonOperator.lessOrEqual", "ComparisonOperator.greater", "ComparisonOperator.greaterOrEqual",
    "ArithmeticOperator.add", "ArithmeticOperator.subtract", "ArithmeticOperator.multiply", "PatternOperator.like",
    "SetExpression.select", "SetExpression.nested", "TableExpression.table", "TableExpression.join", "JoinKind.inner",
    "JoinConstraint.on", "JoinConstraint.using", "GroupingElement.expression",
  ]
  private static let neverPermitted: Set<String> = [
    "star", "parameter", "isBoolean", "isDistinctFrom", "inSubquery", "exists", "caseWhen", "subquery", "interval",
    "row", "ComparisonOperator.nullSafeEqual", "ArithmeticOperator.divide", "ArithmeticOperator.modulo",
    "ArithmeticOperator.integerDivide", "ArithmeticOperator.concatenate", "PatternOperator.ilike",
    "PatternOperator.rlike", "PatternOperator.similarTo", "SetExpression.values", "SetExpression.operation",
    "SetOperator.union", "SetOperator.intersect", "SetOperator.except", "TableExpression.derived", "JoinKind.left",
    "JoinKind.right", "JoinKind.full", "JoinKind.cross", "JoinKind.leftSemi", "JoinKind.leftAnti",
    "JoinConstraint.none", "GroupingElement.rollup", "GroupingElement.cube", "GroupingElement.groupingSets",
    "CommonTableExpression", "NamedWindow", "WindowSpecification",
  ]
  private static let functions: Set<String> = [
    "abs", "ceiling", "coalesce", "current_date", "dateadd", "floor", "getdate", "ln", "log", "lower", "round", "rtrim",
    "sqrt", "substring", "to_date", "to_timestamp", "trim", "trunc", "upper", "year", "month", "count", "sum", "avg",
    "count distinct", "sum distinct",
  ]
  private static let functionsNeverPermitted: Set<String> = [
    "convert", "to_char", "to_number", "avg distinct", "min", "max", "median", "any_value", "collect_list", "listagg",
  ]

  @Test func everyKindAndFunctionOccurs() throws {
    var kinds: [Bool: Set<String>] = [true: [], false: []]
    for test in try CorpusTests.cases() where !test.tables.contains(where: { $0.rule?.type == .custom }) {
      guard let isPermitted = test.isPermitted, let query = try? SQLParser.parse(test.sql) else { continue }
      SyntaxKinds.collect(query, &kinds[isPermitted, default: []])
    }
    let (seen, refused) = (kinds[true] ?? [], kinds[false] ?? [])
    let allowed = Self.permitted.union(Self.functions.map { "\($0)()" })
    let forbidden = Self.neverPermitted.union(Self.functionsNeverPermitted.map { "\($0)()" })
    #expect(allowed.subtracting(seen).isEmpty, "in no permitted case: \(allowed.subtracting(seen).sorted())")
    let missing = allowed.union(forbidden).subtracting(refused)
    #expect(missing.isEmpty, "in no refused case: \(missing.sorted())")
    #expect(seen.isDisjoint(with: forbidden), "permitted: \(seen.intersection(forbidden).sorted())")
    let unknown = seen.union(refused).filter { !$0.hasSuffix("()") }.subtracting(allowed.union(forbidden))
    #expect(unknown.subtracting(Self.details).isEmpty, "kinds that this test does not know: \(unknown.sorted())")
  }

  /// Parts of nodes that are no constructs of their own.
  private static let details: Set<String> = ["Unit.rows", "Unit.range"]
}
