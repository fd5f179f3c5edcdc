import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// Takes what owners publish of their tables.
struct TablePublication: Sendable {
  let store: DocumentStore
  let rooms: Rooms
  let trust: TrustStore
  let clock: @Sendable () -> Timestamp

  /// - Returns: an empty output, or the API error with which the association is refused.
  func publish(_ document: SignedDocument, from account: AccountID) -> ForwardedReply {
    reply {
      let now = clock()
      guard let signer = try? trust.verify(document, purpose: .table, at: now), signer.role == .member(account),
        let table = try? WireJSON.decode(PublishedTable.self, from: document.payload), table.owner == account
      else { throw APIError.validation("The table is not signed by its owner.") }
      try checkActive(account, in: table.collaboration)
      try store.write { writer in
        let tables = try writer.list(.tables, parent: table.collaboration.value).map(\.value.table)
        guard !tables.contains(where: { $0.association != table.association && Self.sameName($0.name, table.name) })
        else {
          throw APIError.conflict(
            "The name \(table.name) is in use in this collaboration. Choose another name.", id: table.name,
            type: "CONFIGURED_TABLE_ASSOCIATION", reason: "ALREADY_EXISTS")
        }
        guard !tables.contains(where: { $0.association == table.association && $0.owner != account }) else {
          throw APIError.validation("The association belongs to another member.")
        }
        try writer.put(
          .tables, id: table.association.value, parent: table.collaboration.value,
          value: TableRecord(signed: document, table: table), at: now)
      }
    }
  }

  /// A table that is not there any more is withdrawn already.
  func withdraw(_ withdrawal: TableWithdrawal, from account: AccountID) -> ForwardedReply {
    reply {
      try store.write { writer in
        guard let found = try writer.get(.tables, withdrawal.association.value)?.value.table,
          found.owner == account, found.collaboration == withdrawal.collaboration
        else { return }
        try writer.delete(.tables, withdrawal.association.value)
      }
    }
  }

  private func checkActive(_ account: AccountID, in collaboration: CollaborationID) throws {
    guard let room = try? rooms.room(collaboration), room.record.isActive(account) else {
      throw APIError.validation(
        "Account \(account) is not an active member of the collaboration, or the collaboration has been deleted.")
    }
  }

  /// SQL names are the same whatever their case.
  private static func sameName(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }

  private func reply(_ body: () throws -> Void) -> ForwardedReply {
    do {
      try body()
      return ForwardedReply(output: JSONValue.object([:]).text)
    } catch let error as APIError {
      return ForwardedReply(error: error.text)
    } catch {
      return ForwardedReply(error: APIError.internalError.text)
    }
  }
}
