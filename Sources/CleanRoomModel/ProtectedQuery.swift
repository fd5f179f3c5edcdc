/// Where a protected query stands (AWS Clean Rooms `ProtectedQueryStatus`).
public enum ProtectedQueryStatus: String, Sendable, Codable, CaseIterable {
  case submitted = "SUBMITTED"
  case started = "STARTED"
  case cancelling = "CANCELLING"
  case cancelled = "CANCELLED"
  case failed = "FAILED"
  case success = "SUCCESS"
  case timedOut = "TIMED_OUT"

  public var isTerminal: Bool {
    switch self {
    case .submitted, .started, .cancelling: false
    case .cancelled, .failed, .success, .timedOut: true
    }
  }
}

public enum ResultFormat: String, Sendable, Codable {
  case csv = "CSV"
  case parquet = "PARQUET"
}

/// An S3-style place for results: what the member's configuration maps to a folder.
public struct ResultLocation: Sendable, Codable, Equatable {
  public var bucket: String
  public var keyPrefix: String?
  public var resultFormat: ResultFormat

  public init(bucket: String, keyPrefix: String?, resultFormat: ResultFormat) {
    self.bucket = bucket
    self.keyPrefix = keyPrefix
    self.resultFormat = resultFormat
  }
}

/// What the runner asked to be done with a query's result.
public struct RequestedOutput: Sendable, Codable, Equatable {
  public enum Kind: String, Sendable, Codable { case s3, member, distribute }

  public var kind: Kind
  /// The runner's own place, if it asked for one.
  public var s3: ResultLocation?
  public var singleFileOutput: Bool?
  /// Receivers other than through `s3`, in the order of the request.
  public var members: [AccountID]

  public init(kind: Kind, s3: ResultLocation? = nil, singleFileOutput: Bool? = nil, members: [AccountID]) {
    self.kind = kind
    self.s3 = s3
    self.singleFileOutput = singleFileOutput
    self.members = members
  }

  /// Every account that is to receive the result, the runner first.
  public func receivers(runner: AccountID) -> [AccountID] { (s3 == nil ? [] : [runner]) + members }
}

/// What the runner's daemon signs: the whole authority for one query. Owners believe this and nothing else
/// about who asks and what for.
public struct QueryRequest: Sendable, Codable, Equatable {
  /// Made by the runner's daemon, so that nobody else can reuse a signature for another query.
  public var id: QueryID
  public var collaboration: CollaborationID
  public var runner: AccountID
  /// The text; that of the template where one is named.
  public var sql: String
  /// Nil for a query that the runner wrote itself.
  public var template: RequestedTemplate?
  /// Every account that is to receive the result.
  public var receivers: [AccountID]
  public var requestedAt: Timestamp

  public init(
    id: QueryID, collaboration: CollaborationID, runner: AccountID, sql: String, receivers: [AccountID],
    requestedAt: Timestamp, template: RequestedTemplate? = nil
  ) {
    self.id = id
    self.collaboration = collaboration
    self.runner = runner
    self.sql = sql
    self.receivers = receivers
    self.requestedAt = requestedAt
    self.template = template
  }
}
