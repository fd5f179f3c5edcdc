/// The CUSTOM rule; members as in AWS Clean Rooms `AnalysisRuleCustom`.
public struct CustomRule: Sendable, Equatable, Codable {
  /// Template ARNs, `ANY_QUERY` or `ANY_JOB`; empty means that nothing may be asked.
  public var allowedAnalyses: [String]
  /// With `ANY_QUERY`: whose queries and templates run without review.
  public var allowedAnalysisProviders: [String]?
  public var disallowedOutputColumns: [String]?
  /// `ALLOWED`, `REQUIRED` or `NOT_ALLOWED`.
  public var additionalAnalyses: String?
  public var differentialPrivacy: DifferentialPrivacy?
  public var aggregationThresholds: [AggregationThreshold]?
  public var comparisonControls: ComparisonControls?
  public var allowedResultReceivers: [String]?
  public var allowedAdditionalAnalyses: [String]?

  public init(
    allowedAnalyses: [String], allowedAnalysisProviders: [String]? = nil,
    disallowedOutputColumns: [String]? = nil, additionalAnalyses: String? = nil,
    differentialPrivacy: DifferentialPrivacy? = nil, aggregationThresholds: [AggregationThreshold]? = nil,
    comparisonControls: ComparisonControls? = nil, allowedResultReceivers: [String]? = nil,
    allowedAdditionalAnalyses: [String]? = nil
  ) {
    self.allowedAnalyses = allowedAnalyses
    self.allowedAnalysisProviders = allowedAnalysisProviders
    self.disallowedOutputColumns = disallowedOutputColumns
    self.additionalAnalyses = additionalAnalyses
    self.differentialPrivacy = differentialPrivacy
    self.aggregationThresholds = aggregationThresholds
    self.comparisonControls = comparisonControls
    self.allowedResultReceivers = allowedResultReceivers
    self.allowedAdditionalAnalyses = allowedAdditionalAnalyses
  }
}

extension CustomRule {
  public struct DifferentialPrivacy: Sendable, Equatable, Codable {
    public struct Column: Sendable, Equatable, Codable {
      public var name: String

      public init(name: String) { self.name = name }
    }

    public var columns: [Column]

    public init(columns: [Column]) { self.columns = columns }
  }

  /// Every row of a result stands for at least `minimumIdentityCount` distinct non-NULL values of the identity column.
  public struct AggregationThreshold: Sendable, Equatable, Codable {
    public struct OutputColumn: Sendable, Equatable, Codable {
      public var outputColumnName: String
      /// 0 exempts the column.
      public var minimumIdentityCount: Int

      public init(outputColumnName: String, minimumIdentityCount: Int) {
        self.outputColumnName = outputColumnName
        self.minimumIdentityCount = minimumIdentityCount
      }
    }

    public enum ExpressionType: String, Sendable, Equatable, Codable {
      /// Aggregates and windows take bare columns and constants.
      case columnsOnly = "COLUMNS_ONLY"
      case anyExpression = "ANY_EXPRESSION"
    }

    /// Exactly one; a string column.
    public var identityColumns: [String]
    public var minimumIdentityCount: Int
    /// `COUNT_DISTINCT`.
    public var type: String
    public var allowedAggregateExpressionType: ExpressionType
    public var outputColumnThresholds: [OutputColumn]?

    public init(
      identityColumns: [String], minimumIdentityCount: Int, type: String = "COUNT_DISTINCT",
      allowedAggregateExpressionType: ExpressionType = .columnsOnly,
      outputColumnThresholds: [OutputColumn]? = nil
    ) {
      self.identityColumns = identityColumns
      self.minimumIdentityCount = minimumIdentityCount
      self.type = type
      self.allowedAggregateExpressionType = allowedAggregateExpressionType
      self.outputColumnThresholds = outputColumnThresholds
    }
  }

  /// Which columns a query may compare; an empty list permits none.
  public struct ComparisonControls: Sendable, Equatable, Codable {
    /// With constants, for example in WHERE.
    public var allowedLiteralComparisonColumns: [String]
    /// With other columns: joins, WHERE, GROUP BY, windows.
    public var allowedColumnComparisonColumns: [String]

    public init(allowedLiteralComparisonColumns: [String], allowedColumnComparisonColumns: [String]) {
      self.allowedLiteralComparisonColumns = allowedLiteralComparisonColumns
      self.allowedColumnComparisonColumns = allowedColumnComparisonColumns
    }
  }
}
