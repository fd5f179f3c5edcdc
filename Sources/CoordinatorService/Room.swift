import CleanRoomModel
import CleanRoomPolicy
import CleanRoomStore

/// One collaboration with its published tables, as they are at one moment.
struct Room: Sendable {
  var record: CollaborationRecord
  var tables: [TableRecord]

  /// Tables of members who left or were removed cannot be queried any more.
  var queryable: [TableRecord] { tables.filter { record.isActive($0.table.owner) } }

  func table(named name: String) -> TableRecord? { tables.first { $0.table.name == name } }

  func owners(of names: [String]) -> [AccountID] { names.compactMap { table(named: $0)?.table.owner } }

  /// An account with its display name, for messages.
  func label(_ account: AccountID) -> String { "\(account) (\(record.displayName(of: account)))" }

  func policyContext(for query: QueryRecord) -> PolicyContext {
    policyContext(request: query.request, extended: query.extended)
  }

  func policyContext(request: QueryRequest, extended: Bool) -> PolicyContext {
    PolicyContext(
      runner: request.runner, tables: queryable.map(\.table), receivers: request.receivers,
      joinsDifferentNames: record.charter.joinsDifferentNames, extended: extended, now: request.requestedAt)
  }
}

/// Reads collaborations from the store.
struct Rooms: Sendable {
  let store: DocumentStore

  func room(_ id: CollaborationID) throws -> Room {
    let found = try store.read { reader in
      try reader.get(.collaborations, id.value).map { document in
        Room(record: document.value, tables: try reader.list(.tables, parent: id.value).map(\.value))
      }
    }
    guard let found, !found.record.isDeleted else {
      throw QueryFailure(code: .interrupted, message: "The collaboration has been deleted.")
    }
    return found
  }
}

/// All reasons of a refusal in one text, a line each, with line and column in the query.
enum RefusalText {
  static func text(_ reasons: [RefusalReason]) -> String {
    reasons.map { reason in
      guard let position = reason.position else { return reason.message }
      return "\(reason.message) (line \(position.line), column \(position.column))"
    }.joined(separator: "\n")
  }
}
