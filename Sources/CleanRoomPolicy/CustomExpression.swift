import CleanRoomModel
import CleanRoomSQL

/// Expressions that only CUSTOM rules permit.
public struct ResolvedBranch: Sendable, Hashable {
  /// BOOLEAN.
  public let condition: ResolvedExpression
  /// Of the CASE's type.
  public let result: ResolvedExpression

  public init(condition: ResolvedExpression, result: ResolvedExpression) {
    self.condition = condition
    self.result = result
  }
}

/// The aggregate functions of a CUSTOM query, each with one meaning on equal data whatever the order of its rows.
public enum AggregateKind: String, Sendable, Hashable, CaseIterable {
  /// COUNT(*) has no argument.
  case count
  case sum, average
  case minimum, maximum
  case every, any
  case median, percentile, approximatePercentile
  case standardDeviationSample, standardDeviationPopulation, varianceSample, variancePopulation
}

/// An aggregate over grouped rows, or the function of a window.
public struct AggregateCall: Sendable, Hashable {
  public let kind: AggregateKind
  public let arguments: [ResolvedExpression]
  public let isDistinct: Bool
  /// FILTER (WHERE …).
  public let filter: ResolvedExpression?
  public let type: ColumnType

  public init(
    kind: AggregateKind, arguments: [ResolvedExpression], isDistinct: Bool = false,
    filter: ResolvedExpression? = nil, type: ColumnType
  ) {
    self.kind = kind
    self.arguments = arguments
    self.isDistinct = isDistinct
    self.filter = filter
    self.type = type
  }
}

public enum WindowKind: Sendable, Hashable {
  case rowNumber, rank, denseRank, percentRank, cumulativeDistribution
  /// The number of buckets is a constant.
  case ntile
  /// Value, distance (a constant), default.
  case lag, lead
  case firstValue, lastValue
  /// Value and position (a constant).
  case nthValue
  case aggregate(AggregateKind)
}

public struct WindowCall: Sendable, Hashable {
  public enum Bound: Sendable, Hashable {
    case unboundedPreceding
    case currentRow
    case unboundedFollowing
    /// Rows for ROWS, the unit of the sort key for RANGE (days for dates); not negative.
    case preceding(TypedLiteral)
    case following(TypedLiteral)
  }

  public struct Frame: Sendable, Hashable {
    public let unit: WindowFrame.Unit
    public let start: Bound
    public let end: Bound

    public init(unit: WindowFrame.Unit, start: Bound, end: Bound) {
      self.unit = unit
      self.start = start
      self.end = end
    }
  }

  public struct Order: Sendable, Hashable {
    public let expression: ResolvedExpression
    public let descending: Bool
    public let nullsFirst: Bool

    public init(expression: ResolvedExpression, descending: Bool, nullsFirst: Bool) {
      self.expression = expression
      self.descending = descending
      self.nullsFirst = nullsFirst
    }
  }

  public let kind: WindowKind
  public let arguments: [ResolvedExpression]
  /// IGNORE NULLS is not accepted; NULLs count as values.
  public let partition: [ResolvedExpression]
  public let order: [Order]
  /// Nil: SQL's default, RANGE from the start to the current row where there is an order, else everything.
  public let frame: Frame?
  public let type: ColumnType

  public init(
    kind: WindowKind, arguments: [ResolvedExpression], partition: [ResolvedExpression], order: [Order],
    frame: Frame?, type: ColumnType
  ) {
    self.kind = kind
    self.arguments = arguments
    self.partition = partition
    self.order = order
    self.frame = frame
    self.type = type
  }
}

/// A query inside an expression; it may refer to columns of the queries around it.
public indirect enum SubqueryTest: Sendable, Hashable {
  /// The one column of the one row; NULL where there is no row, and where there are several.
  case scalar(QueryBody, ColumnType)
  case exists(QueryBody)
  /// Operands and columns have been brought to common types by explicit casts; several operands are a row.
  case contains([ResolvedExpression], QueryBody, negated: Bool)

  public var body: QueryBody {
    switch self {
    case .scalar(let body, _), .exists(let body), .contains(_, let body, _): body
    }
  }
}
