import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy
import CleanRoomTransport
import CleanRoomWire

/// StartProtectedQuery: everything that can refuse a query before it exists.
extension CoordinatorAPI {
  func startProtectedQuery(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let membership = try membership(input, context)
    let room = try runnersRoom(membership, context)
    let (request, document) = try signedRequest(input, membership, context)
    let output = try Inputs.output(input, membership: membership)
    guard request.receivers == output.receivers(runner: context.caller) else {
      throw APIError.validation("The receivers that the runner's daemon signed are not those of the request.")
    }
    try checkReceivers(request.receivers, in: room, runner: context.caller)
    let approved = try approve(request, in: room, context)
    let record = QueryRecord(
      request: request, signed: document, membership: membership.id, output: output,
      tables: approved.tables.map(\.name), extended: context.extended, status: .submitted, createdAt: context.now)
    try submit(record)
    log.submission(request, tables: record.tables, extensions: approved.extensions, errors: nil, in: room, at: context.now)
    return .object(["protectedQuery": Answers.query(record, through: membership, context)])
  }

  private func runnersRoom(_ membership: MembershipRecord, _ context: CallContext) throws -> Room {
    guard membership.status == .active, let room = try? rooms.room(membership.collaboration),
      room.record.isActive(context.caller)
    else {
      throw APIError.validation("The membership is not active any more: its collaboration was deleted or left.")
    }
    guard room.record.charter.allows(context.caller, .canQuery) else {
      throw APIError.accessDenied(
        "Account \(context.caller) does not have the ability CAN_QUERY in this collaboration.")
    }
    return room
  }

  /// The runner's daemon has signed what it asks; the signature must say what the request says.
  private func signedRequest(
    _ input: JSONValue, _ membership: MembershipRecord, _ context: CallContext
  ) throws -> (QueryRequest, SignedDocument) {
    guard let sql = input["sqlParameters"]?["queryString"]?.string else {
      throw APIError.validation("Analysis templates are not available in this version. Give sqlParameters.queryString.")
    }
    guard let document = context.document, let signer = try? trust.verify(document, purpose: .query, at: context.now),
      signer.role == .member(context.caller),
      let request = try? WireJSON.decode(QueryRequest.self, from: document.payload),
      request.runner == context.caller, request.collaboration == membership.collaboration, request.sql == sql
    else { throw APIError.validation("The query is not signed by the organization that asks for it.") }
    guard abs(request.requestedAt.milliseconds - context.now.milliseconds) <= 5 * 60_000 else {
      throw APIError.validation(
        "The clocks of the member daemon and the coordinator differ by more than 5 minutes. Set them.")
    }
    guard try book.record(request.id) == nil else { throw APIError.validation("The query was submitted before.") }
    return (request, document)
  }

  private func checkReceivers(_ receivers: [AccountID], in room: Room, runner: AccountID) throws {
    for account in receivers {
      guard room.record.charter.allows(account, .canReceiveResults) else {
        throw APIError.validation(
          "Account \(account) does not have the ability CAN_RECEIVE_RESULTS in this collaboration. Name a member that has it.")
      }
      guard room.record.isActive(account), let id = room.record.state(of: account)?.membership else {
        throw APIError.validation(
          "Account \(account) is not an active member of the collaboration. It must create its membership first.")
      }
      let place = try store.read { try $0.get(.memberships, id.value)?.value.defaultResult }
      guard account == runner || place != nil else {
        throw APIError.validation(
          "Account \(account) has no default result configuration. It must set one with update-membership.")
      }
    }
  }

  /// A refusal creates nothing but log entries.
  private func approve(_ request: QueryRequest, in room: Room, _ context: CallContext) throws -> ApprovedQuery {
    switch QueryPolicy.check(sql: request.sql, in: room.policyContext(request: request, extended: context.extended)) {
    case .approved(let approved): return approved
    case .refused(let reasons):
      let text = RefusalText.text(reasons)
      log.submission(
        request, tables: ReferencedTables.names(in: request.sql), extensions: [], errors: text, in: room,
        at: context.now)
      throw APIError.validation(text, reason: "INVALID_QUERY")
    }
  }

  private func submit(_ record: QueryRecord) throws {
    let id = record.request.id
    guard scheduler.reserve(id) else {
      throw APIError.quota(
        "\(QueryScheduler.waitingLimit) queries are waiting already. Try again when some have ended.",
        name: "Waiting queries", value: QueryScheduler.waitingLimit)
    }
    do {
      try book.insert(record)
    } catch {
      scheduler.release(id)
      throw error
    }
    scheduler.submit(id)
  }
}
