public enum AnalysisTemplateKind {}
public typealias AnalysisTemplateID = ResourceID<AnalysisTemplateKind>

/// An analysis template in SQL, as its creator signs it: owners that have reviewed it run this text and no other.
public struct AnalysisTemplate: Sendable, Codable, Equatable {
  public struct Parameter: Sendable, Codable, Equatable {
    public var name: String
    /// As in AWS Clean Rooms `ParameterType`.
    public var type: String
    public var defaultValue: String?

    public init(name: String, type: String, defaultValue: String? = nil) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
    }
  }

  /// Made from everything else here, so that one ARN stands for one text.
  public var id: AnalysisTemplateID
  public var collaboration: CollaborationID
  public var membership: MembershipID
  public var creator: AccountID
  /// The creator's region; part of the ARN.
  public var region: String
  public var name: String
  public var sql: String
  public var parameters: [Parameter]
  public var createdAt: Timestamp

  public init(
    id: AnalysisTemplateID, collaboration: CollaborationID, membership: MembershipID, creator: AccountID,
    region: String, name: String, sql: String, parameters: [Parameter], createdAt: Timestamp
  ) {
    self.id = id
    self.collaboration = collaboration
    self.membership = membership
    self.creator = creator
    self.region = region
    self.name = name
    self.sql = sql
    self.parameters = parameters
    self.createdAt = createdAt
  }

  /// What analysis rules and queries name the template by.
  public var arn: String {
    "arn:aws:cleanrooms:\(region):\(creator):membership/\(membership)/analysistemplate/\(id)"
  }
}

/// The template that a query runs, and the runner's values for its parameters.
public struct RequestedTemplate: Sendable, Codable, Equatable {
  public var arn: String
  /// Texts by parameter name; without the defaults.
  public var parameters: [String: String]

  public init(arn: String, parameters: [String: String]) {
    self.arn = arn
    self.parameters = parameters
  }
}
