import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire

/// Change requests and removals: what counts is what this daemon signs, and what it finds signed by others.
extension MemberAPI {
  func createChangeRequest(_ call: APICall) async throws -> JSONValue {
    guard let (id, history) = try await ownHistory(call) else { return try await forward(call).output }
    let changes = try ChangeRequestJSON.changes(call.input, in: try CharterChain.current(history))
    let proposal = try CharterID.identified(
      CharterProposal(id: .random(), collaboration: id, changes: changes, createdAt: call.now))
    let document = try identity.sign(try WireJSON.encode(proposal), purpose: .charterProposal)
    let output = try await forward(call, document: document).output
    guard output["collaborationChangeRequest"]?["id"]?.string == proposal.id.value else { throw Self.contradiction }
    return output
  }

  /// The history of a collaboration that this organization created; nil for any other: the coordinator says why not.
  private func ownHistory(_ call: APICall) async throws -> (CollaborationID, CharterHistory)? {
    guard let id = CollaborationID(call.text("collaborationIdentifier")),
      let history = try memberships.history(in: id), try CharterChain.current(history).creator == account
    else { return nil }
    do {
      return (id, try await charters.refresh(id) ?? history)
    } catch is CharterProblem {
      throw Self.contradiction
    }
  }

  private static let contradiction = APIError.unavailable(
    "The coordinator's answer contradicts what the members have signed. Ask the coordinator's operator.")

  /// - Throws: unless the answer shows what the creator signed under this identifier.
  func getChangeRequest(_ update: APICall) async throws -> Forwarded {
    guard let operation = ServiceModel.shared.operation(named: "GetCollaborationChangeRequest") else {
      throw APIError.internalError
    }
    let call = APICall(operation: operation, input: update.input, now: update.now)
    let answer = try await forward(call)
    let request = answer.output["collaborationChangeRequest"]
    guard let document = answer.document,
      let proposal = try? WireJSON.decode(CharterProposal.self, from: document.payload),
      let creator = try creator(of: proposal.collaboration)
        ?? (try? identity.trust.verify(
          document, purpose: .charterProposal, at: proposal.createdAt)).flatMap(\.account),
      charters.chain.isSigned(document, .charterProposal, by: creator, at: proposal.createdAt),
      proposal.collaboration.value == call.text("collaborationIdentifier"),
      proposal.id.value == call.text("changeRequestIdentifier"), CharterID.isOwn(proposal),
      ChangeRequestJSON.shows(request, proposal.changes)
    else { throw Self.contradiction }
    return answer
  }

  private func creator(of collaboration: CollaborationID) throws -> AccountID? {
    try memberships.history(in: collaboration).map { try CharterChain.current($0).creator }
  }

  func updateChangeRequest(_ call: APICall) async throws -> JSONValue {
    switch call.text("action") {
    case "APPROVE":
      guard let proposal = try await getChangeRequest(call).document else { throw Self.contradiction }
      let content = try WireJSON.decode(CharterProposal.self, from: proposal.payload)
      let approval = CharterApproval(
        collaboration: content.collaboration, changeRequest: content.id, proposal: CharterChain.hash(proposal),
        at: call.now)
      let document = try identity.sign(try WireJSON.encode(approval), purpose: .charterApproval)
      return try await forward(call, document: document).output
    case "COMMIT":
      guard let (id, history) = try await ownHistory(call), let proposal = try await getChangeRequest(call).document
      else { return try await forward(call).output }
      let content = try WireJSON.decode(CharterProposal.self, from: proposal.payload)
      return try await amend(id, history, content.changes, call)
    default: return try await forward(call).output
    }
  }

  func deleteMember(_ call: APICall) async throws -> JSONValue {
    guard let (id, history) = try await ownHistory(call), let removed = AccountID(call.text("accountId")),
      try CharterChain.current(history).amended(by: [.removal(removed)]) != nil
    else { return try await forward(call).output }
    return try await amend(id, history, [.removal(removed)], call)
  }

  /// Signs the next amendment and keeps it once the coordinator has it.
  private func amend(
    _ id: CollaborationID, _ history: CharterHistory, _ changes: [CharterChange], _ call: APICall
  ) async throws -> JSONValue {
    let amendment = CharterAmendment(
      collaboration: id, number: history.amendments.count + 1, previous: CharterChain.head(of: history),
      changes: changes, at: call.now)
    let document = try identity.sign(try WireJSON.encode(amendment), purpose: .charterAmendment)
    let answer = try await forward(call, document: document)
    do {
      try charters.advance(history, of: id, with: answer.amendments)
    } catch is CharterProblem {
      throw Self.contradiction
    }
    return answer.output
  }
}

extension PeerIdentity {
  fileprivate var account: AccountID? { if case .member(let account) = role { account } else { nil } }
}
