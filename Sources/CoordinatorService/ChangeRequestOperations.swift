import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// Change requests: the creator proposes and commits, the members approve or deny. Every signature is checked here, and
/// again by each owner that uses the result.
extension CoordinatorAPI {
  private static let openRequestLimit = 100

  func createChangeRequest(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    try store.write { writer in
      let record = try collaboration(input, context, in: writer)
      try checkCreator(of: record, context, "propose changes")
      let (proposal, document) = try proposal(input, of: record, context)
      try checkCandidates(proposal.changes, of: record)
      let open = try writer.list(.changeRequests, parent: record.charter.id.value).filter {
        $0.value.status == .pending || $0.value.status == .approved
      }
      guard open.count < Self.openRequestLimit else {
        throw APIError.quota(
          "The collaboration has \(open.count) open change requests. Commit or cancel some.",
          name: "Open change requests per collaboration", value: Self.openRequestLimit)
      }
      let request = ChangeRequestRecord(
        proposal, signed: document, charter: record.charter, departures: record.departures ?? [:], at: context.now)
      guard try writer.get(.changeRequests, proposal.id.value) == nil else {
        throw APIError.conflict(
          "This change request exists already.", id: proposal.id.value, type: "CHANGE_REQUEST",
          reason: "ALREADY_EXISTS")
      }
      try put(request, context, in: writer)
      return (.object(["collaborationChangeRequest": Answers.changeRequest(request)]), document)
    }
  }

  private func checkCreator(of record: CollaborationRecord, _ context: CallContext, _ what: String) throws {
    guard record.charter.creator == context.caller else {
      throw APIError.accessDenied("Only the creator of a collaboration can \(what).")
    }
  }

  private func proposal(
    _ input: JSONValue, of record: CollaborationRecord, _ context: CallContext
  ) throws -> (CharterProposal, SignedDocument) {
    let changes = try ChangeRequestJSON.changes(input, in: record.charter)
    guard let document = context.document,
      chain.isSigned(document, .charterProposal, by: context.caller, at: context.now),
      let proposal = try? WireJSON.decode(CharterProposal.self, from: document.payload),
      proposal.collaboration == record.charter.id, proposal.changes == changes
    else { throw APIError.validation("The changes are not signed by the collaboration's creator.") }
    return (proposal, document)
  }

  /// Who left or was removed cannot come back.
  private func checkCandidates(_ changes: [CharterChange], of record: CollaborationRecord) throws {
    for case .member(let member) in changes {
      let state = record.state(of: member.account)?.status
      guard state != .left, state != .removed else {
        throw APIError.conflict(
          "Account \(member.account) has left or was removed from the collaboration and cannot be a member again.",
          id: record.charter.id.value, type: "COLLABORATION", reason: "INVALID_STATE")
      }
    }
    let count = record.charter.amended(by: changes)?.members.count ?? 0
    guard count <= Quotas.membersPerCollaboration else { throw Quotas.members }
  }

  private func put(_ request: ChangeRequestRecord, _ context: CallContext, in writer: DocumentWriter) throws {
    try writer.put(
      .changeRequests, id: request.proposal.id.value, parent: request.proposal.collaboration.value,
      value: request, at: context.now)
  }

  func getChangeRequest(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    let request = try store.read { try changeRequest(input, context, in: $0).1 }
    return (.object(["collaborationChangeRequest": Answers.changeRequest(request)]), request.signed)
  }

  func listChangeRequests(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    let filter = input["status"]?.string
    let (id, requests) = try store.read { reader in
      let id = try collaboration(input, context, in: reader).charter.id
      return (id, try reader.list(.changeRequests, parent: id.value).map(\.value))
    }
    let shown = requests.filter { filter == nil || $0.status.rawValue == filter }
    return try page(
      shown.map(Answers.changeRequest), ids: shown.map(\.proposal.id.value),
      as: "collaborationChangeRequestSummaries", input, context, scope: "\(id)/\(filter ?? "")")
  }

