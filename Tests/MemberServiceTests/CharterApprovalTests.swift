import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

/// Whose approval an amendment needs, and what is not one.
@Suite struct CharterApprovalTests {
  private let made: CharterFixture

  init() throws { made = try CharterFixture() }

  private func link(_ change: (inout SignedAmendment) throws -> Void) throws -> SignedAmendment {
    var link = try made.link([CharterFixture.grant], after: made.base)
    try change(&link)
    return link
  }

  @Test(arguments: [[], [Accounts.partner], [Accounts.third]] as [[AccountID]])
  func everyMemberApproves(_ accounts: [AccountID]) throws {
    let link = try made.link([CharterFixture.grant], after: made.base, approvedBy: accounts)
    made.expectProblem("lacks the approval of", [link])
    for account in [Accounts.partner, Accounts.third] where !accounts.contains(account) {
      made.expectProblem(account.value, [link])
    }
  }

  @Test func theSameApprovalTwiceIsOne() throws {
    made.expectProblem(Accounts.third.value, [try link { $0.approvals = [$0.approvals[0], $0.approvals[0]] }])
  }

  @Test func anotherProposalsApprovalsDoNotCount() throws {
    let other = try made.proposal([CharterFixture.grant], at: 1)
    let approvals = try [Accounts.partner, Accounts.third].map { try made.approval(of: other, by: $0) }
    made.expectProblem("lacks", [try link { $0.approvals = approvals }])
  }

  /// Members agreed to one thing; the creator signs another.
  @Test func theProposalIsWhatTheAmendmentDoes() throws {
    let harmless = try made.proposal([.autoApproved([.revokeReceiveResults])])
    let approvals = try [Accounts.partner, Accounts.third].map { try made.approval(of: harmless, by: $0) }
    let swapped = try link {
      $0.proposal = harmless
      $0.approvals = approvals
    }
    made.expectProblem("lacks", [swapped])
    made.expectProblem("lacks", [try link { $0.proposal = nil }])
    made.expectProblem("lacks", [try link { $0.proposal?.payload = [] }])
  }

  @Test func proposalsOfOtherCollaborationsDoNotCount() throws {
    let elsewhere = try made.proposal([CharterFixture.grant], in: newID())
    let approvals = try [Accounts.partner, Accounts.third].map { try made.approval(of: elsewhere, by: $0) }
    let link = try link {
      $0.proposal = elsewhere
      $0.approvals = approvals
    }
    made.expectProblem("lacks", [link])
  }

  @Test func approvalsOfOtherCollaborationsDoNotCount() throws {
    let elsewhere = newID() as CollaborationID
    let link = try link { link in
      let proposal = try #require(link.proposal)
      link.approvals[1] = try made.approval(of: proposal, by: Accounts.third, in: elsewhere)
    }
    made.expectProblem(Accounts.third.value, [link])
  }

  @Test func nobodyApprovesForAnother() throws {
    let forged = try link { link in
      let proposal = try #require(link.proposal)
      link.approvals[1] = try made.approval(of: proposal, by: Accounts.retailer)
    }
    made.expectProblem(Accounts.third.value, [forged])
    made.expectProblem(Accounts.third.value, [try link { $0.approvals[1].certificate = $0.approvals[0].certificate }])
    made.expectProblem(Accounts.third.value, [try link { $0.approvals[1].purpose = .charterDeparture }])
  }

  /// Approved once, done once: who agreed to a grant has not agreed to the next.
  @Test func approvalsAreUsedOnce() throws {
    let first = try made.link([CharterFixture.grant], after: made.base)
    let revoke = try made.link([CharterFixture.revoke], after: try made.extended(by: first))
    let history = try made.extended(by: first, revoke)
    var again = try made.link([CharterFixture.grant], after: history, approvedBy: [])
    (again.proposal, again.approvals) = (first.proposal, first.approvals)
    made.expectProblem("lacks", [first, revoke, again])
  }

  @Test func whoJoinedMeanwhileIsAskedToo() throws {
    let newcomer = try #require(CharterFixture.newcomer)
    let add = try made.link([CharterFixture.member(newcomer)], after: made.base)
    let grant = try made.link([CharterFixture.grant], after: try made.extended(by: add))
    made.expectProblem(newcomer.value, [add, grant])
    let all = try made.link(
      [CharterFixture.grant], after: try made.extended(by: add),
      approvedBy: [Accounts.partner, Accounts.third, newcomer])
    #expect(try made.extended(by: add, all).amendments.count == 2)
  }

  @Test func whoWasRemovedIsNotAsked() throws {
    let removal = try made.removal(of: Accounts.third, after: made.base)
    let change = try made.link(
      [.autoApproved([.addMember])], after: try made.extended(by: removal), approvedBy: [Accounts.partner])
    #expect(try CharterChain.current(try made.extended(by: removal, change)).autoApproved == [.addMember])
  }

  // MARK: Members that have left

  @Test func whoLeftIsNotWaitedFor() throws {
    let link = try link { $0.approvals[1] = try made.departure(of: Accounts.third) }
    #expect(try made.extended(by: link).amendments.count == 1)
  }

  @Test func nobodySendsAnotherAway() throws {
    let elsewhere = newID() as CollaborationID
    for document in [
      try made.departure(of: Accounts.third, signedBy: Accounts.retailer),
      try made.departure(of: Accounts.third, signedBy: Accounts.partner),
      try made.departure(of: Accounts.third, from: elsewhere),
      try made.departure(of: Accounts.partner),
    ] {
      made.expectProblem(Accounts.third.value, [try link { $0.approvals[1] = document }])
    }
  }
}
