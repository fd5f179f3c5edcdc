import CleanRoomModel
import CleanRoomSQL

/// A query that every rule it touches permits. Made only by `QueryPolicy`; there is no public initialiser and no
/// decoder, so receiving bytes can never amount to being approved.
public struct ApprovedQuery: Sendable, Equatable {
  /// In FROM order.
  public let tables: [ApprovedTable]
  /// One per table after the first; `joins[i]` ties `tables[i + 1]` to those before it.
  public let joins: [JoinCondition]
  /// Conditions that must all hold (WHERE, split at its top-level ANDs).
  public let filter: [ResolvedExpression]
  public let shape: QueryShape
  public let output: [OutputColumn]
  /// Applied to grouped rows, beside and never instead of the thresholds. Aggregation only.
  public let having: ResolvedExpression?
  public let order: [SortKey]
  public let limit: Int?
  /// Every one must hold for an output row to be released.
  public let thresholds: [Threshold]
  /// What the query needed beyond AWS's rules, for the log and the schema status.
  public let extensions: [PolicyExtension]

  init(
    tables: [ApprovedTable], joins: [JoinCondition], filter: [ResolvedExpression], shape: QueryShape,
    output: [OutputColumn], having: ResolvedExpression?, order: [SortKey], limit: Int?,
    thresholds: [Threshold],
    extensions: [PolicyExtension]
  ) {
    self.tables = tables
    self.joins = joins
    self.filter = filter
    self.shape = shape
    self.output = output
    self.having = having
    self.order = order
    self.limit = limit
    self.thresholds = thresholds
    self.extensions = extensions
  }
}

public struct ApprovedTable: Sendable, Equatable {
  /// The association's name.
  public let name: String
  public let owner: AccountID
  public let ruleType: AnalysisRuleType
  /// The allowed columns, by name.
  public let columns: [PublishedColumn]

  init(name: String, owner: AccountID, ruleType: AnalysisRuleType, columns: [PublishedColumn]) {
    self.name = name
    self.owner = owner
    self.ruleType = ruleType
    self.columns = columns
  }

  public func column(_ name: String) -> PublishedColumn? { columns.first { $0.name == name } }
}

/// Equalities between join columns of different tables.
public indirect enum JoinCondition: Sendable, Hashable {
  case equal(ColumnReference, ColumnReference)
  case and([JoinCondition])
  case or([JoinCondition])

  /// Every equality in the condition, in order.
  public var equalities: [(ColumnReference, ColumnReference)] {
    switch self {
    case .equal(let left, let right): [(left, right)]
    case .and(let parts), .or(let parts): parts.flatMap(\.equalities)
    }
  }
}

public enum QueryShape: Sendable, Equatable {
  /// Grouped by these expressions; none means one row over everything.
  case aggregation(grouping: [ResolvedExpression])
  /// SELECT DISTINCT of columns.
  case list
  /// Everything but tables and output stands in the tree: `joins`, `filter`, `having`, `order` and `thresholds` are
  /// empty, and the output's expressions are those of the outermost query's columns (relation -1).
  case custom(CustomQuery)
}

public struct OutputColumn: Sendable, Equatable {
  /// The alias, or the column's name, or the text of the expression.
  public let name: String
  public let expression: ResolvedExpression

  init(name: String, expression: ResolvedExpression) {
    self.name = name
    self.expression = expression
  }
}

public struct SortKey: Sendable, Equatable {
  public let expression: ResolvedExpression
  public let descending: Bool
  public let nullsFirst: Bool

  init(expression: ResolvedExpression, descending: Bool, nullsFirst: Bool) {
    self.expression = expression
    self.descending = descending
    self.nullsFirst = nullsFirst
  }
}

/// At least `minimum` distinct non-NULL values of `column` behind every released row.
public struct Threshold: Sendable, Hashable {
  public let column: ColumnReference
  public let minimum: Int

  init(column: ColumnReference, minimum: Int) {
    self.column = column
    self.minimum = minimum
  }
}

/// What AWS Clean Rooms would have refused and extended mode accepts.
public enum PolicyExtension: String, Sendable, Codable, Hashable, CaseIterable {
  /// AGGREGATION and LIST tables in one query.
  case mixedRuleTypes = "MIXED_RULE_TYPES"
  /// YEAR or MONTH granted by `scalarFunctions`.
  case yearAndMonthFunctions = "YEAR_AND_MONTH_FUNCTIONS"
  /// A table without an association analysis rule.
  case noAssociationRule = "NO_ASSOCIATION_ANALYSIS_RULE"
}
