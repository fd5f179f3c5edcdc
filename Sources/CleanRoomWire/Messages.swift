import CleanRoomModel

/// The kinds of request on a control connection; each payload is the JSON of the type named beside it.
public enum MessageKind {
  // Member to coordinator.
  /// `ForwardedCall`, answered by `ForwardedReply`.
  public static let call = "call"
  /// `SignedDocument` of a `PublishedTable`; answered by `ForwardedReply`.
  public static let publishTable = "publish-table"
  /// `TableWithdrawal`; answered by `ForwardedReply`.
  public static let withdrawTable = "withdraw-table"
  /// `SecretRequest`; answered by the `SignedDocument` of a `SealedSecret`.
  public static let obtainSecret = "obtain-secret"
  /// `CharterInquiry`; answered by `ForwardedReply` with the amendments.
  public static let charterHistory = "charter-history"
  /// `QueryNotice`; answered by `QueryOutcome`.
  public static let queryOutcome = "query-outcome"
  /// `ReleaseFailure`, when a data connection could not even be opened; answered empty.
  public static let releaseFailed = "release-failed"

  // Coordinator to member.
  /// `QueryAnnouncement`; answered by `ReleaseAgreement` once the owner agrees; it then opens its streams.
  public static let release = "release"
  /// `QueryNotice`: stop releasing, forget staged results.
  public static let abandon = "abandon"
  /// `ResultNotice`; answered by `ResultPlacement` when the result is durably staged.
  public static let deliver = "deliver"
  /// `QueryNotice`: make the staged result visible.
  public static let publishResult = "publish-result"
  /// `SealRequest`; answered by the `SignedDocument` of a `SealedSecret`.
  public static let sealSecret = "seal-secret"
  /// `AnalysisLogEntries`; answered empty when they are durable.
  public static let log = "log"
}

/// The kinds of data connection.
public enum StreamKind {
  /// Member to coordinator: one fragment's batches. The header is a `ReleaseHeader`.
  public static let release = "release"
  /// Coordinator to member: one receiver's sealed result. No header.
  public static let collect = "collect"
  /// Coordinator to member: what a query of a collaboration can name, the JSON of a `SignedDocument` of a
  /// `PublishedTable` or an `AnalysisTemplate` a frame. Takes the collaboration's identifier in the place of the
  /// query's. No header.
  public static let schema = "schema"
  /// Coordinator to member: a `ClockReading`, taken when the question came. No query, no header.
  public static let clock = "clock"
}

/// What a daemon's clock shows.
public struct ClockReading: Sendable, Codable {
  public var time: Timestamp

  public init(time: Timestamp) { self.time = time }
}

/// An API operation that the coordinator decides, under the certified identity of the connection.
public struct ForwardedCall: Sendable, Codable {
  public var operation: String
  /// The validated input, JSON.
  public var input: String
  /// What the caller's daemon signed for this operation.
  public var document: SignedDocument?
  /// The caller's region, for ARNs.
  public var region: String
  /// False when the caller's daemon runs in strict mode.
  public var extended: Bool

  public init(operation: String, input: String, document: SignedDocument?, region: String, extended: Bool) {
    self.operation = operation
    self.input = input
    self.document = document
    self.region = region
    self.extended = extended
  }
}

/// The coordinator's answer: an output or an error, each JSON.
public struct ForwardedReply: Sendable, Codable {
  public var output: String?
  public var error: String?
  /// The charter, where the operation makes the caller a member; the template, where it asks for one.
  public var document: SignedDocument?
  /// Of the collaboration that the call was about, all of them.
  public var amendments: [SignedAmendment]?

  public init(
    output: String? = nil, error: String? = nil, document: SignedDocument? = nil,
    amendments: [SignedAmendment]? = nil
  ) {
    self.output = output
    self.error = error
    self.document = document
    self.amendments = amendments
  }
}

/// Asks how a collaboration's charter has been amended.
public struct CharterInquiry: Sendable, Codable {
  public var collaboration: CollaborationID

  public init(collaboration: CollaborationID) { self.collaboration = collaboration }
}

public struct TableWithdrawal: Sendable, Codable {
  public var collaboration: CollaborationID
  public var association: AssociationID

  public init(collaboration: CollaborationID, association: AssociationID) {
    self.collaboration = collaboration
    self.association = association
  }
}

/// Asks the collaboration's creator, through the coordinator, for the secret.
public struct SecretRequest: Sendable, Codable {
  public var collaboration: CollaborationID

  public init(collaboration: CollaborationID) { self.collaboration = collaboration }
}

