import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// Publishes first: the coordinator decides whether the name is free.
  func createAssociation(_ call: APICall) async throws -> JSONValue {
    let membership = try membership(call)
    let configured = try configuredTable(call)
    let name = call.text("name")
    let existing = try store.read { try $0.list(.associations, parent: membership.id.value).count }
    try Quotas.check(existing, "Table associations per membership", Quotas.associationsPerMembership)
    if let problem = TableName.problem(name) { throw APIError.field("name", problem) }
    let record = AssociationRecord(
      id: .random(), membership: membership.id, collaboration: membership.collaboration,
      configuredTable: configured.id, name: name, description: call.input["description"]?.string,
      roleArn: call.text("roleArn"), createdAt: call.now, updatedAt: call.now)
    try await publisher.publish(await publisher.table(of: record, configured))
    do {
      // The table may have been deleted meanwhile.
      try store.write { writer in
        guard try writer.get(.configuredTables, configured.id.value) != nil else {
          throw APIError.missing(
            "configured table", id: configured.id.value, type: "CONFIGURED_TABLE", for: call.operation)
        }
        try put(record, in: writer, at: call.now)
      }
    } catch {
      try? await publisher.withdraw(record)
      throw error
    }
    return answer(record)
  }

  func getAssociation(_ call: APICall) throws -> JSONValue { answer(try association(call)) }

  func listAssociations(_ call: APICall) throws -> JSONValue {
    let membership = try membership(call)
    let records = try store.read { try $0.list(.associations, parent: membership.id.value).map(\.value) }
    return try page(
      records, id: \.id.value, as: "configuredTableAssociationSummaries", call, scope: membership.id.value
    ) { TableAnswers.associationSummary($0, region: region, account: account) }
  }

  func updateAssociation(_ call: APICall) async throws -> JSONValue {
    let record = try changeAssociation(call) { record, _ in
      if let description = call.input["description"]?.string { record.description = description }
      if let role = call.input["roleArn"]?.string { record.roleArn = role }
    }
    await publisher.republish(record.configuredTable)
    return answer(record)
  }

  /// Counts here from this moment on; the coordinator is told now or when it can be reached.
  func deleteAssociation(_ call: APICall) async throws -> JSONValue {
    let record = try association(call)
    let withdrawal = TableWithdrawal(collaboration: record.collaboration, association: record.id)
    try store.write { writer in
      try withdrawals.note(WithdrawalNote(association: withdrawal), at: call.now, writer)
      try writer.delete(.associations, record.id.value)
    }
    releases.abandon(record.collaboration, table: record.name)
    await withdrawals.send()
    return .object([:])
  }

  private func put(_ record: AssociationRecord, in writer: DocumentWriter, at time: Timestamp) throws {
    try writer.put(
      .associations, id: record.id.value, parent: record.membership.value, value: record, at: time)
  }

  func association(_ call: APICall) throws -> AssociationRecord {
    let membership = try membership(call)
    return try store.read { try found($0, membership, call) }
  }

  /// Changes an association as it is at this moment, in one transaction.
  func changeAssociation(
    _ call: APICall, _ body: (inout AssociationRecord, DocumentReader) throws -> Void
  ) throws -> AssociationRecord {
    let membership = try membership(call)
    return try store.write { writer in
      var record = try found(writer, membership, call)
      try body(&record, writer)
      record.updatedAt = call.now
      try put(record, in: writer, at: call.now)
      return record
    }
  }

  private func found(
    _ reader: DocumentReader, _ membership: LocalMembership, _ call: APICall
  ) throws -> AssociationRecord {
    let id = call.text("configuredTableAssociationIdentifier")
    let found = try reader.get(.associations, id)?.value
    guard let found, found.membership == membership.id else {
      throw APIError.missing("association", id: id, type: "CONFIGURED_TABLE_ASSOCIATION", for: call.operation)
    }
    return found
  }

  private func answer(_ record: AssociationRecord) -> JSONValue {
    .object(["configuredTableAssociation": TableAnswers.association(record, region: region, account: account)]
    )
  }
}

/// What an association may be called: the name is the table's name in SQL.
enum TableName {
  private static let reservedPrefixes = [
    "padb_", "pg_", "stcs_", "stl_", "stll_", "stv_", "svcs_", "svl_", "svv_", "sys_", "systable_",
  ]

  /// - Returns: why the name cannot be used, or nil.
  static func problem(_ name: String) -> String? {
    let isAllowed = name.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
    if name.isEmpty || name.utf8.count > 127 { return "A table name has 1 to 127 characters." }
    if !isAllowed { return "A table name consists of letters, digits, underscores and hyphens." }
    if name.hasPrefix("-") || name.hasSuffix("-") || name.contains("--") {
      return "A table name has no hyphen at its beginning or end, and no two hyphens in a row."
    }
    if let prefix = reservedPrefixes.first(where: { name.lowercased().hasPrefix($0) }) {
      return "Table names that begin with \(prefix) are reserved."
    }
    return nil
  }
}
