import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension CoordinatorAPI {
  /// The caller's daemon has made the charter and signed it; here it is checked and stored.
  func createCollaboration(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    let (charter, document) = try charter(input, context)
    var record = CollaborationRecord(
      charter: charter, signedCharter: document, description: input["description"]?.string ?? "",
      members: charter.members.map {
        MemberState(account: $0.account, status: .invited, createdAt: context.now, updatedAt: context.now)
      }, updatedAt: context.now)
    try store.write { writer in
      try checkQuota(of: charter, context, in: writer)
      guard try writer.get(.collaborations, charter.id.value) == nil else {
        throw APIError.validation("A collaboration with this identifier exists already. Create it again.")
      }
      if context.extended {
        let membership = automaticMembership(of: charter, context)
        record.update(context.caller, at: context.now) {
          $0.status = .active
          $0.membership = membership.id
        }
        try writer.put(
          .memberships, id: membership.id.value, parent: context.caller.value, value: membership,
          at: context.now)
      }
      try writer.put(.collaborations, id: charter.id.value, parent: nil, value: record, at: context.now)
    }
    return (.object(["collaboration": Answers.collaboration(record, for: context)]), document)
  }

  private func charter(
    _ input: JSONValue, _ context: CallContext
  ) throws -> (CollaborationCharter, SignedDocument) {
    guard let document = context.document,
      let signer = try? trust.verify(document, purpose: .charter, at: context.now),
      signer.role == .member(context.caller),
      let charter = try? WireJSON.decode(CollaborationCharter.self, from: document.payload),
      charter.creator == context.caller, charter.member(context.caller) != nil,
      charter.name == input["name"]?.string
    else { throw APIError.validation("The collaboration's charter is not signed by its creator.") }
    let accounts = charter.members.map(\.account)
    guard Set(accounts).count == accounts.count else {
      throw APIError.validation("A collaboration has each account once. Correct members.")
    }
    return (charter, document)
  }

  private func checkQuota(
    of charter: CollaborationCharter, _ context: CallContext, in reader: DocumentReader
  ) throws {
    guard charter.members.count <= Quotas.membersPerCollaboration else { throw Quotas.members }
    if !context.extended {
      try Quotas.check(
        charter.members.count - 2, "Members invited per collaboration", Quotas.invitedMembersInStrictMode)
    }
    let own = try reader.list(.collaborations).filter {
      $0.value.charter.creator == context.caller && !$0.value.isDeleted
    }
    try Quotas.check(own.count, "Collaborations created per account", Quotas.collaborationsPerAccount)
  }

  /// Extended mode: the creator is a member from the start, and completes its settings with
  /// create-membership.
  private func automaticMembership(of charter: CollaborationCharter, _ context: CallContext)
    -> MembershipRecord
  {
    MembershipRecord(
      id: .random(), collaboration: charter.id, account: context.caller, status: .active,
      queryLogEnabled: charter.queryLogEnabled, defaultResult: nil, createdAt: context.now,
      updatedAt: context.now)
  }

  func getCollaboration(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let record = try store.read { try collaboration(input, context, in: $0) }
    return .object(["collaboration": Answers.collaboration(record, for: context)])
  }

  func listCollaborations(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let filter = input["memberStatus"]?.string
    let visible = try store.read { try $0.list(.collaborations).map(\.value) }
      .filter { $0.isVisible(to: context.caller) }
      .filter { filter == nil || $0.state(of: context.caller)?.status.rawValue == filter }
    return try page(
      visible.map { Answers.collaborationSummary($0, for: context) }, ids: visible.map(\.charter.id.value),
      as: "collaborationList", input, context, scope: filter ?? "")
  }

  /// The charter stays as its creator signed it, so that the members' copies stay valid.
  func updateCollaboration(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.write { writer in
      var record = try collaboration(input, context, in: writer)
      guard record.charter.creator == context.caller else {
        throw APIError.accessDenied("Only the creator of a collaboration can update it.")
      }
      record.newName = input["name"]?.string ?? record.newName
      record.description = input["description"]?.string ?? record.description
      record.updatedAt = context.now
      try writer.put(
        .collaborations, id: record.charter.id.value, parent: nil, value: record, at: context.now)
      return .object(["collaboration": Answers.collaboration(record, for: context)])
    }
  }

  func deleteCollaboration(_ input: JSONValue, _ context: CallContext) async throws -> JSONValue {
    let id = try store.write { writer in
      let record = try collaboration(input, context, in: writer)
      guard record.charter.creator == context.caller else {
        throw APIError.accessDenied("Only the creator of a collaboration can delete it.")
      }
      try delete(record, context, in: writer)
      return record.charter.id
    }
    for query in try book.records(in: id) where !query.status.isTerminal {
      await scheduler.stop(query.request.id, with: .failed(.collaborationDeleted))
    }
    return .object([:])
  }

  private func delete(_ record: CollaborationRecord, _ context: CallContext, in writer: DocumentWriter) throws {
    let id = record.charter.id
    var deleted = record
    deleted.isDeleted = true
    deleted.updatedAt = context.now
    try writer.put(.collaborations, id: id.value, parent: nil, value: deleted, at: context.now)
    for membership in record.members.compactMap(\.membership) {
      guard let document = try writer.get(.memberships, membership.value) else { continue }
      var ended = document.value
      ended.status = .collaborationDeleted
      ended.updatedAt = context.now
      try writer.put(.memberships, id: document.id, parent: document.parent, value: ended, at: context.now)
    }
    for document in try writer.list(.tables, parent: id.value) { try writer.delete(.tables, document.id) }
    for document in try writer.list(.sealedSecrets, parent: id.value) {
      try writer.delete(.sealedSecrets, document.id)
    }
  }

  func listMembers(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let record = try store.read { try collaboration(input, context, in: $0) }
    return try page(
      record.members.map { Answers.member($0, of: record, context) },
      ids: record.members.map(\.account.value),
      as: "memberSummaries", input, context, scope: record.charter.id.value)
  }
}
