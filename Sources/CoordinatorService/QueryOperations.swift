import CleanRoomAPI
import CleanRoomModel

/// Looking at queries, and cancelling them.
extension CoordinatorAPI {
  func getProtectedQuery(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let membership = try membership(input, context)
    let record = try query(input, through: membership, context)
    return .object(["protectedQuery": Answers.query(record, through: membership, context)])
  }

  /// The runner's own query, or one whose result the caller receives; any other does not exist for it.
  private func query(_ input: JSONValue, through membership: MembershipRecord, _ context: CallContext) throws
    -> QueryRecord
  {
    let identifier = input["protectedQueryIdentifier"]?.string ?? ""
    guard let record = try QueryID(identifier).flatMap({ try book.record($0) }),
      record.isVisible(through: membership)
    else {
      throw APIError.missing("protected query", id: identifier, type: "PROTECTED_QUERY", for: context.operation)
    }
    return record
  }

  func listProtectedQueries(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let membership = try membership(input, context)
    var filter = input["status"]?.string
    // The word of the founding how-to; only extended mode's validation lets it come this far.
    if filter == "COMPLETED" { filter = ProtectedQueryStatus.success.rawValue }
    let records = try book.records(visibleTo: membership)
      .filter { filter == nil || $0.status.rawValue == filter }
    return try page(
      records.map { Answers.querySummary($0, through: membership, context) }, ids: records.map(\.request.id.value),
      as: "protectedQueries", input, context, scope: "\(membership.id)/\(filter ?? "")")
  }

  func updateProtectedQuery(_ input: JSONValue, _ context: CallContext) async throws -> JSONValue {
    let membership = try membership(input, context)
    let record = try query(input, through: membership, context)
    let id = record.request.id
    guard record.membership == membership.id else {
      throw APIError.accessDenied("Only the member that runs a query can cancel it.")
    }
    guard let cancelling = try book.apply(.cancelRequested, to: id) else {
      throw APIError.conflict(
        "The query has ended, or its result is being delivered, and cannot be cancelled.", id: id.value,
        type: "PROTECTED_QUERY", reason: "INVALID_STATE")
    }
    await scheduler.cancel(id)
    return .object([
      "protectedQuery": Answers.query(try book.record(id) ?? cancelling, through: membership, context)
    ])
  }
}
