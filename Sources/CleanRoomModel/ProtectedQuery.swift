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

/// What the runner's daemon signs: the whole authority for one query. Owners believe this and nothing else
/// about who asks and what for.
public struct QueryRequest: Sendable, Codable, Equatable {
  /// Made by the runner's daemon, so that nobody else can reuse a signature for another query.
  public var id: QueryID
  public var collaboration: CollaborationID
  public var runner: AccountID
  public var sql: String
  /// Every account that is to receive the result.
  public var receivers: [AccountID]
  public var requestedAt: Timestamp

  public init(
    id: QueryID, collaboration: CollaborationID, runner: AccountID, sql: String, receivers: [AccountID],
    requestedAt: Timestamp
  ) {
    self.id = id
    self.collaboration = collaboration
    self.runner = runner
    self.sql = sql
    self.receivers = receivers
    self.requestedAt = requestedAt
  }
}
