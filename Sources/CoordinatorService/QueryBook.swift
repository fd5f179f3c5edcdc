import CleanRoomModel
import CleanRoomStore

/// The durable record of every query: each change is on disk before anybody hears of it.
struct QueryBook: Sendable {
  let store: DocumentStore
  let clock: @Sendable () -> Timestamp

  /// - Throws: `StoreError.exists` for a query that was recorded before.
  func insert(_ record: QueryRecord) throws {
    try store.write { writer in
      try writer.insert(
        .queries, id: record.request.id.value, parent: record.request.collaboration.value, value: record,
        at: record.createdAt)
    }
  }

  func record(_ id: QueryID) throws -> QueryRecord? {
    try store.read { try $0.get(.queries, id.value)?.value }
  }

  /// Newest first.
  func records(in collaboration: CollaborationID) throws -> [QueryRecord] {
    try store.read { try $0.list(.queries, parent: collaboration.value).map(\.value).reversed() }
  }

  /// - Returns: the changed record, or nil when the event comes too late to matter.
  @discardableResult
  func apply(_ event: QueryEvent, to id: QueryID) throws -> QueryRecord? {
    try change(id) { $0.apply(event, at: $1) }
  }

  /// Marks the moment after which the query can only succeed: every receiver holds the result durably.
  /// - Returns: false when the query has been stopped before.
  func commit(_ id: QueryID, placed: [PlacedResult]) throws -> Bool {
    let committed = try change(id) { record, _ in
      guard record.status == .started else { return false }
      record.placed = placed
      record.isCommitted = true
      return true
    }
    return committed != nil
  }

  private func change(_ id: QueryID, _ body: (inout QueryRecord, Timestamp) -> Bool) throws -> QueryRecord? {
    let now = clock()
    return try store.write { writer in
      guard let document = try writer.get(.queries, id.value) else { return nil }
      var record = document.value
      guard body(&record, now) else { return nil }
      try writer.put(.queries, id: id.value, parent: document.parent, value: record, at: now)
      return record
    }
  }

  /// Gives every query that a crash left unfinished its one terminal status.
  /// - Returns: the queries that ended here.
  func recover() throws -> [QueryRecord] {
    let open = try store.read { try $0.list(.queries).map(\.value).filter { !$0.status.isTerminal } }
    return try open.compactMap { try apply(.failed(.coordinatorRestarted), to: $0.request.id) }
  }
}
