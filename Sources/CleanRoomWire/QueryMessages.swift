import CleanRoomModel

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