  private func changeRequest(
    _ input: JSONValue, _ context: CallContext, in reader: DocumentReader
  ) throws -> (CollaborationRecord, ChangeRequestRecord) {
    let record = try collaboration(input, context, in: reader)
    let id = input["changeRequestIdentifier"]?.string ?? ""
    guard let found = try reader.get(.changeRequests, id)?.value, found.proposal.collaboration == record.charter.id
    else { throw APIError.missing("change request", id: id, type: "CHANGE_REQUEST", for: context.operation) }
    return (record, found)
  }

  func updateChangeRequest(_ input: JSONValue, _ context: CallContext) throws -> (JSONValue, SignedDocument?) {
    try store.write { writer in
      var (record, request) = try changeRequest(input, context, in: writer)
      switch input["action"]?.string {
      case "APPROVE": try vote(.approved, on: &request, context)
      case "DENY": try vote(.denied, on: &request, context)
      case "CANCEL":
        try checkCreator(of: record, context, "cancel change requests")
        try checkState(request, in: [.pending, .approved])
        request.status = .cancelled
      default:
        try checkCreator(of: record, context, "commit change requests")
        try checkState(request, in: [.approved])
        try commit(request, to: &record, context, in: writer)
        request.status = .committed
      }
      request.updatedAt = context.now
      try put(request, context, in: writer)
      return (.object(["collaborationChangeRequest": Answers.changeRequest(request)]), request.signed)
    }
  }

  private func checkState(_ request: ChangeRequestRecord, in states: Set<ChangeRequestRecord.Status>) throws {
    guard !states.contains(request.status) else { return }
    throw APIError.conflict(
      "The change request is \(request.status.rawValue).", id: request.proposal.id.value, type: "CHANGE_REQUEST",
      reason: "INVALID_STATE")
  }

  private func vote(
    _ choice: ChangeRequestRecord.Status, on request: inout ChangeRequestRecord, _ context: CallContext
  ) throws {
    try checkState(request, in: [.pending])
    let hash = CharterChain.hash(request.signed)
    let isSigned = context.document.map {
      chain.approver($0, of: hash, in: request.proposal.collaboration) == context.caller
    }
    guard choice == .denied || isSigned == true else {
      throw APIError.validation("The approval is not signed by the member that gives it.")
    }
    guard request.vote(context.caller, choice, choice == .approved ? context.document : nil, at: context.now) else {
      throw request.votes.contains { $0.account == context.caller }
        ? APIError.conflict(
          "The member has voted on the change request already.", id: request.proposal.id.value,
          type: "CHANGE_REQUEST", reason: "INVALID_STATE")
        : APIError.accessDenied("Account \(context.caller) has no vote on the change request.")
    }
  }

  private func commit(
    _ request: ChangeRequestRecord, to record: inout CollaborationRecord, _ context: CallContext,
    in writer: DocumentWriter
  ) throws {
    guard let document = context.document else { throw Self.unsigned }
    let link = SignedAmendment(
      amendment: document, proposal: request.signed, approvals: request.votes.compactMap(\.document))
    try amend(&record, with: link, meaning: request.proposal.changes)
    try checkCandidates(request.proposal.changes, of: record)
    for member in record.charter.members where record.state(of: member.account) == nil {
      record.members.append(
        MemberState(account: member.account, status: .invited, createdAt: context.now, updatedAt: context.now))
    }
    record.updatedAt = context.now
    try writer.put(.collaborations, id: record.charter.id.value, parent: nil, value: record, at: context.now)
  }

  private static let unsigned = APIError.validation("The amendment is not signed by the collaboration's creator.")

  /// - Throws: `APIError` for an amendment that the members would not accept.
  func amend(_ record: inout CollaborationRecord, with link: SignedAmendment, meaning changes: [CharterChange]) throws {
    guard let amendment = try? WireJSON.decode(CharterAmendment.self, from: link.amendment.payload),
      amendment.changes == changes
    else { throw Self.unsigned }
    do {
      let history = try chain.extended(record.history, with: record.history.amendments + [link])
      record.amendments = history.amendments
      record.charter = try CharterChain.current(history)
    } catch let problem as CharterProblem {
      throw APIError.conflict(
        problem.reason, id: record.charter.id.value, type: "COLLABORATION", reason: "INVALID_STATE")
    }
  }

  var chain: CharterChain { CharterChain(trust: trust) }
}
