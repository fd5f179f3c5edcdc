import CleanRoomModel

/// One batch that left this organization.
public struct LedgerEntry: Sendable, Codable, Equatable {
  public var at: Timestamp
  public var collaboration: CollaborationID
  public var query: QueryID
  public var table: String
  /// `coordinator`, or an account.
  public var receiver: String
  public var columns: [LedgerColumn]
  public var rows: Int
  public var bytes: Int
  /// Counted from 0 for each table of a query.
  public var batch: Int
  /// Of the encoded batch, hexadecimal.
  public var payloadSHA256: String

  public init(
    at: Timestamp, collaboration: CollaborationID, query: QueryID, table: String, receiver: String,
    columns: [LedgerColumn], rows: Int, bytes: Int, batch: Int, payloadSHA256: String
  ) {
    self.at = at
    self.collaboration = collaboration
    self.query = query
    self.table = table
    self.receiver = receiver
    self.columns = columns
    self.rows = rows
    self.bytes = bytes
    self.batch = batch
    self.payloadSHA256 = payloadSHA256
  }
}

public struct LedgerColumn: Sendable, Codable, Hashable {
  public var name: String
  /// `token` or `value`.
  public var kind: String

  public init(name: String, kind: String) {
    self.name = name
    self.kind = kind
  }
}

/// What left for one table of one query.
public struct LedgerSummary: Sendable, Codable, Equatable {
  public var query: QueryID
  public var collaboration: CollaborationID
  public var table: String
  public var receiver: String
  public var columns: [LedgerColumn]
  public var rows: Int
  public var bytes: Int
  public var batches: Int
  public var first: Timestamp
  public var last: Timestamp
}

public enum LedgerVerification: Sendable, Equatable {
  /// Every line and the head are as they were signed.
  case intact(lines: Int, head: String)
  /// The first place where the record is not what was signed.
  case broken(line: Int, what: String)
}
