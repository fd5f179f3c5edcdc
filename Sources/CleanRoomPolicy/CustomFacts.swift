import CleanRoomModel
import CleanRoomSQL

/// What resolving a CUSTOM query found: the tree, and the places that rules judge.
struct CustomFacts {
  /// Operands that the query compares with each other: `=`, `<`, BETWEEN, IN, LIKE, IS DISTINCT FROM, NULLIF, the
  /// operand and values of a CASE, USING and NATURAL.
  struct Comparison {
    let operands: [ResolvedExpression]
    let span: SourceSpan
    /// USING and NATURAL compare two columns before one stands for both.
    let isMerge: Bool
  }

  /// Columns that must be told apart: GROUP BY, DISTINCT, PARTITION BY, the sides of a set operation.
  struct Distinction {
    let operand: ResolvedExpression
    let span: SourceSpan
  }

  /// An aggregate or window function.
  struct Computation {
    /// Upper case, as the query wrote it.
    let name: String
    let arguments: [ResolvedExpression]
    let span: SourceSpan
  }

  /// A construct or function by its name, upper case: `CUBE`, `EXISTS`, `OFFSET`, `LEFT SEMI JOIN`, `REVERSE`.
  struct Construct {
    let name: String
    let span: SourceSpan
  }

  var query: CustomQuery
  /// The table behind each scan's relation.
  var scans: [Int: Int]
  var comparisons: [Comparison]
  var distinctions: [Distinction]
  var computations: [Computation]
  var constructs: [Construct]
  /// Columns that USING or NATURAL made one: what else the column stands for that the tree keeps.
  var merges: [ColumnReference: [ResolvedExpression]]
  /// One per column of the result.
  var outputSpans: [SourceSpan]
}
