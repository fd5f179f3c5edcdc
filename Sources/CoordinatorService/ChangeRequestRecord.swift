import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

/// A change request as the coordinator keeps it.
struct ChangeRequestRecord: Sendable, Codable {
  enum Status: String, Sendable, Codable {
    case pending = "PENDING"
    case approved = "APPROVED"
    case denied = "DENIED"
    case cancelled = "CANCELLED"
    case committed = "COMMITTED"
  }

  struct Vote: Sendable, Codable {
    var account: AccountID
    /// PENDING, APPROVED or DENIED.
    var status: Status
    /// The member's signed approval, or its departure.
    var document: SignedDocument?
  }

  var proposal: CharterProposal
  /// The proposal, signed by the creator.
  var signed: SignedDocument
  /// What each change amounted to when it was proposed.
  var types: [[ChangeType]]
  var status: Status
  var isAutoApproved: Bool
  /// Of every member whose approval is needed.
  var votes: [Vote]
  var createdAt: Timestamp
  var updatedAt: Timestamp

  init(
    _ proposal: CharterProposal, signed: SignedDocument, charter: CollaborationCharter,
    departures: [AccountID: SignedDocument], at time: Timestamp
  ) {
    self.proposal = proposal
    self.signed = signed
    types = proposal.changes.map(charter.types)
    isAutoApproved = charter.approves(proposal.changes)
    votes = charter.approvers(of: proposal.changes).sorted().map {
      Vote(account: $0, status: departures[$0] == nil ? .pending : .approved, document: departures[$0])
    }
    status = .pending
    createdAt = time
    updatedAt = time
    count()
  }

  /// - Returns: false where the account has no say, or no more.
  mutating func vote(_ account: AccountID, _ choice: Status, _ document: SignedDocument?, at time: Timestamp) -> Bool {
    guard status == .pending, let index = votes.firstIndex(where: { $0.account == account && $0.status == .pending })
    else { return false }
    votes[index].status = choice
    votes[index].document = document
    updatedAt = time
    count()
    return true
  }

  /// Who was removed is not waited for.
  mutating func forget(_ account: AccountID, at time: Timestamp) {
    guard status == .pending, votes.contains(where: { $0.account == account }) else { return }
    votes.removeAll { $0.account == account }
    updatedAt = time
    count()
  }

  private mutating func count() {
    if votes.contains(where: { $0.status == .denied }) {
      status = .denied
    } else if votes.allSatisfy({ $0.status == .approved }) {
      status = .approved
    }
  }
}

extension DocumentKind where Value == ChangeRequestRecord {
  /// The parent is the collaboration.
  static var changeRequests: Self { DocumentKind(name: "change-request") }
}

extension Answers {
  static func changeRequest(_ record: ChangeRequestRecord) -> JSONValue {
    let approvals = Dictionary(
      uniqueKeysWithValues: record.votes.map {
        ($0.account.value, JSONValue.object(["status": .string($0.status.rawValue)]))
      })
    return .object([
      "id": .string(record.proposal.id.value), "collaborationId": .string(record.proposal.collaboration.value),
      "createTime": .number(record.createdAt.seconds), "updateTime": .number(record.updatedAt.seconds),
      "status": .string(record.status.rawValue), "isAutoApproved": .bool(record.isAutoApproved),
      "changes": ChangeRequestJSON.json(record.proposal.changes, types: record.types),
      "approvals": approvals.isEmpty ? nil : .dictionary(approvals),
    ])
  }
}
