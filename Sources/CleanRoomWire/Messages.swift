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
