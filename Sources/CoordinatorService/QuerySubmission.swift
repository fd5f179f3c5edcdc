import CleanRoomAPI
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import CleanRoomStore
import CleanRoomWire

/// A request whose signature, abilities and receivers have been checked, before any rule is.
struct CheckedRequest {
  var request: QueryRequest
  var signed: SignedDocument
  var membership: MembershipRecord
  var output: RequestedOutput
  var room: Room
  var template: (signed: SignedDocument, content: AnalysisTemplate)?
}

extension CoordinatorAPI {
  private static let clockToleranceInMilliseconds: Int64 = 5 * 60_000

  /// Checks everything that needs no data. A refused query leaves nothing but entries in the analysis logs.
  func startProtectedQuery(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let checked = try store.read { try checkedRequest(input, context, in: $0) }
    let approved = try approval(of: checked, context)
    let record = QueryRecord(
      request: checked.request, signed: checked.signed, membership: checked.membership.id,
      output: checked.output,
      tables: approved.tables.map { QueriedTable(name: $0.name, owner: $0.owner) },
      extended: context.extended,
      createdAt: context.now, template: checked.template?.signed)
    if !context.extended { try checkConcurrency(of: checked.membership) }
    try enqueue(record)
    log.submission(submitted(checked, tables: approved.tables.map(\.name), approved.extensions, context))
    scheduler.submit(record.request.id)
    return try answer(record, context)
  }

  private func checkConcurrency(of membership: MembershipRecord) throws {
    let open = try book.records(in: membership.collaboration)
      .filter { $0.membership == membership.id && !$0.status.isTerminal }
    try Quotas.check(
      open.count, "Concurrent queries per membership", Quotas.concurrentQueriesPerMembership)
  }

  private func enqueue(_ record: QueryRecord) throws {
    switch scheduler.reserve(record.request.id) {
    case .made: break
    case .full:
      throw APIError.quota(
        "The coordinator runs and queues at most \(scheduler.capacity) queries. Try again when some have ended.",
        name: "Concurrent queries", value: scheduler.capacity)
    case .stopping: throw APIError.unavailable("The coordinator is being stopped. Try again later.")
    }
    do {
      try book.insert(record)
    } catch {
      scheduler.release(record.request.id)
      throw error as? StoreError == .exists
        ? APIError.validation("This query was submitted before. Start it anew.") : error
    }
  }

  private func approval(of checked: CheckedRequest, _ context: CallContext) throws -> ApprovedQuery {
    let request = checked.request
    switch QueryPolicy.check(
      sql: request.sql,
      in: checked.room.policyContext(request, template: checked.template?.content, extended: context.extended)
    ).observingCleartext(of: checked.room.record.charter) {
    case .approved(let approved): return approved
    case .refused(let reasons):
      let text = RefusalText.text(reasons)
      var submitted = submitted(checked, tables: ReferencedTables.names(in: request.sql), [], context)
      submitted.errors = text
      log.submission(submitted)
      throw APIError.validation(text, reason: "INVALID_QUERY")
    }
  }

  private func submitted(
    _ checked: CheckedRequest, tables names: [String], _ extensions: [PolicyExtension], _ context: CallContext
  ) -> SubmittedQuery {
    var seen: Set<AssociationID> = []
    let tables = names.compactMap { checked.room.table(named: $0)?.table }.filter {
      seen.insert($0.association).inserted
    }
    let charter = checked.room.record.charter
    let hasSeveralRunners = charter.members.filter { charter.allows($0.account, .canQuery) }.count > 1
    return SubmittedQuery(
      request: checked.request, charter: charter, tables: tables, region: context.region,
      extensions: extensions.map(\.rawValue) + (hasSeveralRunners ? ["SEVERAL_MEMBERS_CAN_QUERY"] : []))
  }

  // MARK: Who asks, and for whom

