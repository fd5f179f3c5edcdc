import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// Members that leave, and members that the creator removes.
extension CoordinatorAPI {
  func deleteMembership(_ input: JSONValue, _ context: CallContext) async throws -> JSONValue {
    let id = try store.write { writer in
      let membership = try membership(input, context, in: writer)
      let record = try origin(of: membership, in: writer)
      guard record.charter.creator != context.caller || record.isDeleted else {
        throw APIError.accessDenied("The creator cannot leave its collaboration; it can delete it.")
      }
      let tables = try writer.list(.tables, parent: membership.collaboration.value)
      guard !tables.contains(where: { $0.value.table.owner == context.caller }) else {
        throw APIError.conflict(
          "Delete the membership's configured table associations first.", id: membership.id.value,
          type: "MEMBERSHIP", reason: "SUBRESOURCES_EXIST")
      }
      try leave(record, membership, context, in: writer)
      return membership.collaboration
    }
    try await stopQueries(of: context.caller, in: id, because: "left the collaboration")
    return .object([:])
  }

  /// A membership that has ended already only disappears: what it was stays in the collaboration.
  private func leave(
    _ record: CollaborationRecord, _ membership: MembershipRecord, _ context: CallContext,
    in writer: DocumentWriter
  ) throws {
    var left = record
    left.update(context.caller, at: context.now) {
      $0.membership = nil
      if $0.status == .active { $0.status = .left }
    }
    let id = record.charter.id
    if let document = context.document,
      chain.approver(document, of: nil, in: id) == context.caller
    {
      left.departures = (left.departures ?? [:]).merging([context.caller: document]) { $1 }
      try changeRequests(in: id, context, writer) {
        _ = $0.vote(context.caller, .approved, document, at: context.now)
      }
    }
    try writer.put(.collaborations, id: id.value, parent: nil, value: left, at: context.now)
    try writer.delete(.memberships, membership.id.value)
    try writer.delete(.sealedSecrets, SealedSecretRecord.key(id, context.caller))
  }

  private func changeRequests(
    in id: CollaborationID, _ context: CallContext, _ writer: DocumentWriter,
    _ change: (inout ChangeRequestRecord) -> Void
  ) throws {
    for document in try writer.list(.changeRequests, parent: id.value) {
      var request = document.value
      change(&request)
      try writer.put(.changeRequests, id: document.id, parent: document.parent, value: request, at: context.now)
    }
  }

  /// The member's data is out of reach at once; its membership stays, as REMOVED, and shows what it was.
  func deleteMember(_ input: JSONValue, _ context: CallContext) async throws -> JSONValue {
    let account = AccountID(input["accountId"]?.string ?? "")
    let id = try store.write { writer in
      var record = try collaboration(input, context, in: writer)
      guard record.charter.creator == context.caller else {
        throw APIError.accessDenied("Only the creator of a collaboration can remove members.")
      }
      guard let account, let state = record.state(of: account) else {
        throw APIError.missing(
          "member", id: input["accountId"]?.string ?? "", type: "MEMBER", for: context.operation)
      }
      guard account != context.caller, state.status == .active || state.status == .invited else {
        throw APIError.conflict(
          account == context.caller
            ? "The creator cannot be removed; it can delete the collaboration."
            : "The member has the status \(state.status.rawValue) already.", id: record.charter.id.value,
          type: "COLLABORATION", reason: "INVALID_STATE")
      }
      try remove(account, from: &record, context, in: writer)
      return record.charter.id
    }
    if let account { try await stopQueries(of: account, in: id, because: "was removed from the collaboration") }
    return .object([:])
  }

  private func remove(
    _ account: AccountID, from record: inout CollaborationRecord, _ context: CallContext, in writer: DocumentWriter
  ) throws {
    guard let document = context.document else {
      throw APIError.validation("The removal is not signed by the collaboration's creator.")
    }
    let last = record.charter.member(account)
    try amend(&record, with: SignedAmendment(amendment: document), meaning: [.removal(account)])
    let id = record.charter.id
    record.update(account, at: context.now) {
      $0.status = .removed
      $0.last = last
    }
    try writer.put(.collaborations, id: id.value, parent: nil, value: record, at: context.now)
    if let membership = record.state(of: account)?.membership,
      let document = try writer.get(.memberships, membership.value)
    {
      var ended = document.value
      ended.status = .removed
      ended.updatedAt = context.now
      try writer.put(.memberships, id: document.id, parent: document.parent, value: ended, at: context.now)
    }
    for document in try writer.list(.tables, parent: id.value) where document.value.table.owner == account {
      try writer.delete(.tables, document.id)
    }
    try writer.delete(.sealedSecrets, SealedSecretRecord.key(id, account))
    try changeRequests(in: id, context, writer) { $0.forget(account, at: context.now) }
  }

  private func stopQueries(of account: AccountID, in id: CollaborationID, because reason: String) async throws {
    let failure = QueryFailure(
      code: .interrupted, message: "Member \(account) \(reason) while the query was under way.")
    for query in try book.records(in: id)
    where !query.status.isTerminal && (query.parties.contains(account) || query.request.runner == account) {
      await scheduler.stop(query.request.id, with: .failed(failure))
    }
  }

  // MARK: The charter's history

  /// Goes with the answers of operations after which the caller's daemon needs it.
  func amendments(_ input: JSONValue, _ context: CallContext) throws -> [SignedAmendment]? {
    guard ["CreateMembership", "DeleteMember", "UpdateCollaborationChangeRequest"].contains(context.operation.name)
    else { return nil }
    let id = input["collaborationIdentifier"]?.string ?? ""
    return try store.read { try $0.get(.collaborations, id)?.value.amendments ?? [] }
  }

  /// Also for a removed member: it learns that it was.
  func charterHistory(_ inquiry: CharterInquiry, for account: AccountID) async -> ForwardedReply {
    await replying(to: MessageKind.charterHistory, from: account) {
      let record = try store.read { try $0.get(.collaborations, inquiry.collaboration.value)?.value }
      guard let record, let state = record.state(of: account), state.status != .left else {
        throw APIError.accessDenied("Account \(account) has no part in collaboration \(inquiry.collaboration).")
      }
      return ForwardedReply(output: "{}", amendments: record.amendments ?? [])
    }
  }
}
