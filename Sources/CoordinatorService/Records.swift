import CleanRoomModel
import CleanRoomStore

/// A collaboration as the coordinator keeps it.
struct CollaborationRecord: Sendable, Codable {
  /// As amended.
  var charter: CollaborationCharter
  var signedCharter: SignedDocument
  var description: String
  var members: [MemberState]
  var updatedAt: Timestamp
  var isDeleted = false
  /// What the creator calls it now; the signed charter keeps the name it was created with.
  var newName: String?
  /// Of the signed charter, in order.
  var amendments: [SignedAmendment]?
  /// What members signed when they left.
  var departures: [AccountID: SignedDocument]?

  var name: String { newName ?? charter.name }

  func state(of account: AccountID) -> MemberState? { members.first { $0.account == account } }

  /// Deleted collaborations, and those of others, do not exist for the caller.
  func isVisible(to account: AccountID) -> Bool {
    guard !isDeleted, let state = state(of: account) else { return false }
    return state.status == .active || state.status == .invited
  }

  func isActive(_ account: AccountID) -> Bool { !isDeleted && state(of: account)?.status == .active }

  var history: CharterHistory { CharterHistory(charter: signedCharter, amendments: amendments ?? []) }

  /// A member as the charter has it, or had it when the member was removed.
  func specification(of account: AccountID) -> MemberSpecification? {
    charter.member(account) ?? state(of: account)?.last
  }

  func displayName(of account: AccountID) -> String { specification(of: account)?.displayName ?? account.value }

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
  /// What a removed member was.
  var last: MemberSpecification?
}

/// A membership as the coordinator keeps it; which folder results go to is the member's own matter.
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
  var createdAt: Timestamp
  var updatedAt: Timestamp
}

/// The `defaultResultConfiguration` of a membership.
struct DefaultResult: Sendable, Codable, Equatable {
  var location: ResultLocation
  var roleArn: String?
}

/// A published table, with its owner's signature for the other members.
struct TableRecord: Sendable, Codable {
  var signed: SignedDocument
  var table: PublishedTable
}

/// An analysis template, with its creator's signature for the other members.
struct TemplateRecord: Sendable, Codable {
  var signed: SignedDocument
  var template: AnalysisTemplate
  var description: String?
  /// In FROM order.
  var referencedTables: [String]
  var updatedAt: Timestamp
}

/// Analysis log lines that a member has not acknowledged yet.
struct PendingLog: Sendable, Codable {
  var account: AccountID
  var collaboration: CollaborationID
  var line: String
}

/// A collaboration secret that only one member can open.
struct SealedSecretRecord: Sendable, Codable {
  /// A `SealedSecret`, signed by the creator.
  var document: SignedDocument
  /// The certificate it was sealed to, DER, base64.
  var certificate: String
}

extension DocumentKind where Value == CollaborationRecord {
  static var collaborations: Self { DocumentKind(name: "collaboration") }
}
extension DocumentKind where Value == MembershipRecord {
  /// The parent is the account.
  static var memberships: Self { DocumentKind(name: "membership") }
}
extension DocumentKind where Value == TableRecord {
  /// Keyed by association id; the parent is the collaboration.
  static var tables: Self { DocumentKind(name: "table") }
}
extension DocumentKind where Value == TemplateRecord {
  /// The parent is the collaboration.
  static var templates: Self { DocumentKind(name: "analysis-template") }
}
extension DocumentKind where Value == QueryRecord {
  /// The parent is the collaboration.
  static var queries: Self { DocumentKind(name: "query") }
}
extension DocumentKind where Value == PendingLog {
  /// The parent is the account that the line is for.
  static var pendingLogs: Self { DocumentKind(name: "pending-log") }
}
extension DocumentKind where Value == SealedSecretRecord {
  /// Keyed by collaboration and account; the parent is the collaboration.
  static var sealedSecrets: Self { DocumentKind(name: "sealed-secret") }
}

extension SealedSecretRecord {
  static func key(_ collaboration: CollaborationID, _ account: AccountID) -> String {
    "\(collaboration)/\(account)"
  }
}
