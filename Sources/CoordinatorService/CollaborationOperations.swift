import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension CoordinatorAPI {
  /// The caller's daemon has made the charter and signed it; here it is checked against the input and stored.
  func createCollaboration(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    guard let document = context.document, let signer = try? trust.verify(document, purpose: .charter, at: context.now),
      signer.role == .member(context.caller),
      let charter = try? WireJSON.decode(CollaborationCharter.self, from: document.payload),
      charter.creator == context.caller
    else { throw APIError.validation("The collaboration's charter is not signed by its creator.") }
    var record = CollaborationRecord(
      charter: charter, signedCharter: document, description: input["description"]?.string ?? "",
      members: charter.members.map {
        MemberState(account: $0.account, status: .invited, createdAt: context.now, updatedAt: context.now)
      }, updatedAt: context.now)
    try store.write { writer in
      if context.extended {
        let membership = automaticMembership(of: charter, context)
        record.update(context.caller, at: context.now) {
          $0.status = .active
          $0.membership = membership.id
        }
        try writer.insert(
          .memberships, id: membership.id.value, parent: context.caller.value, value: membership, at: context.now)
      }
      try writer.insert(.collaborations, id: charter.id.value, parent: nil, value: record, at: context.now)
    }
    return (.object(["collaboration": Answers.collaboration(record, for: context)]), document)
  }

  /// Extended mode: the creator is a member from the start, and completes its settings with create-membership.
  private func automaticMembership(of charter: CollaborationCharter, _ context: CallContext) -> MembershipRecord {
    MembershipRecord(
      id: ResourceIDs.make(), collaboration: charter.id, account: context.caller, status: .active,
      queryLogEnabled: charter.queryLogEnabled, defaultResult: nil, isConfirmed: false, createdAt: context.now,
      updatedAt: context.now)
  }

  func getCollaboration(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    .object(["collaboration": Answers.collaboration(try collaboration(input, context), for: context)])
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

  func deleteCollaboration(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let record = try collaboration(input, context)
    guard record.charter.creator == context.caller else {
      throw APIError.accessDenied("Only the creator of a collaboration can delete it.")
    }
    let id = record.charter.id
    try store.write { writer in
      var deleted = record
      deleted.isDeleted = true
      deleted.updatedAt = context.now
      try writer.put(.collaborations, id: id.value, parent: nil, value: deleted, at: context.now)
      for document in try writer.list(.memberships) where document.value.collaboration == id {
        var membership = document.value
        membership.status = .collaborationDeleted
        membership.updatedAt = context.now
        try writer.put(.memberships, id: document.id, parent: document.parent, value: membership, at: context.now)
      }
      for document in try writer.list(.tables, parent: id.value) { try writer.delete(.tables, document.id) }
    }
    return .object([:])
  }

  func listMembers(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let record = try collaboration(input, context)
    return try page(
      record.members.map { Answers.member($0, of: record, context) }, ids: record.members.map(\.account.value),
      as: "memberSummaries", input, context, scope: record.charter.id.value)
  }
}
