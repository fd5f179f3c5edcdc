import CleanRoomModel
import CleanRoomSQL

/// Names, types and functions of a query over CUSTOM tables: parse tree in, relational algebra out, with the places
/// that rules judge. Each clause has a file of its own.
struct CustomResolver {
  let text: [UInt8]
  let context: PolicyContext
  let tablesByName: [String: [PublishedTable]]
  var reasons = ReasonList()
  /// Each association once, in order of first use.
  var tables: [BoundTable] = []
  /// Scopes of the queries around the expression at hand, the innermost last.
  var scopes: [CustomScope] = []
  /// WITH names in force, the innermost last.
  var common: [[String: CommonTableName]] = []
  var commonTables: [QueryBody] = []
  /// What the expression at hand may contain.
  var place = Place(clause: .select)
  /// The WINDOW clause of the SELECT at hand.
  var windows: [String: WindowSpecification] = [:]
  var limits = CustomLimits()
  private var relations = 0

  var scans: [Int: Int] = [:]
  /// The table's column behind a derived one that passes it on unchanged.
  var origins: [ColumnReference: ColumnReference] = [:]
  var merges: [ColumnReference: [ResolvedExpression]] = [:]
  var comparisons: [CustomFacts.Comparison] = []
  var distinctions: [CustomFacts.Distinction] = []
  var computations: [CustomFacts.Computation] = []
  var constructs: [CustomFacts.Construct] = []

  struct CommonTableName {
    let index: Int
    let columns: [(name: String, type: ColumnType)]
  }

  /// Where an expression stands.
  struct Place {
    var clause: Clause
    var allowsAggregates = false
    var allowsWindows = false
    var isInsideAggregate = false
    /// Names of the select list, which ORDER BY and HAVING mean first and GROUP BY last.
    var aliases: [String: [ResolvedExpression]] = [:]
  }

  init(sql: String, context: PolicyContext) {
    text = Array(sql.utf8)
    self.context = context
    tablesByName = Dictionary(grouping: context.tables) { $0.name.lowercased() }
  }

  mutating func refuse(_ code: RefusalReason.Code, _ message: String, at span: SourceSpan?) {
    reasons.add(code, message, at: span)
  }

  mutating func unavailable(_ what: String, at span: SourceSpan?) {
    refuse(.unsupportedConstruct, ReasonText.unavailable(what), at: span)
  }

  mutating func note(_ construct: String, at span: SourceSpan) {
    constructs.append(CustomFacts.Construct(name: construct, span: span))
  }

  mutating func note(comparison operands: [ResolvedExpression], isMerge: Bool = false, at span: SourceSpan) {
    comparisons.append(CustomFacts.Comparison(operands: operands, span: span, isMerge: isMerge))
  }

  mutating func note(distinction operand: ResolvedExpression, at span: SourceSpan) {
    distinctions.append(CustomFacts.Distinction(operand: operand, span: span))
  }

  mutating func newRelation() -> Int {
    relations += 1
    return relations - 1
  }

  /// - Returns: nil after giving the reasons.
  mutating func resolve(_ query: Query) -> (facts: CustomFacts, output: [OutputColumn])? {
    guard let result = body(of: query), reasons.isEmpty else { return nil }
    let facts = CustomFacts(
      query: CustomQuery(commonTables: commonTables, body: result.body), scans: scans, comparisons: comparisons,
      distinctions: distinctions, computations: computations, constructs: constructs,
      merges: merges, outputSpans: result.columns.map(\.span))
    let output = result.columns.enumerated().map { index, column in
      OutputColumn(
        name: column.name,
        expression: .column(ColumnReference(table: -1, name: "c\(index)"), result.body.columnTypes[index]))
    }
    return (facts, output)
  }
}

/// A query's body with the names of its columns.
struct ResolvedBody {
  struct Column {
    let name: String
    let span: SourceSpan
  }

  var body: QueryBody
  var columns: [Column]

  /// A column of the body by the body's own identifier.
  func value(_ index: Int) -> ResolvedExpression {
    .column(ColumnReference(table: body.id, name: "c\(index)"), body.columnTypes[index])
  }

  func scope(of relation: Int, as qualifier: String?, renamed names: [String]) -> CustomScope {
    let qualifier = qualifier?.lowercased()
    let columns = columns.enumerated().map { index, column in
      ScopeColumn(
        qualifier: qualifier, name: names.indices.contains(index) ? names[index] : column.name,
        expression: .column(ColumnReference(table: relation, name: "c\(index)"), body.columnTypes[index]))
    }
    return CustomScope(columns: columns, qualifiers: qualifier.map { [$0] } ?? [])
  }
}
