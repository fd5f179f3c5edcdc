import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Testing

@testable import CoordinatorService

/// Members that leave and members that are removed: what they still have a say in, and what they still see.
@Suite struct DepartureTests {
  private func requests() async throws -> ChangeRequests {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publishBoth()
    return ChangeRequests(room: room)
  }

  private func tables(_ requests: ChangeRequests) throws -> [String] {
    try requests.room.coordinator.store.read { try $0.list(.tables, parent: requests.room.id.value) }
      .map(\.value.table.name).sorted()
  }

  @Test func aRemovalNeedsTheCreatorsSignature() async throws {
    let requests = try await requests()
    let forged = try requests.amendment([.removal(Accounts.partner)], signedBy: Accounts.third)
    #expect(await apiError { try await requests.remove(Accounts.partner, document: forged) }?.status == 409)
    let other = try requests.amendment([.removal(Accounts.third)])
    #expect(await apiError { try await requests.remove(Accounts.partner, document: other) }?.status == 400)
    #expect(try requests.record.isActive(Accounts.partner))
    #expect(await apiError { try await requests.remove(Accounts.retailer) }?.status == 409)
  }

  @Test func aRemovedMemberAndItsTablesAreGone() async throws {
    let requests = try await requests()
    let room = requests.room
    try await requests.remove(Accounts.partner)
    #expect(try requests.record.state(of: Accounts.partner)?.status == .removed)
    #expect(try tables(requests) == ["purchases"])
    #expect(await apiError { try await room.publish(room.impressions) }?.status == 403)
    #expect(throws: APIError.self) {
      try room.coordinator.services.api.schema(of: room.id.value, for: Accounts.partner)
    }
    let call = { (operation: String) in
      await apiError {
        try await room.coordinator.call(
          operation, .object(["collaborationIdentifier": .string(room.id.value)]), from: Accounts.partner)
      }
    }
    for operation in ["GetCollaboration", "ListMembers", "ListSchemas", "ListCollaborationChangeRequests"] {
      // Which of the two depends on the operation's model.
      #expect([403, 404].contains(await call(operation)?.status), "\(operation)")
    }
    var again = room
    #expect(await apiError { try await again.join(Accounts.partner) }?.status == 409)
  }

  @Test func aRemovedMemberLearnsOfItsRemovalAndNothingMore() async throws {
    let requests = try await requests()
    try await requests.remove(Accounts.partner)
    let request = try await requests.propose(ChangeRequests.grant)
    try await requests.approve(request, from: Accounts.third)
    try await requests.commit(request)
    #expect(try await requests.history(for: Accounts.partner)?.count == 1)
    #expect(try await requests.history(for: Accounts.third)?.count == 2)
    let stranger = try #require(AccountID("444444444444"))
    #expect(await apiError { _ = try await requests.history(for: stranger) }?.status == 403)
  }

  @Test func whoWasRemovedCannotBeAddedAgain() async throws {
    let requests = try await requests()
    try await requests.remove(Accounts.third)
    let error = await apiError {
      _ = try await requests.propose(ChangeRequests.member(Accounts.third, name: "Third"))
    }
    #expect(error?.status == 409)
  }

  /// A grant for somebody who has been removed since would be an addition.
  @Test func aGrantOutlivesNoRemoval() async throws {
    let requests = try await requests()
    let request = try await requests.propose(ChangeRequests.grant)
    for account in [Accounts.partner, Accounts.third] { try await requests.approve(request, from: account) }
    try await requests.remove(Accounts.third)
    #expect(await apiError { try await requests.commit(request) }?.status == 409)
    #expect(try requests.record.charter.member(Accounts.third) == nil)
  }

  @Test func nobodyWaitsForARemovedMember() async throws {
    let requests = try await requests()
    let request = try await requests.propose(ChangeRequests.member(Accounts.partner))
    try await requests.approve(request, from: Accounts.partner)
    try await requests.remove(Accounts.third)
    #expect(try requests.stored(request).status == .approved)
    #expect(try await requests.commit(request) == "COMMITTED")
  }

  @Test func whoLeavesAgreesToWhatFollows() async throws {
    let requests = try await requests()
    let before = try await requests.propose(ChangeRequests.member(Accounts.partner))
    try await requests.approve(before, from: Accounts.partner)
    try await requests.leave(Accounts.third)
    #expect(try requests.record.state(of: Accounts.third)?.status == .left)
    #expect(try requests.stored(before).status == .approved)
    let after = try await requests.propose(ChangeRequests.autoApproved(["ADD_MEMBER"]))
    #expect(try await requests.approve(after, from: Accounts.partner) == "APPROVED")
    #expect(try await requests.commit(before) == "COMMITTED")
  }

  /// Tables that a departed member's daemon does not know any more must not keep its departure from counting.
  @Test func aSignedDepartureTakesItsTablesAlong() async throws {
    let requests = try await requests()
    #expect(await apiError { try await requests.leave(Accounts.partner, signed: false) }?.status == 409)
    #expect(try tables(requests) == ["ad_impressions", "purchases"])
    try await requests.leave(Accounts.partner)
    #expect(try tables(requests) == ["purchases"])
    #expect(try requests.record.state(of: Accounts.partner)?.status == .left)
  }

  @Test func theCreatorStays() async throws {
    let requests = try await requests()
    #expect(await apiError { try await requests.leave(Accounts.retailer) }?.status == 403)
  }
}
