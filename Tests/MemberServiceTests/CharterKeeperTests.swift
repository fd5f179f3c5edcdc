import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import MemberService

/// A daemon's own copies of charters: kept once checked, never forgotten, never exchanged.
@Suite struct CharterKeeperTests {
  private let daemon: TestDaemon
  private let room: TestCollaboration
  private let membership: LocalMembership
  private let history: CharterHistory

  init() throws {
    let consortium = try TestConsortium()
    daemon = try TestDaemon(consortium)
    room = try TestCollaboration(consortium)
    history = CharterHistory(charter: try room.signedCharter())
    membership = LocalMembership(id: newID(), collaboration: room.id, charter: history.charter, defaultResult: nil)
    try daemon.parts.linkHandler.memberships.keep(membership, at: TestConsortium.time)
  }

  private var keeper: CharterKeeper { daemon.parts.linkHandler.charters }

  private func removal(of account: AccountID, after history: CharterHistory, by signer: DaemonIdentity? = nil) throws
    -> SignedAmendment
  {
    let amendment = CharterAmendment(
      collaboration: room.id, number: history.amendments.count + 1, previous: CharterChain.head(of: history),
      changes: [.removal(account)], at: TestConsortium.time)
    return SignedAmendment(
      amendment: try (signer ?? room.retailer).sign(try WireJSON.encode(amendment), purpose: .charterAmendment))
  }

  @Test func whatHasBeenCheckedIsKept() throws {
    let link = try removal(of: Accounts.third, after: history)
    let announced = CharterHistory(charter: history.charter, amendments: [link])
    #expect(try keeper.advance(membership, with: announced) == announced)
    #expect(try keeper.memberships.charter(of: membership).member(Accounts.third) == nil)
    #expect(throws: CharterProblem.self) { try keeper.advance(membership, with: history) }
    #expect(throws: CharterProblem.self) { try keeper.advance(announced, of: room.id, with: nil) }
    #expect(try keeper.memberships.history(of: membership) == announced)
  }

  /// Whoever began with an older copy does not undo what another has learnt meanwhile.
  @Test func anOlderCopyUndoesNothing() throws {
    let link = try removal(of: Accounts.third, after: history)
    let longer = try keeper.advance(history, of: room.id, with: [link])
    #expect(throws: CharterProblem.self) { try keeper.advance(history, of: room.id, with: []) }
    let next = try removal(of: Accounts.partner, after: longer)
    try keeper.advance(history, of: room.id, with: [link, next])
    #expect(try keeper.memberships.history(of: membership).amendments == [link, next])
    #expect(throws: CharterProblem.self) { try keeper.advance(history, of: room.id, with: [link]) }
    #expect(try keeper.memberships.history(of: membership).amendments.count == 2)
  }

  @Test func whatIsNotBelievedLeavesNoTrace() throws {
    let forged = try removal(of: Accounts.third, after: history, by: room.partner)
    #expect(throws: CharterProblem.self) {
      try keeper.advance(membership, with: CharterHistory(charter: history.charter, amendments: [forged]))
    }
    #expect(try keeper.memberships.history(of: membership) == history)
  }

  /// One good amendment before a forged one is not taken either: all or nothing.
  @Test func halfAHistoryIsNoHistory() throws {
    let good = try removal(of: Accounts.third, after: history)
    let longer = CharterHistory(charter: history.charter, amendments: [good])
    let forged = try removal(of: Accounts.partner, after: longer, by: room.partner)
    #expect(throws: CharterProblem.self) {
      try keeper.advance(membership, with: CharterHistory(charter: history.charter, amendments: [good, forged]))
    }
    #expect(try keeper.memberships.history(of: membership) == history)
  }

  @Test func theCoordinatorMayBeAway() async throws {
    #expect(try await keeper.current(of: membership) == room.charter)
  }

  @Test func theSecretIsNotSealedForWhoeverWasRemoved() throws {
    let secrets = daemon.parts.linkHandler.secrets
    try secrets.create(for: room.id)
    let request = SealRequest(
      collaboration: room.id, account: Accounts.third, certificate: Base64.encode(try certificate(room.third)))
    _ = try secrets.seal(request, charter: try keeper.memberships.charter(of: membership))
    try keeper.advance(
      history, of: room.id, with: [try removal(of: Accounts.third, after: history)])
    #expect(throws: SecretKeeper.Problem.self) {
      _ = try secrets.seal(request, charter: try keeper.memberships.charter(of: membership))
    }
  }

  private func certificate(_ identity: DaemonIdentity) throws -> [UInt8] {
    try identity.sign([], purpose: .table).certificate
  }

  @Test func aRemovedMemberReleasesNothing() throws {
    let request = try room.retailer.sign(try WireJSON.encode(room.request()), purpose: .query)
    let removed = CharterHistory(
      charter: history.charter, amendments: [try removal(of: Accounts.partner, after: history)])
    let judge = QueryJudge(account: Accounts.partner, trust: room.partner.trust, extended: true)
    #expect(throws: ReleaseRefusal(reason: "This organization is not a member of the collaboration any more.")) {
      try judge.authority(request, removed, stored: removed, now: TestConsortium.time)
    }
  }

  /// The owner knows that a receiver has lost its ability; the coordinator announces the time before.
  @Test func aRevokedReceiverGetsNothing() throws {
    let partner = CharterFixture.member(Accounts.partner)
    let proposal = try room.retailer.sign(
      try WireJSON.encode(
        CharterProposal(id: newID(), collaboration: room.id, changes: [partner], createdAt: TestConsortium.time)),
      purpose: .charterProposal)
    let amendment = CharterAmendment(
      collaboration: room.id, number: 1, previous: CharterChain.head(of: history), changes: [partner],
      at: TestConsortium.time)
    let approvals = try [room.partner, room.third].map {
      try $0.sign(
        try WireJSON.encode(
          CharterApproval(
            collaboration: room.id, changeRequest: newID(), proposal: CharterChain.hash(proposal),
            at: TestConsortium.time)), purpose: .charterApproval)
    }
    let link = SignedAmendment(
      amendment: try room.retailer.sign(try WireJSON.encode(amendment), purpose: .charterAmendment),
      proposal: proposal, approvals: approvals)
    let known = try keeper.advance(history, of: room.id, with: [link])
    let request = try room.retailer.sign(
      try WireJSON.encode(room.request(receivers: [Accounts.partner])), purpose: .query)
    let judge = daemon.parts.linkHandler.judge
    #expect(
      throws: ReleaseRefusal(reason: "The collaboration's charter is not the one this organization joined under.")
    ) { try judge.authority(request, history, stored: known, now: TestConsortium.time) }
    #expect(
      throws: ReleaseRefusal(reason: "Account \(Accounts.partner) does not have the ability CAN_RECEIVE_RESULTS.")
    ) { try judge.authority(request, known, stored: known, now: TestConsortium.time) }
  }
}
