import CleanRoomModel
import CleanRoomTransport
import Testing

/// Which changes there are, what they amount to, and which the charter approves by itself.
@Suite struct CharterAmendmentTests {
  private func charter(_ autoApproved: [ChangeType]? = nil) throws -> CollaborationCharter {
    try CharterFixture(autoApproved: autoApproved).room.charter
  }

  private var newcomer: AccountID { get throws { try #require(CharterFixture.newcomer) } }

  @Test func changesAreCalledByWhatTheyDo() throws {
    let charter = try charter([.addMember])
    #expect(charter.types(of: CharterFixture.member(try newcomer)) == [.addMember])
    #expect(
      charter.types(of: CharterFixture.member(try newcomer, [.canReceiveResults]))
        == [.addMember, .grantReceiveResults])
    #expect(charter.types(of: CharterFixture.grant) == [.grantReceiveResults])
    #expect(charter.types(of: CharterFixture.member(Accounts.partner)) == [.revokeReceiveResults])
    #expect(charter.types(of: .autoApproved([])) == [.editAutoApproved])
    #expect(charter.types(of: .autoApproved([.addMember])) == [])
  }

  @Test func aCharterApprovesWhatItNamesAndNothingElse() throws {
    let newcomer = try newcomer
    let open = try charter([.addMember])
    #expect(open.approves([CharterFixture.member(newcomer)]))
    #expect(!open.approves([CharterFixture.member(newcomer, [.canReceiveResults])]))
    #expect(!open.approves([CharterFixture.grant]))
    #expect(!open.approves([CharterFixture.member(newcomer), CharterFixture.grant]))
    #expect(!open.approves([CharterFixture.member(newcomer), .autoApproved([.addMember, .grantReceiveResults])]))
    #expect(try charter([.addMember, .grantReceiveResults]).approves([CharterFixture.grant]))
    #expect(try !charter().approves([CharterFixture.member(newcomer)]))
  }

  /// Not even a charter that says so approves changes of what it approves.
  @Test func nothingWidensByItself() throws {
    let greedy = try charter(ChangeType.allCases)
    #expect(!greedy.approves([.autoApproved([])]))
    #expect(greedy.approvers(of: [.autoApproved([])]) == [Accounts.partner, Accounts.third])
    #expect(try charter().amended(by: [.autoApproved([.editAutoApproved])]) == nil)
  }

  @Test func approvalBelongsToEverybodyButTheCreator() throws {
    #expect(try charter().approvers(of: [CharterFixture.grant]) == [Accounts.partner, Accounts.third])
    #expect(try charter([.grantReceiveResults]).approvers(of: [CharterFixture.grant]).isEmpty)
    #expect(try charter().approvers(of: [.removal(Accounts.third)]).isEmpty)
  }

  /// Together with a removal, a grant still needs everybody.
  @Test func aRemovalApprovesNothingElse() throws {
    let changes = [CharterChange.removal(Accounts.partner), CharterFixture.grant]
    #expect(try charter().approvers(of: changes) == [Accounts.partner, Accounts.third])
  }

  @Test func whoRunsQueriesStays() throws {
    let newcomer = try newcomer
    for ability in [MemberAbility.canQuery, .canRunJob] {
      for account in [Accounts.partner, Accounts.third, newcomer] {
        #expect(try charter().amended(by: [CharterFixture.member(account, [ability, .canReceiveResults])]) == nil)
      }
    }
    #expect(try charter().amended(by: [CharterFixture.member(Accounts.retailer)]) == nil)
    #expect(try charter().amended(by: [CharterFixture.member(Accounts.retailer, [.canQuery])]) != nil)
  }

  @Test func whoPaysStays() throws {
    let payment = PaymentResponsibility(queryCompute: true)
    for account in [Accounts.third, try newcomer] {
      let member = MemberSpecification(
        account: account, displayName: "x", abilities: [.canReceiveResults], payment: payment)
      #expect(try charter().amended(by: [.member(member)]) == nil)
    }
  }

  @Test func whatIsNoChange() throws {
    let charter = try charter([.addMember])
    for changes: [CharterChange] in [
      [], [CharterFixture.revoke], [.autoApproved([.addMember])], [CharterFixture.grant, CharterFixture.grant],
      [CharterFixture.grant, .removal(Accounts.third)], [.autoApproved([]), .autoApproved([.grantReceiveResults])],
      [.removal(Accounts.retailer)], [.removal(try newcomer)],
    ] {
      #expect(charter.amended(by: changes) == nil, "\(changes)")
    }
  }

  @Test func everythingElseStaysAsItWas() throws {
    let before = try charter()
    var expected = before
    expected.members[2].abilities = [.canReceiveResults]
    #expect(before.amended(by: [CharterFixture.grant]) == expected)
  }
}
