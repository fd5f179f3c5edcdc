public enum ChangeRequestKind {}
public typealias ChangeRequestID = ResourceID<ChangeRequestKind>

/// What a change does to a collaboration (AWS Clean Rooms `ChangeType`).
public enum ChangeType: String, Sendable, Codable, CaseIterable {
  case addMember = "ADD_MEMBER"
  case grantReceiveResults = "GRANT_RECEIVE_RESULTS_ABILITY"
  case revokeReceiveResults = "REVOKE_RECEIVE_RESULTS_ABILITY"
  case editAutoApproved = "EDIT_AUTO_APPROVED_CHANGE_TYPES"

  /// What a charter may declare approved without asking the members.
  public var mayBeAutoApproved: Bool { self != .editAutoApproved }
}

/// One change of a charter.
public enum CharterChange: Sendable, Codable, Equatable {
  /// A new member, or the abilities that a member has from now on.
  case member(MemberSpecification)
  /// The creator's right, which needs nobody's approval.
  case removal(AccountID)
  case autoApproved([ChangeType])

  var account: AccountID? {
    switch self {
    case .member(let member): member.account
    case .removal(let account): account
    case .autoApproved: nil
    }
  }

  var isRemoval: Bool { if case .removal = self { true } else { false } }
}

/// What the creator signs when it proposes changes; the identifier is made from the content's hash.
public struct CharterProposal: Sendable, Codable, Equatable {
  public var id: ChangeRequestID
  public var collaboration: CollaborationID
  public var changes: [CharterChange]
  public var createdAt: Timestamp

  public init(
    id: ChangeRequestID, collaboration: CollaborationID, changes: [CharterChange], createdAt: Timestamp
  ) {
    self.id = id
    self.collaboration = collaboration
    self.changes = changes
    self.createdAt = createdAt
  }
}

/// What a member signs when it agrees to a proposal.
public struct CharterApproval: Sendable, Codable, Equatable {
  public var collaboration: CollaborationID
  public var changeRequest: ChangeRequestID
  /// SHA-256 of the proposal's signed payload, hexadecimal.
  public var proposal: String
  public var at: Timestamp

  public init(
    collaboration: CollaborationID, changeRequest: ChangeRequestID, proposal: String, at: Timestamp
  ) {
    self.collaboration = collaboration
    self.changeRequest = changeRequest
    self.proposal = proposal
    self.at = at
  }
}

/// What a member signs when it leaves: from then on nobody waits for its approval.
public struct CharterDeparture: Sendable, Codable, Equatable {
  public var collaboration: CollaborationID
  public var account: AccountID
  public var at: Timestamp

  public init(collaboration: CollaborationID, account: AccountID, at: Timestamp) {
    self.collaboration = collaboration
    self.account = account
    self.at = at
  }
}

/// One link of the chain that begins with the charter; the creator signs every one.
public struct CharterAmendment: Sendable, Codable, Equatable {
  public var collaboration: CollaborationID
  /// From 1.
  public var number: Int
  /// SHA-256 of the payload before it, of the charter or of an amendment, hexadecimal.
  public var previous: String
  public var changes: [CharterChange]
  public var at: Timestamp

  public init(
    collaboration: CollaborationID, number: Int, previous: String, changes: [CharterChange], at: Timestamp
  ) {
    self.collaboration = collaboration
    self.number = number
    self.previous = previous
    self.changes = changes
    self.at = at
  }
}

/// An amendment with what makes it valid.
public struct SignedAmendment: Sendable, Codable, Equatable {
  /// A `CharterAmendment`, signed by the creator.
  public var amendment: SignedDocument
  /// The `CharterProposal` that the approvals are about; absent for removals.
  public var proposal: SignedDocument?
  /// `CharterApproval`s and `CharterDeparture`s, each signed by its member.
  public var approvals: [SignedDocument]

  public init(amendment: SignedDocument, proposal: SignedDocument? = nil, approvals: [SignedDocument] = []) {
    self.amendment = amendment
    self.proposal = proposal
    self.approvals = approvals
  }
}

/// A charter and every amendment of it, in order.
public struct CharterHistory: Sendable, Codable, Equatable {
  public var charter: SignedDocument
  public var amendments: [SignedAmendment]

  public init(charter: SignedDocument, amendments: [SignedAmendment] = []) {
    self.charter = charter
    self.amendments = amendments
  }
}

extension CollaborationCharter {
  /// What a change amounts to under this charter; empty for one that changes nothing.
  public func types(of change: CharterChange) -> [ChangeType] {
    switch change {
    case .removal: return []
    case .autoApproved(let types): return types == autoApproved ?? [] ? [] : [.editAutoApproved]
    case .member(let new):
      guard let old = member(new.account) else { return [.addMember] }
      let (had, has) = (old.abilities.contains(.canReceiveResults), new.abilities.contains(.canReceiveResults))
      return had == has ? [] : [has ? .grantReceiveResults : .revokeReceiveResults]
    }
  }

  /// Whether the charter itself approves the changes.
  public func approves(_ changes: [CharterChange]) -> Bool {
    changes.flatMap(types).allSatisfy { $0.mayBeAutoApproved && (autoApproved ?? []).contains($0) }
  }

  /// Whose signatures the changes need.
  public func approvers(of changes: [CharterChange]) -> Set<AccountID> {
    approves(changes) ? [] : Set(members.map(\.account)).subtracting([creator])
  }

  /// - Returns: the charter after the changes; nil where one of them is not allowed at all.
  public func amended(by changes: [CharterChange]) -> CollaborationCharter? {
    var result = self
    var seen: Set<AccountID?> = []
    for change in changes {
      guard seen.insert(change.account).inserted, change.isRemoval || !types(of: change).isEmpty else { return nil }
      switch change {
      case .removal(let account):
        guard account != creator, result.member(account) != nil else { return nil }
        result.members.removeAll { $0.account == account }
      case .autoApproved(let types):
        guard types.allSatisfy(\.mayBeAutoApproved) else { return nil }
        result.autoApproved = types
      case .member(let new):
        guard result.set(new) else { return nil }
      }
    }
    return changes.isEmpty ? nil : result
  }

  /// Who runs queries and jobs, and who pays, was fixed when the collaboration was created.
  private mutating func set(_ new: MemberSpecification) -> Bool {
    let fixed: Set<MemberAbility> = [.canQuery, .canRunJob]
    guard let index = members.firstIndex(where: { $0.account == new.account }) else {
      guard fixed.isDisjoint(with: new.abilities), new.payment == nil else { return false }
      members.append(new)
      return true
    }
    guard fixed.intersection(new.abilities) == fixed.intersection(members[index].abilities),
      new.payment == members[index].payment
    else { return false }
    members[index] = new
    return true
  }
}
