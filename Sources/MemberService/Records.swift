import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

/// A configured table: what its owner lets clean rooms see of one catalog table.
struct ConfiguredTableRecord: Sendable, Codable {
  var id: ConfiguredTableID
  var name: String
  var description: String?
  var databaseName: String
  var tableName: String
  var region: String?
  /// Lower case.
  var allowedColumns: [String]
  /// The allowed columns as the source had them when the table was configured; what is published of a source that
  /// cannot be read later.
  var columns: [PublishedColumn]
  var analysisMethod: String
  var rule: RuleRecord?
  var createdAt: Timestamp
  var updatedAt: Timestamp
}

/// The analysis rule of a configured table. `policy` is the API's JSON, kept as it was given.
struct RuleRecord: Sendable, Codable {
  var rule: AnalysisRule
  var policy: String
  var createdAt: Timestamp
  var updatedAt: Timestamp
}

struct AssociationRecord: Sendable, Codable {
  var id: AssociationID
  var membership: MembershipID
  var collaboration: CollaborationID
  var configuredTable: ConfiguredTableID
  /// The table's name in SQL.
  var name: String
  var description: String?
  var roleArn: String
  var rule: AssociationRuleRecord?
  var createdAt: Timestamp
  var updatedAt: Timestamp
}

/// The analysis rule of an association. `policy` is the API's JSON, kept as it was given.
struct AssociationRuleRecord: Sendable, Codable {
  var type: AnalysisRuleType
  /// Empty: nobody.
  var receivers: [AccountID]
  var policy: String
  var createdAt: Timestamp
  var updatedAt: Timestamp
  /// ARNs of what may work on results.
  var additionalAnalyses: [String]?
}

/// The member's own copy of a membership: the signed charter it joined under, and where its results go.
struct LocalMembership: Sendable, Codable {
  var id: MembershipID
  var collaboration: CollaborationID
  var charter: SignedDocument
  var defaultResult: ResultLocation?
}

/// What the coordinator still has to be told of a withdrawal that counts here already.
struct WithdrawalNote: Sendable, Codable {
  var association: TableWithdrawal?
  var departure: Departure?

  struct Departure: Sendable, Codable {
    var membership: MembershipID
    /// A `CharterDeparture`, signed by this organization.
    var document: SignedDocument
  }
}

struct TagRecord: Sendable, Codable {
  var tags: [String: String]
}

/// Where a query that this organization runs is to put its result.
struct OwnQuery: Sendable, Codable {
  var request: QueryRequest
  var output: ResultLocation?
}

struct SecretRecord: Sendable, Codable {
  /// 32 bytes, base64; the state file is readable by its owner only.
  var secret: String
}

/// A query that this member has agreed to release for; it never agrees to the same one twice.
struct SeenQuery: Sendable, Codable {
  var requestedAt: Timestamp
}

extension DocumentKind where Value == ConfiguredTableRecord {
  static var configuredTables: Self { DocumentKind(name: "configured-table") }
}
extension DocumentKind where Value == AssociationRecord {
  /// The parent is the membership.
  static var associations: Self { DocumentKind(name: "association") }
}
extension DocumentKind where Value == LocalMembership {
  static var memberships: Self { DocumentKind(name: "membership") }
}
extension DocumentKind where Value == CharterHistory {
  /// Keyed by collaboration.
  static var charterHistories: Self { DocumentKind(name: "charter-history") }
}
extension DocumentKind where Value == WithdrawalNote {
  static var withdrawalNotes: Self { DocumentKind(name: "withdrawal-note") }
}
extension DocumentKind where Value == TagRecord {
  /// Keyed by the resource part of the ARN.
  static var tags: Self { DocumentKind(name: "tags") }
}
extension DocumentKind where Value == OwnQuery {
  static var ownQueries: Self { DocumentKind(name: "own-query") }
}
extension DocumentKind where Value == SecretRecord {
  /// Keyed by collaboration.
  static var secrets: Self { DocumentKind(name: "secret") }
}
extension DocumentKind where Value == SeenQuery {
  static var seenQueries: Self { DocumentKind(name: "seen-query") }
}
