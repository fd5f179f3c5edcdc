import CleanRoomModel
import CleanRoomSQL

/// A query that CUSTOM rules permit: relational algebra over the tables of `ApprovedQuery.tables`.
///
/// Every relation in FROM has an identifier of its own, unique in the whole query. A column is named by its relation
/// (`ColumnReference.table`) and by its name there: a scan's columns keep their published names, the columns of
/// every other relation are `c0`, `c1`, … by position.
public struct CustomQuery: Sendable, Hashable {
  /// WITH, from the outermost to the innermost query: each may use those before it, none is correlated.
  public let commonTables: [QueryBody]
  public let body: QueryBody

  init(commonTables: [QueryBody], body: QueryBody) {
    self.commonTables = commonTables
    self.body = body
  }
}

/// A query without its WITH.
public struct QueryBody: Sendable, Hashable {
  /// Unique in the query, like the identifiers of relations: names the body's own columns.
  public let id: Int
  public var rows: RowSource
  /// The visible columns first, then those that only thresholds of outer queries need.
  public var columnTypes: [ColumnType]
  public var order: [BodySortKey]
  public var limit: Int?
  public var offset: Int?

  init(
    id: Int, rows: RowSource, columnTypes: [ColumnType], order: [BodySortKey] = [], limit: Int? = nil,
    offset: Int? = nil
  ) {
    self.id = id
    self.rows = rows
    self.columnTypes = columnTypes
    self.order = order
    self.limit = limit
    self.offset = offset
  }
}

/// What a query puts in order, limits and returns.
public indirect enum RowSource: Sendable, Hashable {
  case select(SelectBody)
  /// Rows of expressions over constants and outer columns; cells have the column's type.
  case values([[ResolvedExpression]])
  /// Columns are matched by position and converted to `QueryBody.columnTypes` where a side's type differs.
  case operation(SetOperator, all: Bool, QueryBody, QueryBody)
}

public struct SelectBody: Sendable, Hashable {
  /// Nil for a SELECT without FROM: one row.
  public var from: Relation?
  /// Conditions that must all hold.
  public var filter: [ResolvedExpression]
  public var grouping: Grouping
  /// Over grouped rows.
  public var having: ResolvedExpression?
  /// Every released or passed-on group stands for at least this many identities; outside the analyst's HAVING.
  public var thresholds: [IdentityThreshold]
  /// Column `c<i>` is `output[i]`.
  public var output: [ResolvedExpression]
  public var isDistinct: Bool

  init(
    from: Relation?, filter: [ResolvedExpression] = [], grouping: Grouping = .none,
    having: ResolvedExpression? = nil, thresholds: [IdentityThreshold] = [], output: [ResolvedExpression],
    isDistinct: Bool = false
  ) {
    self.from = from
    self.filter = filter
    self.grouping = grouping
    self.having = having
    self.thresholds = thresholds
    self.output = output
    self.isDistinct = isDistinct
  }
}

public enum Grouping: Sendable, Hashable {
  /// No GROUP BY and no aggregate: rows stay rows.
  case none
  /// GROUP BY these; no keys: aggregates over all rows, one row out.
  case keys([ResolvedExpression])
  /// GROUPING SETS, ROLLUP and CUBE: indices into the keys; a key is NULL in rows of sets without it.
  case sets(keys: [ResolvedExpression], [[Int]])

  public var keys: [ResolvedExpression] {
    switch self {
    case .none: []
    case .keys(let keys), .sets(let keys, _): keys
    }
  }
}

/// At least `minimum` distinct non-NULL values of `identity`, a column of the rows before grouping.
public struct IdentityThreshold: Sendable, Hashable {
  /// Whose rule demands it: an index into `ApprovedQuery.tables`.
  public let table: Int
  /// The published name of the table's identity column.
  public let column: String
  /// That column where the rows carry it.
  public let identity: ResolvedExpression
  public let minimum: Int

  init(table: Int, column: String, identity: ResolvedExpression, minimum: Int) {
    self.table = table
    self.column = column
    self.identity = identity
    self.minimum = minimum
  }
}

public indirect enum Relation: Sendable, Hashable {
  /// `table` is an index into `ApprovedQuery.tables`; one table may be scanned several times.
  case scan(id: Int, table: Int)
  case derived(id: Int, QueryBody)
  /// `index` is one of `CustomQuery.commonTables`.
  case common(id: Int, index: Int)
  /// USING and NATURAL have become equalities; a CROSS JOIN has no condition. Semi and anti joins show the left side.
  case join(JoinKind, Relation, Relation, on: ResolvedExpression?)
}

/// ORDER BY: either one of the query's own columns, or for a SELECT that is not DISTINCT an expression over its rows
/// (grouped rows where it is grouped).
public struct BodySortKey: Sendable, Hashable {
  public enum Target: Sendable, Hashable {
    case column(Int)
    case expression(ResolvedExpression)
  }

  public let target: Target
  public let descending: Bool
  public let nullsFirst: Bool

  init(target: Target, descending: Bool, nullsFirst: Bool) {
    self.target = target
    self.descending = descending
    self.nullsFirst = nullsFirst
  }
}
