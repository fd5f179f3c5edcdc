import CleanRoomModel
import CleanRoomStore

/// The durable record of every query: each change is on disk before anybody hears of it.
struct QueryBook: Sendable {
  let store: DocumentStore
  let clock: @Sendable () -> Timestamp

  func insert(_ record: QueryRecord) throws {
    try store.write { writer in
      try writer.insert(
        .queries, id: record.request.id.value, parent: record.membership.value, value: record, at: record.createdAt)
    }
  }

  func record(_ id: QueryID) throws -> QueryRecord? {
    try store.read { try $0.get(.queries, id.value)?.value }
  }

  /// The membership's own queries and those whose results its account receives, newest first.
  func records(visibleTo membership: MembershipRecord) throws -> [QueryRecord] {
    try store.read { try $0.list(.queries).map(\.value).reversed() }.filter { $0.isVisible(through: membership) }
  }

  /// - Returns: the changed record, or nil when the event comes too late to matter.
  @discardableResult
  func apply(
    _ event: QueryEvent, to id: QueryID, also change: (inout QueryRecord) -> Void = { _ in }
  ) throws -> QueryRecord? {
    let now = clock()
    return try store.write { writer in
      guard let document = try writer.get(.queries, id.value) else { return nil }
      var record = document.value
      guard record.apply(event, at: now) else { return nil }
      change(&record)
      try writer.put(.queries, id: id.value, parent: document.parent, value: record, at: now)
      return record
    }
  }

  /// Marks the moment after which the query can only succeed: every receiver holds the result durably.
  func commit(_ id: QueryID, location: String?) throws -> Bool {
    let now = clock()
    return try store.write { writer in
      guard let document = try writer.get(.queries, id.value), document.value.status == .started else { return false }
      var record = document.value
      record.location = location
      record.isCommitted = true
      try writer.put(.queries, id: id.value, parent: document.parent, value: record, at: now)
      return true
    }
  }

  /// Gives every query that a crash left unfinished its one terminal status.
  /// - Returns: the queries that ended here.
  func recover() throws -> [QueryRecord] {
    let open = try store.read { try $0.list(.queries).map(\.value).filter { !$0.status.isTerminal } }
    return try open.compactMap { record in
      switch (record.status, record.isCommitted) {
      case (_, true): try apply(.succeeded, to: record.request.id)
      case (.cancelling, _): try apply(.cancelled, to: record.request.id)
      default: try apply(.failed(.coordinatorRestarted), to: record.request.id)
      }
    }
  }
}

extension QueryFailure {
  static let coordinatorRestarted = QueryFailure(
    code: .interrupted, message: "The coordinator restarted while the query was under way. Start the query again.")
}
