import CleanRoomModel

/// Everything a verdict depends on besides the text. Equal contexts give equal verdicts on every machine.
public struct PolicyContext: Sendable {
  /// The runner: the account whose tables satisfy `joinRequired`.
  public var runner: AccountID
  /// The tables of the collaboration, each with its own owner's rule.
  public var tables: [PublishedTable]
  public var receivers: [AccountID]
  /// False when the collaboration sets `allowJoinsOnColumnsWithDifferentNames` to false.
  public var joinsDifferentNames: Bool
  /// False in strict mode: refuse what AWS Clean Rooms refuses.
  public var extended: Bool
  /// What `CURRENT_DATE` and `GETDATE` give: the moment the runner signed the query.
  public var now: Timestamp
  public var analysis: RequestedAnalysis
  /// A template's parameters, each with the runner's value or its default.
  public var parameters: [QueryParameter]

  public init(
    runner: AccountID, tables: [PublishedTable], receivers: [AccountID], joinsDifferentNames: Bool,
    extended: Bool, now: Timestamp, analysis: RequestedAnalysis = .directQuery, parameters: [QueryParameter] = []
  ) {
    self.runner = runner
    self.tables = tables
    self.receivers = receivers
    self.joinsDifferentNames = joinsDifferentNames
    self.extended = extended
    self.now = now
    self.analysis = analysis
    self.parameters = parameters
  }
}

/// What the text is: CUSTOM rules name templates and the accounts whose queries they trust.
public enum RequestedAnalysis: Sendable, Hashable {
  /// SQL that the runner wrote.
  case directQuery
  /// SQL of an analysis template.
  case template(arn: String, creator: AccountID)
}

/// A value for `:name` in a template's text.
public struct QueryParameter: Sendable, Hashable {
  public var name: String
  /// As in AWS Clean Rooms `ParameterType`: `VARCHAR`, `INTEGER`, …
  public var type: String
  /// The value's text; nil when neither the runner nor the template gives one.
  public var value: String?

  public init(name: String, type: String, value: String?) {
    self.name = name
    self.type = type
    self.value = value
  }
}
