import CleanRoomModel
import CleanRoomWire

/// A table that a query reads.
struct QueriedTable: Sendable, Codable, Equatable {
  var name: String
  var owner: AccountID
}

/// Where one receiver put the result, as an `s3://` location.
struct PlacedResult: Sendable, Codable, Equatable {
  var account: AccountID
  var location: String
}

/// A protected query, from its submission to long after its end.
struct QueryRecord: Sendable, Codable {
  var request: QueryRequest
  var signed: SignedDocument
  var membership: MembershipID
  var output: RequestedOutput
  /// In FROM order.
  var tables: [QueriedTable]
  var extended: Bool
  var status = ProtectedQueryStatus.submitted
  var createdAt: Timestamp
  var startedAt: Timestamp?
  var endedAt: Timestamp?
  var failure: QueryFailure?
  /// Every receiver holds the result durably: from here the query can only succeed.
  var isCommitted = false
  /// Known from the commit on.
  var placed: [PlacedResult] = []
  /// As its creator signed it; a query outlives its template.
  var template: SignedDocument?

  /// Checked when the query was submitted.
  var analysisTemplate: AnalysisTemplate? {
    get throws { try template.map { try WireJSON.decode(AnalysisTemplate.self, from: $0.payload) } }
  }

  var owners: Set<AccountID> { Set(tables.map(\.owner)) }
  /// Owners and receivers: everybody who does something for the query.
  var parties: Set<AccountID> { owners.union(request.receivers) }

  /// - Returns: false where the event changes nothing any more.
  mutating func apply(_ event: QueryEvent, at time: Timestamp) -> Bool {
    // A commit cannot be undone, whatever happens afterwards; and without one there is no success.
    if isCommitted && event == .cancelRequested { return false }
    let event = isCommitted ? .succeeded : event
    guard event != .succeeded || isCommitted, let next = status.after(event) else { return false }
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
