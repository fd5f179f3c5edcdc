import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

/// Each thing that an amendment needs is missing, wrong or somebody else's once.
@Suite struct CharterChainTests {
  private let made: CharterFixture
  private let good: SignedAmendment

  init() throws {
    made = try CharterFixture()
    good = try made.link([CharterFixture.grant], after: made.base)
  }

  private func changed(_ change: (inout SignedAmendment) throws -> Void) rethrows -> SignedAmendment {
    var link = good
    try change(&link)
    return link
  }

  /// The good amendment with another content, really signed.
  private func signed(
    by account: AccountID = Accounts.retailer, as purpose: SignedDocument.Purpose = .charterAmendment,
    _ change: (inout CharterAmendment) -> Void = { _ in }
  ) throws -> SignedAmendment {
    var amendment = made.amendment([CharterFixture.grant], after: made.base)
    change(&amendment)
    let document = try made.sign(amendment, purpose, by: account)
    return changed { $0.amendment = document }
  }

  @Test func whatEverybodySignedIsBelieved() throws {
    let history = try made.extended(by: good)
    #expect(try CharterChain.current(history).allows(Accounts.third, .canReceiveResults))
    #expect(history.amendments == [good])
    #expect(
      !CharterChain.head(of: history).isEmpty && CharterChain.head(of: history) != CharterChain.head(of: made.base))
  }

  @Test(arguments: [Accounts.partner, Accounts.third]) func onlyTheCreatorAmends(_ account: AccountID) throws {
    made.expectProblem("not signed by the creator", [try signed(by: account)])
  }

  @Test func aSignatureForAnotherPurposeDoesNotCount() throws {
    made.expectProblem("not signed by the creator", [try signed(as: .charterProposal)])
    var disguised = try signed(as: .charterProposal)
    disguised.amendment.purpose = .charterAmendment
    made.expectProblem("not signed by the creator", [disguised])
  }

  @Test func aSignatureCoversEveryByte() throws {
    let link = try changed {
      var content = try WireJSON.decode(CharterAmendment.self, from: $0.amendment.payload)
      content.changes = [CharterFixture.member(Accounts.third, [.canReceiveResults])]
      content.at = Timestamp(milliseconds: content.at.milliseconds + 1)
      $0.amendment.payload = try WireJSON.encode(content)
    }
    made.expectProblem("not signed by the creator", [link])
    made.expectProblem("not signed by the creator", [changed { $0.amendment.payload = [] }])
  }

  @Test func amendmentsOfOtherCollaborationsDoNotCount() throws {
    made.expectProblem("not signed by the creator", [try signed { $0.collaboration = newID() }])
  }

  @Test(arguments: [0, 2, -1]) func numbersHaveNoGaps(_ number: Int) throws {
    made.expectProblem("not in order", [try signed { $0.number = number }])
  }

  @Test func anAmendmentNamesTheOneBefore() throws {
    made.expectProblem("not in order", [try signed { $0.previous = "" }])
    let history = try made.extended(by: good)
    let sibling = try made.link([CharterFixture.revoke], after: made.base)
    made.expectProblem("not in order", [good, sibling])
    let next = try made.link([CharterFixture.revoke], after: history)
    #expect(try made.extended(by: good, next).amendments.count == 2)
    made.expectProblem("not in order", [next])
    made.expectProblem("not in order", [next, good])
    made.expectProblem("not in order", [good, good])
  }

  @Test func anotherAuthoritysCertificatesSignNothing() throws {
    let foreign = try CharterFixture()
    let link = try foreign.link([CharterFixture.grant], after: made.base)
    made.expectProblem("not signed by the creator", [link])
  }

  // MARK: What is known already

  @Test func whatIsKnownStays() throws {
    let known = try made.extended(by: good)
    made.expectProblem("is missing", [], knowing: known)
    let other = try made.link([.autoApproved([.addMember])], after: made.base)
    made.expectProblem("not those that were made known before", [other], knowing: known)
    #expect(try made.chain.extended(known, with: [good]) == known)
    let next = try made.link([CharterFixture.revoke], after: known)
    #expect(try made.chain.extended(known, with: [good, next]).amendments.count == 2)
  }

  /// What is known is not replaced by the same amendment with other companions.
  @Test func whatIsKnownIsKeptAsItWas() throws {
    let known = try made.extended(by: good)
    let bare = changed { $0.approvals = [] }
    #expect(try made.chain.extended(known, with: [bare]) == known)
  }

  // MARK: Removed members

  @Test func theCreatorRemovesAlone() throws {
    let history = try made.extended(by: try made.removal(of: Accounts.third, after: made.base))
    #expect(try CharterChain.current(history).member(Accounts.third) == nil)
    #expect(try CharterChain.current(history).members.count == 2)
  }

  @Test func whoWasRemovedNeverComesBack() throws {
    let removal = try made.removal(of: Accounts.third, after: made.base)
    let history = try made.extended(by: removal)
    let back = try made.link([CharterFixture.grant], after: history, approvedBy: [Accounts.partner])
    made.expectProblem("which was removed", [removal, back])
  }

  @Test func aRemovedMemberIsToldNothingMore() throws {
    let removal = try made.removal(of: Accounts.third, after: made.base)
    let later = try made.link([.autoApproved([.addMember])], after: try made.extended(by: removal))
    let told = try CharterChain.history([removal, later], ofRemoved: Accounts.third)
    #expect(told == [removal])
    #expect(try CharterChain.history([removal, later], ofRemoved: Accounts.partner) == [removal, later])
  }
}