  private func checkedRequest(
    _ input: JSONValue, _ context: CallContext, in reader: DocumentReader
  ) throws -> CheckedRequest {
    let membership = try membership(input, context, in: reader)
    let room = try activeRoom(of: membership.collaboration, for: context.caller, in: reader)
    guard room.record.charter.allows(context.caller, .canQuery) else {
      throw APIError.accessDenied(
        "Account \(context.caller) does not have the ability CAN_QUERY in this collaboration.")
    }
    let (request, signed) = try signedRequest(input, membership, context)
    let output = try ResultRequest(
      input, runner: context.caller, standard: membership.defaultResult?.location
    ).output
    guard request.receivers == output.receivers(runner: context.caller) else {
      throw APIError.validation(
        "The receivers that the member daemon signed are not those of the result configuration.")
    }
    try checkPayers(of: context.caller, in: room)
    for receiver in request.receivers { try check(receiver, of: request, in: room, reader) }
    return CheckedRequest(
      request: request, signed: signed, membership: membership, output: output, room: room,
      template: try template(of: request, in: room, context, reader))
  }

  /// Owners will believe this document and nothing else, so it has to say what the input says.
  private func signedRequest(
    _ input: JSONValue, _ membership: MembershipRecord, _ context: CallContext
  ) throws -> (QueryRequest, SignedDocument) {
    guard let document = context.document,
      let signer = try? trust.verify(document, purpose: .query, at: context.now),
      signer.role == .member(context.caller),
      let request = try? WireJSON.decode(QueryRequest.self, from: document.payload),
      request.runner == context.caller, request.collaboration == membership.collaboration,
      Self.agree(input["sqlParameters"], request)
    else { throw APIError.validation("The query is not signed by the organization that runs it.") }
    let age = context.now.milliseconds - request.requestedAt.milliseconds
    guard abs(age) <= Self.clockToleranceInMilliseconds else {
      throw APIError.validation(
        "The query was signed at a time more than 5 minutes from the coordinator's. Correct the clock of one of the machines."
      )
    }
    return (request, document)
  }

  private static func agree(_ given: JSONValue?, _ request: QueryRequest) -> Bool {
    guard let template = request.template else { return given?["queryString"]?.string == request.sql }
    return given?["analysisTemplateArn"]?.string == template.arn
      && (given?["parameters"]?.dictionary ?? [:]) == template.parameters.mapValues { .string($0) }
  }

  /// Owners are shown the signed template, so here it is checked as they check it.
  private func template(
    of request: QueryRequest, in room: Room, _ context: CallContext, _ reader: DocumentReader
  ) throws -> (signed: SignedDocument, content: AnalysisTemplate)? {
    guard let requested = request.template else { return nil }
    let found = try template(arn: requested.arn, in: room.record, context, reader)
    do {
      return try trust.template(found.signed, of: request, charter: room.record.charter).map { (found.signed, $0) }
    } catch {
      throw APIError.validation(error.reason)
    }
  }

  /// As in AWS, queries wait for whoever pays for them to join.
  private func checkPayers(of runner: AccountID, in room: Room) throws {
    let payers = room.record.charter.payers(forQueriesOf: runner)
    guard let away = payers.first(where: { !room.record.isActive($0) }) else { return }
    throw APIError.validation(
      "Account \(away), which pays for queries, is not an active member of the collaboration. It has to create its membership first."
    )
  }

  private func check(_ receiver: AccountID, of request: QueryRequest, in room: Room, _ reader: DocumentReader)
    throws
  {
    guard room.record.charter.allows(receiver, .canReceiveResults) else {
      let problem = "Account \(receiver) does not have the ability CAN_RECEIVE_RESULTS in this collaboration."
      throw receiver == request.runner ? APIError.accessDenied(problem) : APIError.validation(problem)
    }
    guard room.record.isActive(receiver), let id = room.record.state(of: receiver)?.membership,
      let membership = try reader.get(.memberships, id.value)?.value
    else {
      throw APIError.validation(
        "Account \(receiver) is not an active member of the collaboration. It has to create its membership first."
      )
    }
    guard receiver == request.runner || membership.defaultResult != nil else {
      throw APIError.validation(
        "Account \(receiver) has no default result configuration. It has to set one with update-membership.")
    }
  }
}