/// Asks the creator's daemon to seal the secret to one member's certified key.
public struct SealRequest: Sendable, Codable {
  public var collaboration: CollaborationID
  public var account: AccountID
  /// DER, base64.
  public var certificate: String

  public init(collaboration: CollaborationID, account: AccountID, certificate: String) {
    self.collaboration = collaboration
    self.account = account
    self.certificate = certificate
  }
}

/// The collaboration secret, readable by one member only; signed by the creator.
public struct SealedSecret: Sendable, Codable {
  public var collaboration: CollaborationID
  public var recipient: AccountID
  /// HPKE ciphertext, base64.
  public var sealed: String

  public init(collaboration: CollaborationID, recipient: AccountID, sealed: String) {
    self.collaboration = collaboration
    self.recipient = recipient
    self.sealed = sealed
  }
}

extension QueryAnnouncement {
  public var history: CharterHistory { CharterHistory(charter: charter, amendments: amendments ?? []) }
}

extension ResultNotice {
  public var history: CharterHistory { CharterHistory(charter: charter, amendments: amendments ?? []) }
}

/// Tells an owner which query is running. What to send, the owner works out by itself.
public struct QueryAnnouncement: Sendable, Codable {
  /// A `QueryRequest`, signed by the runner.
  public var request: SignedDocument
  /// A `CollaborationCharter`, signed by the creator.
  public var charter: SignedDocument
  /// Of the charter, in order; nil: none.
  public var amendments: [SignedAmendment]?
  /// A `PublishedTable` each, signed by its owner: every table of the collaboration.
  public var tables: [SignedDocument]
  /// An `AnalysisTemplate`, signed by its creator, where the request names one.
  public var template: SignedDocument?

  public init(
    request: SignedDocument, history: CharterHistory, tables: [SignedDocument], template: SignedDocument? = nil
  ) {
    self.request = request
    charter = history.charter
    amendments = history.amendments
    self.tables = tables
    self.template = template
  }
}

/// An owner's agreement to release.
public struct ReleaseAgreement: Sendable, Codable {
  /// Says whether all owners hold the same collaboration secret; reveals nothing about it.
  public var keyCheck: String

  public init(keyCheck: String) { self.keyCheck = keyCheck }
}

/// Opens the data connection of one fragment.
public struct ReleaseHeader: Sendable, Codable {
  public var table: String
  public var columns: [ColumnDescription]

  public init(table: String, columns: [ColumnDescription]) {
    self.table = table
    self.columns = columns
  }
}

public struct ReleaseFailure: Sendable, Codable {
  public var query: QueryID
  public var table: String
  public var reason: String

  public init(query: QueryID, table: String, reason: String) {
    self.query = query
    self.table = table
    self.reason = reason
  }
}

public struct QueryNotice: Sendable, Codable {
  public var query: QueryID

  public init(query: QueryID) { self.query = query }
}

public struct QueryOutcome: Sendable, Codable {
  /// Nil when the coordinator does not know the query.
  public var status: ProtectedQueryStatus?

  public init(status: ProtectedQueryStatus?) { self.status = status }
}

/// Tells a receiver that a result waits for it.
public struct ResultNotice: Sendable, Codable {
  public var collaboration: CollaborationID
  /// The runner's signed request: a receiver takes results only of queries that name it.
  public var request: SignedDocument
  public var charter: SignedDocument
  /// Of the charter, in order; nil: none.
  public var amendments: [SignedAmendment]?
  public var columns: [ResultColumnDescription]

  public init(
    collaboration: CollaborationID, request: SignedDocument, history: CharterHistory,
    columns: [ResultColumnDescription]
  ) {
    self.collaboration = collaboration
    self.request = request
    charter = history.charter
    amendments = history.amendments
    self.columns = columns
  }
}

/// The receiver's answer once the result is durable.
public struct ResultPlacement: Sendable, Codable {
  /// The `s3://` location it will have.
  public var location: String

  public init(location: String) { self.location = location }
}

public struct ResultColumnDescription: Sendable, Codable, Hashable {
  public var name: String
  public var type: ColumnType

  public init(name: String, type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// Lines for the analysis log of one collaboration, each a JSON object without line breaks.
public struct AnalysisLogEntries: Sendable, Codable {
  public var collaboration: CollaborationID
  public var lines: [String]

  public init(collaboration: CollaborationID, lines: [String]) {
    self.collaboration = collaboration
    self.lines = lines
  }
}

/// What a sealed result is bound to, so that it opens for one query and one receiver only.
public enum ResultSealing {
  public static func info(query: QueryID, receiver: AccountID) -> [UInt8] {
    Array("cleanroom/result/1 \(query.value) \(receiver.value)".utf8)
  }
}
