import CleanRoomAPI
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Logging

/// Keeps the coordinator's copies of this member's tables equal to what its own store says.
struct TablePublisher: Sendable {
  let account: AccountID
  let store: DocumentStore
  let catalog: Catalog
  let memberships: Memberships
  let identity: DaemonIdentity
  let coordinator: Coordinator
  let logger: Logger

  /// This member's tables of a collaboration as its own store has them now.
  func currentTables(of membership: LocalMembership?) async throws -> [PublishedTable] {
    guard let membership else { return [] }
    var tables: [PublishedTable] = []
    let mine = try pairs {
      $0.membership == membership.id && $0.collaboration == membership.collaboration
    }
    for (association, configured) in mine {
      tables.append(await table(of: association, configured))
    }
    return tables
  }

  /// What is published of an association: allowed columns, their types, the rule. A source that cannot be read is
  /// named as such, in words that give away no path.
  func table(of association: AssociationRecord, _ configured: ConfiguredTableRecord) async -> PublishedTable {
    var columns = configured.columns
    var unavailable: String?
    do {
      columns = try await catalog.columns(of: configured.catalogName).published(configured.allowedColumns)
    } catch {
      unavailable = error.publicMessage
      logger.warning(
        "source: \(error.ownerMessage)",
        metadata: ["table": "\(configured.catalogName)", "association": "\(association.name)"])
    }
    return PublishedTable(
      collaboration: association.collaboration, owner: account, name: association.name,
      association: association.id,
      configuredTable: configured.id, description: association.description ?? "", columns: columns,
      rule: configured.rule?.rule, allowedResultReceivers: association.rule?.receivers, unavailable: unavailable,
      createdAt: association.createdAt,
      updatedAt: max(
        association.updatedAt, configured.updatedAt, configured.rule?.updatedAt ?? configured.updatedAt),
      allowedAdditionalAnalyses: association.rule?.additionalAnalyses)
  }

  /// - Throws: `APIError`, as the coordinator decided.
  func publish(_ table: PublishedTable) async throws {
    let document = try identity.sign(try WireJSON.encode(table), purpose: .table)
    _ = try await coordinator.ask(MessageKind.publishTable, document)
  }

  func withdraw(_ association: AssociationRecord) async throws {
    _ = try await coordinator.ask(
      MessageKind.withdrawTable,
      TableWithdrawal(collaboration: association.collaboration, association: association.id))
  }

  /// After a change of a configured table. This member's own store decides what is released from the moment of the
  /// change, so a coordinator that cannot be reached now is told when the link is up again.
  func republish(_ id: ConfiguredTableID) async { await publish { $0.configuredTable == id } }

  func publishAll() async { await publish { _ in true } }

  private func publish(where isMeant: (AssociationRecord) -> Bool) async {
    guard let pairs = try? pairs(isMeant) else {
      logger.error("tables could not be read from the state folder")
      return
    }
    for (association, configured) in pairs {
      do {
        try await publish(await table(of: association, configured))
        // Deleted meanwhile: no published copy may outlive the association.
        if try store.read({ try $0.get(.associations, association.id.value) }) == nil { try await withdraw(association) }
      } catch {
        let reason = (error as? APIError)?.message ?? "unforeseen error"
        logger.warning(
          "table could not be published",
          metadata: ["association": "\(association.name)", "reason": "\(reason)"])
      }
    }
  }

  private func pairs(
    _ isMeant: (AssociationRecord) -> Bool
  ) throws -> [(AssociationRecord, ConfiguredTableRecord)] {
    try store.read { reader in
      try reader.list(.associations).map(\.value).filter(isMeant).compactMap { association in
        try reader.get(.configuredTables, association.configuredTable.value).map { (association, $0.value) }
      }
    }
  }
}

extension [CatalogColumn] {
  /// The allowed columns in the owner's order.
  func published(_ allowed: [String]) throws(SourceProblem) -> [PublishedColumn] {
    var columns: [PublishedColumn] = []
    for name in allowed {
      guard let column = first(where: { $0.name == name }) else {
        throw SourceProblem(
          ownerMessage: "The source has no column \(name), which the configured table allows.",
          publicMessage: "its source does not have the column \(name)")
      }
      guard let type = column.type else {
        throw SourceProblem(
          ownerMessage:
            "The column \(name) has a type that cannot be used. Give it one under columns in member.yaml.",
          publicMessage: "its column \(name) has a type that cannot be used")
      }
      columns.append(PublishedColumn(name: name, type: type, keyForm: column.keyForm))
    }
    return columns
  }
}
