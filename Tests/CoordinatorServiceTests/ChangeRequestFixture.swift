import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire

@testable import CoordinatorService

/// Change requests as members' daemons make and answer them.
struct ChangeRequests {
  let room: TestRoom

  static func member(_ account: AccountID, _ abilities: [String] = [], name: String? = nil) -> JSONValue {
    .object([
      "specificationType": .string("MEMBER"),
      "specification": .object([
        "member": .object([
          "accountId": .string(account.value), "memberAbilities": .strings(abilities),
          "displayName": name.map { .string($0) },
        ])
      ]),
    ])
  }

  static func autoApproved(_ types: [String]) -> JSONValue {
    .object([
      "specificationType": .string("COLLABORATION"),
      "specification": .object(["collaboration": .object(["autoApprovedChangeTypes": .strings(types)])]),
    ])
  }

  /// Gives the third member results.
  static let grant = member(Accounts.third, ["CAN_RECEIVE_RESULTS"])

  var record: CollaborationRecord {
    get throws {
      guard let record = try room.coordinator.store.read({ try $0.get(.collaborations, room.id.value)?.value }) else {
        throw APIError.internalError
      }
      return record
    }
  }

  /// - Parameter signing: the changes that the creator signs, if not those that it asks for.
  func propose(
    _ changes: JSONValue..., from account: AccountID = Accounts.retailer, signedBy signer: AccountID? = nil,
    signing signed: [CharterChange]? = nil
  ) async throws -> JSONValue {
    let input = JSONValue.object(["collaborationIdentifier": .string(room.id.value), "changes": .array(changes)])
    let proposal = CharterProposal(
      id: newID(), collaboration: room.id,
      changes: try signed ?? ChangeRequestJSON.changes(input, in: try record.charter), createdAt: TestCoordinator.time)
    let answer = try await room.coordinator.call(
      "CreateCollaborationChangeRequest", input, from: account,
      document: try room.coordinator.sign(proposal, .charterProposal, as: signer ?? account))
    return answer["collaborationChangeRequest"] ?? .null
  }

  func stored(_ request: JSONValue) throws -> ChangeRequestRecord {
    let id = request["id"]?.string ?? ""
    guard let found = try room.coordinator.store.read({ try $0.get(.changeRequests, id)?.value }) else {
      throw APIError.internalError
    }
    return found
  }

  @discardableResult
  func act(
    _ action: String, on request: JSONValue, from account: AccountID, document: SignedDocument? = nil
  ) async throws -> String? {
    let answer = try await room.coordinator.call(
      "UpdateCollaborationChangeRequest",
      .object([
        "collaborationIdentifier": .string(room.id.value), "changeRequestIdentifier": request["id"],
        "action": .string(action),
      ]), from: account, document: document)
    return answer["collaborationChangeRequest"]?["status"]?.string
  }

  @discardableResult
  func approve(_ request: JSONValue, from account: AccountID, signedBy signer: AccountID? = nil) async throws -> String?
  {
    let approval = CharterApproval(
      collaboration: room.id, changeRequest: newID(), proposal: CharterChain.hash(try stored(request).signed),
      at: TestCoordinator.time)
    return try await act(
      "APPROVE", on: request, from: account,
      document: try room.coordinator.sign(approval, .charterApproval, as: signer ?? account))
  }

  func amendment(_ changes: [CharterChange], signedBy signer: AccountID = Accounts.retailer) throws -> SignedDocument {
    let history = try record.history
    return try room.coordinator.sign(
      CharterAmendment(
        collaboration: room.id, number: history.amendments.count + 1, previous: CharterChain.head(of: history),
        changes: changes, at: TestCoordinator.time), .charterAmendment, as: signer)
  }

  @discardableResult
  func commit(_ request: JSONValue, signing changes: [CharterChange]? = nil) async throws -> String? {
    try await act(
      "COMMIT", on: request, from: Accounts.retailer,
      document: try amendment(try changes ?? stored(request).proposal.changes))
  }

  func remove(_ account: AccountID, document: SignedDocument? = nil) async throws {
    try await room.coordinator.call(
      "DeleteMember",
      .object(["collaborationIdentifier": .string(room.id.value), "accountId": .string(account.value)]),
      from: Accounts.retailer, document: try document ?? amendment([.removal(account)]))
  }

  func leave(_ account: AccountID, signed: Bool = true) async throws {
    let departure = CharterDeparture(collaboration: room.id, account: account, at: TestCoordinator.time)
    try await room.coordinator.call(
      "DeleteMembership", .object(["membershipIdentifier": room.membership(account)]), from: account,
      document: signed ? try room.coordinator.sign(departure, .charterDeparture, as: account) : nil)
  }

  /// What a member's daemon is told of the charter's history.
  func history(for account: AccountID) async throws -> [SignedAmendment]? {
    let reply = await room.coordinator.services.api.charterHistory(
      CharterInquiry(collaboration: room.id), for: account)
    try TestCoordinator.output(reply)
    return reply.amendments
  }
}
