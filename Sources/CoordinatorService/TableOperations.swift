import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

/// What members publish of their tables.
extension CoordinatorAPI {
  private static let columnLimit = 1_000

  func publish(_ document: SignedDocument, from account: AccountID) async -> ForwardedReply {
    await replying(to: MessageKind.publishTable, from: account) {
      let now = clock()
      let table = try verified(document, from: account, at: now)
      try store.write { writer in
        let room = try activeRoom(of: table.collaboration, for: account, in: writer)
        try checkPlace(of: table, in: room, writer)
        try writer.put(
          .tables, id: table.association.value, parent: table.collaboration.value,
          value: TableRecord(signed: document, table: table), at: now)
      }
      return ForwardedReply(output: "{}")
    }
  }

  func withdraw(_ withdrawal: TableWithdrawal, from account: AccountID) async -> ForwardedReply {
    await replying(to: MessageKind.withdrawTable, from: account) {
      try store.write { writer in
        let found = try writer.get(.tables, withdrawal.association.value)?.value.table
        guard let found, found.owner == account, found.collaboration == withdrawal.collaboration else {
          throw APIError.notFound(
            "Resource \(withdrawal.association) of type CONFIGURED_TABLE_ASSOCIATION was not found, or you have no access to it.",
            id: withdrawal.association.value, type: "CONFIGURED_TABLE_ASSOCIATION")
        }
        try writer.delete(.tables, withdrawal.association.value)
      }
      return ForwardedReply(output: "{}")
    }
  }

  /// A table counts only with its owner's own signature.
  private func verified(_ document: SignedDocument, from account: AccountID, at now: Timestamp) throws
    -> PublishedTable
  {
    guard let signer = try? trust.verify(document, purpose: .table, at: now), signer.role == .member(account),
      let table = try? WireJSON.decode(PublishedTable.self, from: document.payload), table.owner == account
    else { throw APIError.validation("The table is not signed by the organization that publishes it.") }
    guard !table.name.isEmpty, table.name.utf8.count <= 128, table.columns.count <= Self.columnLimit,
      Set(table.columns.map(\.name)).count == table.columns.count
    else {
      throw APIError.validation(
        "A table has a name of at most 128 characters and at most \(Self.columnLimit) columns of different names."
      )
    }
    return table
  }

  func activeRoom(of id: CollaborationID, for account: AccountID, in reader: DocumentReader) throws -> Room {
    guard let record = try reader.get(.collaborations, id.value)?.value, record.isActive(account) else {
      throw APIError.accessDenied("Account \(account) has no active membership in collaboration \(id).")
    }
    return try Room(record, in: reader)
  }

  /// Names are unique among all members' tables; an association stays with its owner and its collaboration.
  private func checkPlace(of table: PublishedTable, in room: Room, _ reader: DocumentReader) throws {
    let existing = try reader.get(.tables, table.association.value)?.value.table
    if let existing, existing.owner != table.owner || existing.collaboration != table.collaboration {
      throw APIError.accessDenied("The association belongs to another membership.")
    }
    let name = table.name.lowercased()
    let isTaken = room.tables.contains {
      $0.table.name.lowercased() == name && $0.table.association != table.association
    }
    guard !isTaken else {
      throw APIError.conflict(
        "The collaboration has a table named \(table.name) already. Choose another name.",
        id: table.name, type: "CONFIGURED_TABLE_ASSOCIATION", reason: "ALREADY_EXISTS")
    }
  }
}
