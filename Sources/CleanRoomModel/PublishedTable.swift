/// How the values of a join column are written, so that two members' keys can be compared.
public enum KeyForm: String, Sendable, Codable, CaseIterable {
  case none
  case email
  case phone
  case lowercase
  case trim
  /// 64 hexadecimal digits of a SHA-256 digest, in either case.
  case sha256Hex = "sha256-hex"
}

/// A column that a member lets a collaboration see.
public struct PublishedColumn: Sendable, Codable, Equatable {
  public var name: String
  public var type: ColumnType
  /// How key values are written; absent where the column is not declared as a key.
  public var keyForm: KeyForm?

  public init(name: String, type: ColumnType, keyForm: KeyForm? = nil) {
    self.name = name
    self.type = type
    self.keyForm = keyForm
  }
}

/// What an owner publishes, signed, when it associates a table: allowed columns, their types and the rule.
/// The source, withheld columns and their names are not in it.
public struct PublishedTable: Sendable, Codable, Equatable {
  public var collaboration: CollaborationID
  public var owner: AccountID
  /// The association's name: the table's name in SQL.
  public var name: String
  public var association: AssociationID
  public var configuredTable: ConfiguredTableID
  public var description: String
  public var columns: [PublishedColumn]
  /// Absent while the configured table has no analysis rule: such a table cannot be queried.
  public var rule: AnalysisRule?
  /// Accounts that may receive results; nil while there is no association analysis rule.
  public var allowedResultReceivers: [AccountID]?
  /// ARNs of what may work on results; nil while there is no association analysis rule or it says nothing of them.
  public var allowedAdditionalAnalyses: [String]?
  /// What is wrong with the source, in words for people; nil when the table can be read.
  public var unavailable: String?
  public var createdAt: Timestamp
  public var updatedAt: Timestamp

  public init(
    collaboration: CollaborationID, owner: AccountID, name: String, association: AssociationID,
    configuredTable: ConfiguredTableID, description: String, columns: [PublishedColumn], rule: AnalysisRule?,
    allowedResultReceivers: [AccountID]?, unavailable: String?, createdAt: Timestamp, updatedAt: Timestamp,
    allowedAdditionalAnalyses: [String]? = nil
  ) {
    self.collaboration = collaboration
    self.owner = owner
    self.name = name
    self.association = association
    self.configuredTable = configuredTable
    self.description = description
    self.columns = columns
    self.rule = rule
    self.allowedResultReceivers = allowedResultReceivers
    self.allowedAdditionalAnalyses = allowedAdditionalAnalyses
    self.unavailable = unavailable
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
