/// The kinds of analysis rule a configured table may have (AWS Clean Rooms `AnalysisRuleType`).
public enum AnalysisRuleType: String, Sendable, Codable {
  case aggregation = "AGGREGATION"
  case list = "LIST"
  case custom = "CUSTOM"
}

/// A table's analysis rule. Coded as the API's `{"v1": {"aggregation": {…}}}`.
public enum AnalysisRule: Sendable, Equatable {
  case aggregation(AggregationRule)
  case list(ListRule)
  case custom(CustomRule)

  public var type: AnalysisRuleType {
    switch self {
    case .aggregation: .aggregation
    case .list: .list
    case .custom: .custom
    }
  }
}

public enum AggregateFunction: String, Sendable, Codable, CaseIterable {
  case sum = "SUM"
  case sumDistinct = "SUM_DISTINCT"
  case count = "COUNT"
  case countDistinct = "COUNT_DISTINCT"
  case avg = "AVG"
}

public enum JoinOperator: String, Sendable, Codable {
  case or = "OR"
  case and = "AND"
}

/// The AGGREGATION rule; members as in AWS Clean Rooms `AnalysisRuleAggregation`.
public struct AggregationRule: Sendable, Equatable, Codable {
  public struct AggregateColumn: Sendable, Equatable, Codable {
    public var columnNames: [String]
    public var function: AggregateFunction

    public init(columnNames: [String], function: AggregateFunction) {
      self.columnNames = columnNames
      self.function = function
    }
  }

  /// Every released row must stand for at least `minimum` distinct non-NULL values of `columnName`.
  public struct OutputConstraint: Sendable, Equatable, Codable {
    public var columnName: String
    public var minimum: Int
    public var type: String

    public init(columnName: String, minimum: Int, type: String = "COUNT_DISTINCT") {
      self.columnName = columnName
      self.minimum = minimum
      self.type = type
    }
  }

  public var aggregateColumns: [AggregateColumn]
  public var joinColumns: [String]
  /// `QUERY_RUNNER` or absent.
  public var joinRequired: String?
  public var allowedJoinOperators: [JoinOperator]?
  public var dimensionColumns: [String]
  /// Names as the API writes them, upper case; `YEAR` and `MONTH` only in extended mode.
  public var scalarFunctions: [String]
  public var outputConstraints: [OutputConstraint]
  public var additionalAnalyses: String?

  public init(
    aggregateColumns: [AggregateColumn], joinColumns: [String], joinRequired: String? = nil,
    allowedJoinOperators: [JoinOperator]? = nil, dimensionColumns: [String], scalarFunctions: [String],
    outputConstraints: [OutputConstraint], additionalAnalyses: String? = nil
  ) {
    self.aggregateColumns = aggregateColumns
    self.joinColumns = joinColumns
    self.joinRequired = joinRequired
    self.allowedJoinOperators = allowedJoinOperators
    self.dimensionColumns = dimensionColumns
    self.scalarFunctions = scalarFunctions
    self.outputConstraints = outputConstraints
    self.additionalAnalyses = additionalAnalyses
  }
}

/// The LIST rule; members as in AWS Clean Rooms `AnalysisRuleList`.
public struct ListRule: Sendable, Equatable, Codable {
  public var joinColumns: [String]
  public var allowedJoinOperators: [JoinOperator]?
  public var listColumns: [String]
  public var additionalAnalyses: String?

  public init(
    joinColumns: [String], allowedJoinOperators: [JoinOperator]? = nil, listColumns: [String],
    additionalAnalyses: String? = nil
  ) {
    self.joinColumns = joinColumns
    self.allowedJoinOperators = allowedJoinOperators
    self.listColumns = listColumns
    self.additionalAnalyses = additionalAnalyses
  }
}

extension AnalysisRule: Codable {
  private struct Envelope: Codable { var v1: Version1 }
  private struct Version1: Codable {
    var aggregation: AggregationRule?
    var list: ListRule?
    var custom: CustomRule?
  }

  public init(from decoder: any Decoder) throws {
    let version = try Envelope(from: decoder).v1
    switch (version.aggregation, version.list, version.custom) {
    case (let rule?, nil, nil): self = .aggregation(rule)
    case (nil, let rule?, nil): self = .list(rule)
    case (nil, nil, let rule?): self = .custom(rule)
    default:
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an analysis rule has exactly one kind"))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var version = Version1()
    switch self {
    case .aggregation(let rule): version.aggregation = rule
    case .list(let rule): version.list = rule
    case .custom(let rule): version.custom = rule
    }
    try Envelope(v1: version).encode(to: encoder)
  }
}
