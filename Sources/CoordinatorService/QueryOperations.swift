import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

extension CoordinatorAPI {
  func getProtectedQuery(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try answer(query(input, context), context)
  }

  func listProtectedQueries(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let membership = try own(input, context)
    // Extended mode takes COMPLETED for SUCCESS; validation has refused it in strict mode.
    let filter = input["status"]?.string.map {
      $0 == "COMPLETED" ? ProtectedQueryStatus.success.rawValue : $0
    }
    let visible = try book.records(in: membership.collaboration)
      .filter { Self.isVisible($0, to: membership) && (filter == nil || $0.status.rawValue == filter) }
    return try page(
      visible.map { Answers.querySummary($0, context) }, ids: visible.map(\.request.id.value),
      as: "protectedQueries",
      input, context, scope: "\(membership.id)/\(filter ?? "")")
  }

  func updateProtectedQuery(_ input: JSONValue, _ context: CallContext) async throws -> JSONValue {
    let record = try query(input, context)
    let id = record.request.id
    guard record.request.runner == context.caller else {
      throw APIError.accessDenied("Only the member that runs a query can cancel it.")
    }
    let changed = try book.apply(.cancelRequested, to: id)
    guard changed != nil || record.status == .cancelling else {
      throw APIError.conflict(
        "The query can no longer be cancelled: \(Self.standing(try book.record(id) ?? record)).",
        id: id.value,
        type: "PROTECTED_QUERY", reason: "INVALID_STATE")
    }
    await scheduler.stop(id, with: .cancelled)
    return try answer(book.record(id) ?? record, context)
  }

  private static func standing(_ record: QueryRecord) -> String {
    record.status.isTerminal ? "it has ended with \(record.status.rawValue)" : "its result is being delivered"
  }

  func answer(_ record: QueryRecord, _ context: CallContext) throws -> JSONValue {
    .object(["protectedQuery": Answers.query(record, context)])
  }

  private func own(_ input: JSONValue, _ context: CallContext) throws -> MembershipRecord {
    try store.read { try membership(input, context, in: $0) }
  }

  /// The runner and the receivers of a query see it; for everybody else it does not exist.
  private static func isVisible(_ record: QueryRecord, to membership: MembershipRecord) -> Bool {
    record.request.collaboration == membership.collaboration
      && (record.membership == membership.id || record.request.receivers.contains(membership.account))
  }

  private func query(_ input: JSONValue, _ context: CallContext) throws -> QueryRecord {
    let membership = try own(input, context)
    let id = input["protectedQueryIdentifier"]?.string ?? ""
    guard let found = try QueryID(id).flatMap({ try book.record($0) }), Self.isVisible(found, to: membership)
    else {
      throw APIError.missing("protected query", id: id, type: "PROTECTED_QUERY", for: context.operation)
    }
    return found
  }
}
