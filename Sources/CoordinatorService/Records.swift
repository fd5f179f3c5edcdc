import CleanRoomModel
import CleanRoomStore

/// A collaboration as the coordinator keeps it.
struct CollaborationRecord: Sendable, Codable {
  var charter: CollaborationCharter
  var signedCharter: SignedDocument
  var description: String
  var members: [MemberState]
  var updatedAt: Timestamp
  var isDeleted = false

  func state(of account: AccountID) -> MemberState? { members.first { $0.account == account } }

  /// Deleted collaborations, and those of others, do not exist for the caller.
  func isVisible(to account: AccountID) -> Bool {
    guard !isDeleted, let state = state(of: account) else { return false }
    return state.status == .active || state.status == .invited
  }

  func isActive(_ account: AccountID) -> Bool { !isDeleted && state(of: account)?.status == .active }

  func displayName(of account: AccountID) -> String {
    charter.member(account)?.displayName ?? account.value
  }

  mutating func update(_ account: AccountID, at time: Timestamp, _ change: (inout MemberState) -> Void) {
    guard let index = members.firstIndex(where: { $0.account == account }) else { return }
    change(&members[index])
    members[index].updatedAt = time
    updatedAt = time
  }
}

struct MemberState: Sendable, Codable {
  var account: AccountID
  var status: MemberStatus
  var membership: MembershipID?
  var createdAt: Timestamp
  var updatedAt: Timestamp
}

/// A membership as the coordinator keeps it; where results go is the member's own matter.
struct MembershipRecord: Sendable, Codable {
  enum Status: String, Sendable, Codable {
    case active = "ACTIVE"
    case removed = "REMOVED"
    case collaborationDeleted = "COLLABORATION_DELETED"
  }

  var id: MembershipID
  var collaboration: CollaborationID
  var account: AccountID
  var status: Status
  var queryLogEnabled: Bool
  var defaultResult: DefaultResult?
  /// False while the membership is the automatic one that its owner has not confirmed yet.
  var isConfirmed: Bool
  var createdAt: Timestamp
  var updatedAt: Timestamp
}

/// The `defaultResultConfiguration` of a membership.
struct DefaultResult: Sendable, Codable, Equatable {
  var location: ResultLocation
  var roleArn: String?
}

struct TableRecord: Sendable, Codable {
  var signed: SignedDocument
  var table: PublishedTable
}

/// What the runner asked to be done with the result.
struct RequestedOutput: Sendable, Codable, Equatable {
  enum Kind: String, Sendable, Codable { case s3, member, distribute }

  var kind: Kind
  /// The runner's own place, if it receives.
  var s3: ResultLocation?
  var singleFileOutput: Bool?
  /// Receivers other than through `s3`.
  var members: [AccountID]
}

struct QueryRecord: Sendable, Codable {
  var request: QueryRequest
  var signed: SignedDocument
  var membership: MembershipID
  var output: RequestedOutput
  /// Names of the tables it touches, in FROM order.
  var tables: [String]
  var extended: Bool
  var status: ProtectedQueryStatus
  var createdAt: Timestamp
  var startedAt: Timestamp?
  var endedAt: Timestamp?
  var failure: QueryFailure?
  /// Every receiver holds the result durably: from here the query can only succeed.
  var isCommitted = false
  /// The runner's `s3://…` location, once the result is there.
  var location: String?

  /// The runner sees its own query, a receiver those whose results it gets; for others the query does not exist.
  func isVisible(through membership: MembershipRecord) -> Bool {
    self.membership == membership.id
      || (request.collaboration == membership.collaboration && request.receivers.contains(membership.account))
  }

  /// - Returns: false when the event comes too late to matter.
  mutating func apply(_ event: QueryEvent, at time: Timestamp) -> Bool {
    // Every receiver holds the result: whatever happens now, the query has succeeded.
    guard !isCommitted || event != .cancelRequested else { return false }
    let event = isCommitted ? .succeeded : event
    guard let next = status.after(event) else { return false }
    status = next
    if next == .started { startedAt = time }
    if next.isTerminal { endedAt = time }
    switch event {
    case .failed(let failure), .timedOut(let failure): if next != .cancelled { self.failure = failure }
    default: break
    }
    return true
  }
}

/// Analysis log lines that a member has not acknowledged yet.
struct PendingLog: Sendable, Codable {
  var account: AccountID
  var collaboration: CollaborationID
  var line: String
}

extension DocumentKind where Value == CollaborationRecord {
  static var collaborations: Self { DocumentKind(name: "collaboration") }
}
extension DocumentKind where Value == MembershipRecord {
  static var memberships: Self { DocumentKind(name: "membership") }
}
extension DocumentKind where Value == TableRecord {
  /// Keyed by association id; the parent is the collaboration.
  static var tables: Self { DocumentKind(name: "table") }
}
extension DocumentKind where Value == QueryRecord {
  /// The parent is the runner's membership.
  static var queries: Self { DocumentKind(name: "query") }
}
extension DocumentKind where Value == PendingLog {
  /// The parent is the account that the line is for.
  static var pendingLogs: Self { DocumentKind(name: "pending-log") }
}
