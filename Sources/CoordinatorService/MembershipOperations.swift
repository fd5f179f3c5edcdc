import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

extension CoordinatorAPI {
  func createMembership(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    let record = try invitingCollaboration(input, context)
    if let id = record.state(of: context.caller)?.membership {
      return (try completeAutomatic(id, of: record, input, context), record.signedCharter)
    }
    let membership = MembershipRecord(
      id: ResourceIDs.make(), collaboration: record.charter.id, account: context.caller, status: .active,
      queryLogEnabled: input["queryLogStatus"]?.string == "ENABLED", defaultResult: try Inputs.defaultResult(input),
      isConfirmed: true, createdAt: context.now, updatedAt: context.now)
    try store.write { writer in
      var joined = record
      joined.update(context.caller, at: context.now) {
        $0.status = .active
        $0.membership = membership.id
      }
      try writer.put(.collaborations, id: record.charter.id.value, parent: nil, value: joined, at: context.now)
      try writer.insert(
        .memberships, id: membership.id.value, parent: context.caller.value, value: membership, at: context.now)
    }
    return (.object(["membership": Answers.membership(membership, of: record, context)]), record.signedCharter)
  }

  private func invitingCollaboration(_ input: JSONValue, _ context: CallContext) throws -> CollaborationRecord {
    let identifier = input["collaborationIdentifier"]?.string ?? ""
    let found = try store.read { try $0.get(.collaborations, identifier)?.value }
    guard let found, !found.isDeleted, let state = found.state(of: context.caller) else {
      throw APIError.missing("collaboration", id: identifier, type: "COLLABORATION", for: context.operation)
    }
    guard state.status == .invited || state.status == .active else {
      throw APIError.conflict(
        "Account \(context.caller) has left or was removed from the collaboration and cannot join again.",
        id: identifier, type: "COLLABORATION", reason: "INVALID_STATE")
    }
    return found
  }

  /// Extended mode: the creator's first create-membership stores its settings in the automatic membership.
  private func completeAutomatic(
    _ id: MembershipID, of record: CollaborationRecord, _ input: JSONValue, _ context: CallContext
  ) throws -> JSONValue {
    let existing = try store.read { try $0.get(.memberships, id.value) }
    guard let existing, context.extended, record.charter.creator == context.caller else {
      throw APIError.conflict(
        "Account \(context.caller) is already a member of the collaboration.", id: id.value, type: "MEMBERSHIP",
        reason: "ALREADY_EXISTS")
    }
    var membership = existing.value
    membership.queryLogEnabled = input["queryLogStatus"]?.string == "ENABLED"
    membership.defaultResult = try Inputs.defaultResult(input) ?? membership.defaultResult
    membership.isConfirmed = true
    membership.updatedAt = context.now
    try put(membership, at: context.now)
    return .object(["membership": Answers.membership(membership, of: record, context)])
  }

  private func put(_ membership: MembershipRecord, at time: Timestamp) throws {
    try store.write {
      try $0.put(.memberships, id: membership.id.value, parent: membership.account.value, value: membership, at: time)
    }
  }

  func getMembership(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let membership = try membership(input, context)
    return .object(["membership": Answers.membership(membership, of: try origin(membership), context)])
  }

  /// A deleted collaboration still names itself in its members' memberships.
  private func origin(_ membership: MembershipRecord) throws -> CollaborationRecord {
    guard let found = try store.read({ try $0.get(.collaborations, membership.collaboration.value)?.value }) else {
      throw APIError.internalError
    }
    return found
  }

  func listMemberships(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let filter = input["status"]?.string
    let own = try store.read { try $0.list(.memberships, parent: context.caller.value).map(\.value) }
      .filter { filter == nil || $0.status.rawValue == filter }
    return try page(
      try own.map { Answers.membershipSummary($0, of: try origin($0), context) }, ids: own.map(\.id.value),
      as: "membershipSummaries", input, context, scope: filter ?? "")
  }

  func updateMembership(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    var membership = try membership(input, context)
    if let status = input["queryLogStatus"]?.string { membership.queryLogEnabled = status == "ENABLED" }
    if let result = try Inputs.defaultResult(input) { membership.defaultResult = result }
    membership.updatedAt = context.now
    try put(membership, at: context.now)
    return .object(["membership": Answers.membership(membership, of: try origin(membership), context)])
  }

  func deleteMembership(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let membership = try membership(input, context)
    let record = try origin(membership)
    guard record.charter.creator != context.caller || record.isDeleted else {
      throw APIError.accessDenied("The creator cannot leave its collaboration; it can delete it.")
    }
    let tables = try store.read { try $0.list(.tables, parent: membership.collaboration.value) }
    guard !tables.contains(where: { $0.value.table.owner == context.caller }) else {
      throw APIError.conflict(
        "Delete the membership's configured table associations first.", id: membership.id.value, type: "MEMBERSHIP",
        reason: "SUBRESOURCES_EXIST")
    }
    try store.write { writer in
      var left = record
      left.update(context.caller, at: context.now) {
        $0.status = .left
        $0.membership = nil
      }
      try writer.put(.collaborations, id: record.charter.id.value, parent: nil, value: left, at: context.now)
      try writer.delete(.memberships, membership.id.value)
    }
    return .object([:])
  }
}
