import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

extension CoordinatorAPI {
  func createMembership(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    try store.write { writer in
      let record = try invitation(input, context, in: writer)
      let membership =
        if let id = record.state(of: context.caller)?.membership {
          try completed(id, of: record, input, context, in: writer)
        } else {
          try joined(record, input, context, in: writer)
        }
      let answer = Answers.membership(membership, of: record, context)
      return (.object(["membership": answer]), record.signedCharter)
    }
  }

  private func joined(
    _ record: CollaborationRecord, _ input: JSONValue, _ context: CallContext, in writer: DocumentWriter
  ) throws -> MembershipRecord {
    let problems = PaymentJSON.problems(
      input["paymentConfiguration"], of: context.caller, in: record.charter, path: "paymentConfiguration")
    guard problems.isEmpty else { throw APIError.fields(problems) }
    if !context.extended { try checkDefaultResult(input, record.charter, context) }
    let active = try writer.list(.memberships, parent: context.caller.value).filter { $0.value.status == .active }
    try Quotas.check(active.count, "Memberships per account", Quotas.membershipsPerAccount)
    let membership = MembershipRecord(
      id: .random(), collaboration: record.charter.id, account: context.caller, status: .active,
      queryLogEnabled: Inputs.queryLogEnabled(input) ?? false, defaultResult: Inputs.defaultResult(input),
      createdAt: context.now, updatedAt: context.now)
    var changed = record
    changed.update(context.caller, at: context.now) {
      $0.status = .active
      $0.membership = membership.id
    }
    try writer.put(.collaborations, id: record.charter.id.value, parent: nil, value: changed, at: context.now)
    try put(membership, context, in: writer)
    return membership
  }

  /// Whoever only receives has to say where to.
  private func checkDefaultResult(
    _ input: JSONValue, _ charter: CollaborationCharter, _ context: CallContext
  ) throws {
    guard charter.allows(context.caller, .canReceiveResults), !charter.allows(context.caller, .canQuery),
      Inputs.defaultResult(input) == nil
    else { return }
    throw APIError.field(
      "defaultResultConfiguration", "A member that can receive results needs a defaultResultConfiguration.")
  }

  private func invitation(
    _ input: JSONValue, _ context: CallContext, in reader: DocumentReader
  ) throws -> CollaborationRecord {
    let identifier = input["collaborationIdentifier"]?.string ?? ""
    let found = try reader.get(.collaborations, identifier)?.value
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

  /// Extended mode: the creator's create-membership stores its settings in the automatic membership.
  private func completed(
    _ id: MembershipID, of record: CollaborationRecord, _ input: JSONValue, _ context: CallContext,
    in writer: DocumentWriter
  ) throws -> MembershipRecord {
    let existing = try writer.get(.memberships, id.value)?.value
    guard let existing, context.extended, record.charter.creator == context.caller else {
      throw APIError.conflict(
        "Account \(context.caller) is already a member of the collaboration.", id: id.value,
        type: "MEMBERSHIP",
        reason: "ALREADY_EXISTS")
    }
    return try update(existing, input, context, in: writer)
  }

  private func update(
    _ membership: MembershipRecord, _ input: JSONValue, _ context: CallContext, in writer: DocumentWriter
  ) throws -> MembershipRecord {
    var changed = membership
    changed.queryLogEnabled = Inputs.queryLogEnabled(input) ?? membership.queryLogEnabled
    changed.defaultResult = Inputs.defaultResult(input) ?? membership.defaultResult
    changed.updatedAt = context.now
    try put(changed, context, in: writer)
    return changed
  }

  private func put(_ membership: MembershipRecord, _ context: CallContext, in writer: DocumentWriter) throws {
    try writer.put(
      .memberships, id: membership.id.value, parent: membership.account.value, value: membership,
      at: context.now)
  }

  func getMembership(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.read { reader in
      let membership = try membership(input, context, in: reader)
      let record = try origin(of: membership, in: reader)
      return .object(["membership": Answers.membership(membership, of: record, context)])
    }
  }

  func listMemberships(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let filter = input["status"]?.string
    let summaries = try store.read { reader in
      try reader.list(.memberships, parent: context.caller.value).map(\.value)
        .filter { filter == nil || $0.status.rawValue == filter }
        .map { ($0.id.value, Answers.membershipSummary($0, of: try origin(of: $0, in: reader), context)) }
    }
    return try page(
      summaries.map(\.1), ids: summaries.map(\.0), as: "membershipSummaries", input, context,
      scope: filter ?? "")
  }

  func updateMembership(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.write { writer in
      let membership = try membership(input, context, in: writer)
      let record = try origin(of: membership, in: writer)
      let changed = try update(membership, input, context, in: writer)
      return .object(["membership": Answers.membership(changed, of: record, context)])
    }
  }
}
