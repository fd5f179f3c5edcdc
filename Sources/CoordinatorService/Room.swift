import CleanRoomModel
import CleanRoomPolicy
import CleanRoomStore

/// One collaboration with its published tables, as they are at one moment.
struct Room: Sendable {
  var record: CollaborationRecord
  var tables: [TableRecord]

  init(record: CollaborationRecord, tables: [TableRecord]) {
    self.record = record
    self.tables = tables
  }

  init(_ record: CollaborationRecord, in reader: DocumentReader) throws {
    self.init(record: record, tables: try reader.list(.tables, parent: record.charter.id.value).map(\.value))
  }

  /// Tables of members who left or were removed cannot be queried any more.
  var queryable: [TableRecord] { tables.filter { record.isActive($0.table.owner) } }

  /// Names are unique without regard to case.
  func table(named name: String) -> TableRecord? {
    let wanted = name.lowercased()
    return queryable.first { $0.table.name.lowercased() == wanted }
  }

  /// An account with its display name, for messages.
  func label(_ account: AccountID) -> String { "\(account) (\(record.displayName(of: account)))" }

  func policyContext(_ request: QueryRequest, template: AnalysisTemplate?, extended: Bool) -> PolicyContext {
    PolicyContext(
      request, template: template, tables: queryable.map(\.table),
      joinsDifferentNames: record.charter.joinsDifferentNames, extended: extended)
  }
}

/// Reads collaborations from the store.
struct Rooms: Sendable {
  let store: DocumentStore

  /// - Throws: `QueryFailure` when the collaboration has been deleted.
  func room(_ id: CollaborationID) throws -> Room {
    let found = try store.read { reader in
      try reader.get(.collaborations, id.value).map { try Room($0.value, in: reader) }
    }
    guard let found, !found.record.isDeleted else { throw QueryFailure.collaborationDeleted }
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
