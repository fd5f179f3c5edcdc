import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import Testing

@testable import CoordinatorService

/// Who proposes, who is asked, and what counts as an answer.
@Suite struct ChangeRequestTests {
  private static let newcomer = AccountID("444444444444")

  private func requests(autoApproved: [ChangeType]? = nil) async throws -> ChangeRequests {
    var charter = TestRoom.charter()
    charter.autoApproved = autoApproved
    return ChangeRequests(room: try await TestRoom(try TestCoordinator(), charter: charter))
  }

  @Test func onlyTheCreatorProposes() async throws {
    let requests = try await requests()
    let error = await apiError { _ = try await requests.propose(ChangeRequests.grant, from: Accounts.partner) }
    #expect(error?.status == 403)
  }

  @Test func theProposalIsSignedByItsCreator() async throws {
    let requests = try await requests()
    #expect(
      await apiError {
        _ = try await requests.propose(ChangeRequests.grant, signedBy: Accounts.partner)
      }?.status == 400)
    #expect(
      await apiError {
        _ = try await requests.propose(ChangeRequests.grant, signing: [.autoApproved([.addMember])])
      }?.status == 400)
  }

  @Test func everybodyElseIsAsked() async throws {
    let requests = try await requests()
    let request = try await requests.propose(ChangeRequests.grant)
    #expect(request["status"]?.string == "PENDING" && request["isAutoApproved"]?.bool == false)
    #expect(try await requests.approve(request, from: Accounts.partner) == "PENDING")
    #expect(await apiError { try await requests.commit(request) }?.status == 409)
    #expect(try await requests.approve(request, from: Accounts.third) == "APPROVED")
    #expect(try requests.record.charter.allows(Accounts.third, .canReceiveResults) == false)
    #expect(try await requests.commit(request) == "COMMITTED")
    #expect(try requests.record.charter.allows(Accounts.third, .canReceiveResults))
    #expect(await apiError { try await requests.commit(request) }?.status == 409)
  }

  @Test func anApprovalIsSignedByWhoeverGivesIt() async throws {
    let requests = try await requests()
    let request = try await requests.propose(ChangeRequests.grant)
    #expect(
      await apiError {
        try await requests.approve(request, from: Accounts.partner, signedBy: Accounts.third)
      }?.status == 400)
    #expect(await apiError { try await requests.act("APPROVE", on: request, from: Accounts.partner) }?.status == 400)
    #expect(await apiError { try await requests.approve(request, from: Accounts.retailer) }?.status == 403)
    try await requests.approve(request, from: Accounts.partner)
    #expect(await apiError { try await requests.approve(request, from: Accounts.partner) }?.status == 409)
    #expect(
      await apiError { try await requests.act("DENY", on: request, from: Accounts.partner) }?.status == 409)
  }

  @Test func oneDenialEndsIt() async throws {
    let requests = try await requests()
    let request = try await requests.propose(ChangeRequests.grant)
    try await requests.approve(request, from: Accounts.partner)
    #expect(try await requests.act("DENY", on: request, from: Accounts.third) == "DENIED")
    #expect(await apiError { try await requests.commit(request) }?.status == 409)
    #expect(
      await apiError { try await requests.act("CANCEL", on: request, from: Accounts.retailer) }?.status == 409)
  }

  @Test func whatWasCancelledIsNotCommitted() async throws {
    let requests = try await requests(autoApproved: [.grantReceiveResults])
    let request = try await requests.propose(ChangeRequests.grant)
    #expect(
      await apiError { try await requests.act("CANCEL", on: request, from: Accounts.partner) }?.status == 403)
    #expect(try await requests.act("CANCEL", on: request, from: Accounts.retailer) == "CANCELLED")
    #expect(await apiError { try await requests.commit(request) }?.status == 409)
    #expect(try requests.record.charter.allows(Accounts.third, .canReceiveResults) == false)
  }

  @Test func whatWasApprovedIsWhatIsCommitted() async throws {
    let requests = try await requests()
    let request = try await requests.propose(ChangeRequests.grant)
    for account in [Accounts.partner, Accounts.third] { try await requests.approve(request, from: account) }
    let other = await apiError { try await requests.commit(request, signing: [.autoApproved([.addMember])]) }
    #expect(other?.status == 400)
    let unsigned = await apiError { try await requests.act("COMMIT", on: request, from: Accounts.retailer) }
    #expect(unsigned?.status == 400)
    #expect(try requests.record.amendments == nil)
  }

  @Test func theCharterApprovesByItself() async throws {
    let requests = try await requests(autoApproved: [.addMember])
    let newcomer = try #require(Self.newcomer)
    let plain = try await requests.propose(ChangeRequests.member(newcomer, name: "New"))
    #expect(plain["status"]?.string == "APPROVED" && plain["isAutoApproved"]?.bool == true)
    #expect(try await requests.commit(plain) == "COMMITTED")
    #expect(try requests.record.state(of: newcomer)?.status == .invited)
    let other = try #require(AccountID("333333333333"))
    let receiving = try await requests.propose(
      ChangeRequests.member(other, ["CAN_RECEIVE_RESULTS"], name: "Receiver"))
    #expect(receiving["status"]?.string == "PENDING" && receiving["isAutoApproved"]?.bool == false)
    #expect(
      receiving["changes"]?.array?.first?["types"]?.stringList == ["ADD_MEMBER", "GRANT_RECEIVE_RESULTS_ABILITY"])
    let widening = try await requests.propose(ChangeRequests.autoApproved(["GRANT_RECEIVE_RESULTS_ABILITY"]))
    #expect(widening["status"]?.string == "PENDING")
  }

  @Test(arguments: ["CAN_QUERY", "CAN_RUN_JOB"]) func whoRunsQueriesIsNoChangeRequest(ability: String) async throws {
    let requests = try await requests()
    let error = await apiError { _ = try await requests.propose(ChangeRequests.member(Accounts.third, [ability])) }
    #expect(error?.status == 400)
  }

  @Test func openRequestsAreLimited() async throws {
    let requests = try await requests()
    for _ in 0..<100 { _ = try await requests.propose(ChangeRequests.grant) }
    #expect(await apiError { _ = try await requests.propose(ChangeRequests.grant) }?.status == 402)
  }

  @Test func aCollaborationHasFiftyMembers() async throws {
    let requests = try await requests(autoApproved: [.addMember])
    for number in 0..<47 {
      let account = try #require(AccountID("7000000000" + (number < 10 ? "0" : "") + "\(number)"))
      try await requests.commit(try await requests.propose(ChangeRequests.member(account, name: "x")))
    }
    let newcomer = try #require(Self.newcomer)
    let error = await apiError { _ = try await requests.propose(ChangeRequests.member(newcomer, name: "x")) }
    #expect(error?.status == 402)
    #expect(try requests.record.charter.members.count == 50)
  }
}
