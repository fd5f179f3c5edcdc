/// What a member may do in a collaboration (AWS Clean Rooms `MemberAbility`).
public enum MemberAbility: String, Sendable, Codable, CaseIterable {
  case canQuery = "CAN_QUERY"
  case canReceiveResults = "CAN_RECEIVE_RESULTS"
  case canRunJob = "CAN_RUN_JOB"
}

/// Where a member stands in a collaboration (AWS Clean Rooms `MemberStatus`).
public enum MemberStatus: String, Sendable, Codable {
  case invited = "INVITED"
  case active = "ACTIVE"
  case left = "LEFT"
  case removed = "REMOVED"
}

/// One organization of a collaboration, as its creator fixed it.
public struct MemberSpecification: Sendable, Codable, Equatable {
  public var account: AccountID
  public var displayName: String
  public var abilities: [MemberAbility]
  /// As the creator gave it; see `CollaborationCharter.payment(of:)`.
  public var payment: PaymentResponsibility?

  public init(
    account: AccountID, displayName: String, abilities: [MemberAbility], payment: PaymentResponsibility? = nil
  ) {
    self.account = account
    self.displayName = displayName
    self.abilities = abilities
    self.payment = payment
  }
}

/// The collaboration's cryptographic settings (AWS Clean Rooms `DataEncryptionMetadata`).
public struct DataEncryptionMetadata: Sendable, Codable, Equatable {
  public var allowCleartext: Bool
  public var allowDuplicates: Bool
  public var allowJoinsOnColumnsWithDifferentNames: Bool
  public var preserveNulls: Bool

  public init(
    allowCleartext: Bool, allowDuplicates: Bool, allowJoinsOnColumnsWithDifferentNames: Bool, preserveNulls: Bool
  ) {
    self.allowCleartext = allowCleartext
    self.allowDuplicates = allowDuplicates
    self.allowJoinsOnColumnsWithDifferentNames = allowJoinsOnColumnsWithDifferentNames
    self.preserveNulls = preserveNulls
  }
}

/// What the creator signs when a collaboration begins: every daemon checks abilities against this, not against
/// what the coordinator says.
public struct CollaborationCharter: Sendable, Codable, Equatable {
  public var id: CollaborationID
  public var name: String
  public var creator: AccountID
  public var members: [MemberSpecification]
  public var dataEncryption: DataEncryptionMetadata?
  public var queryLogEnabled: Bool
  public var createdAt: Timestamp
  /// Changes that need no member's approval.
  public var autoApproved: [ChangeType]?
  /// Regions of the members that may receive results; nil or empty: any.
  public var allowedResultRegions: [String]?

  public init(
    id: CollaborationID, name: String, creator: AccountID, members: [MemberSpecification],
    dataEncryption: DataEncryptionMetadata?, queryLogEnabled: Bool, createdAt: Timestamp,
    autoApproved: [ChangeType]? = nil, allowedResultRegions: [String]? = nil
  ) {
    self.id = id
    self.name = name
    self.creator = creator
    self.members = members
    self.dataEncryption = dataEncryption
    self.queryLogEnabled = queryLogEnabled
    self.createdAt = createdAt
    self.autoApproved = autoApproved
    self.allowedResultRegions = allowedResultRegions
  }

  public func member(_ account: AccountID) -> MemberSpecification? {
    members.first { $0.account == account }
  }

  public func allows(_ account: AccountID, _ ability: MemberAbility) -> Bool {
    member(account)?.abilities.contains(ability) ?? false
  }

  public func allowsResults(in region: String) -> Bool {
    let regions = allowedResultRegions ?? []
    return regions.isEmpty || regions.contains(region)
  }

  /// Columns of different names join unless the creator said otherwise; an absent setting counts as true.
  public var joinsDifferentNames: Bool { dataEncryption?.allowJoinsOnColumnsWithDifferentNames ?? true }
}
