import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

/// Charters of retailer, partner and third, and documents about them that the organizations really sign.
struct CharterFixture {
  static let newcomer = AccountID("444444444444")
  let consortium: TestConsortium
  let room: TestCollaboration
  let chain: CharterChain
  var base: CharterHistory

  /// - Parameter autoApproved: what the charter approves by itself.
  init(autoApproved: [ChangeType]? = nil) throws {
    consortium = try TestConsortium()
    var room = try TestCollaboration(consortium)
    room.charter.autoApproved = autoApproved
    self.room = room
    chain = CharterChain(trust: room.partner.trust)
    base = CharterHistory(charter: try room.signedCharter())
  }

  static func member(_ account: AccountID, _ abilities: [MemberAbility] = []) -> CharterChange {
    .member(MemberSpecification(account: account, displayName: "Third", abilities: abilities))
  }

  /// Gives the third member results.
  static let grant = member(Accounts.third, [.canReceiveResults])
  static let revoke = member(Accounts.third)

  func sign(_ value: some Encodable, _ purpose: SignedDocument.Purpose, by account: AccountID) throws -> SignedDocument
  {
    try consortium.identity(account).sign(try WireJSON.encode(value), purpose: purpose)
  }

  func proposal(_ changes: [CharterChange], in collaboration: CollaborationID? = nil, at offset: Int64 = 0) throws
    -> SignedDocument
  {
    let time = Timestamp(milliseconds: TestConsortium.time.milliseconds + offset)
    return try sign(
      CharterProposal(id: newID(), collaboration: collaboration ?? room.id, changes: changes, createdAt: time),
      .charterProposal, by: Accounts.retailer)
  }

  func approval(
    of proposal: SignedDocument, by account: AccountID, in collaboration: CollaborationID? = nil
  ) throws -> SignedDocument {
    try sign(
      CharterApproval(
        collaboration: collaboration ?? room.id, changeRequest: newID(), proposal: CharterChain.hash(proposal),
        at: TestConsortium.time), .charterApproval, by: account)
  }

  func departure(
    of account: AccountID, from collaboration: CollaborationID? = nil, signedBy signer: AccountID? = nil
  ) throws -> SignedDocument {
    try sign(
      CharterDeparture(collaboration: collaboration ?? room.id, account: account, at: TestConsortium.time),
      .charterDeparture, by: signer ?? account)
  }

  func amendment(_ changes: [CharterChange], after history: CharterHistory) -> CharterAmendment {
    CharterAmendment(
      collaboration: room.id, number: history.amendments.count + 1, previous: CharterChain.head(of: history),
      changes: changes, at: TestConsortium.time)
  }

  /// What the creator and both members agree to, unless the arguments say otherwise.
  func link(
    _ changes: [CharterChange], after history: CharterHistory,
    approvedBy accounts: [AccountID] = [Accounts.partner, Accounts.third]
  ) throws -> SignedAmendment {
    let proposal = try proposal(changes)
    return SignedAmendment(
      amendment: try sign(amendment(changes, after: history), .charterAmendment, by: Accounts.retailer),
      proposal: proposal, approvals: try accounts.map { try approval(of: proposal, by: $0) })
  }

  func removal(of account: AccountID, after history: CharterHistory) throws -> SignedAmendment {
    SignedAmendment(
      amendment: try sign(amendment([.removal(account)], after: history), .charterAmendment, by: Accounts.retailer))
  }

  func extended(by links: SignedAmendment...) throws -> CharterHistory { try chain.extended(base, with: links) }

  /// The chain must not believe the links, for a reason with these words.
  func expectProblem(
    _ words: String, _ links: [SignedAmendment], knowing known: CharterHistory? = nil,
    at location: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try chain.extended(known ?? base, with: links)
      Issue.record("was believed", sourceLocation: location)
    } catch let problem as CharterProblem {
      #expect(problem.reason.contains(words), "\(problem.reason)", sourceLocation: location)
    } catch {
      Issue.record("another error: \(error)", sourceLocation: location)
    }
  }
}
