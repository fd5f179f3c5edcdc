import CleanRoomAPI
import CleanRoomModel
import CleanRoomWire
import Testing

@testable import CoordinatorService

@Suite struct CollaborationTests {
  @Test func theCreatorIsAMemberFromTheStart() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [])
    let members = try await room.coordinator.call(
      "ListMembers", .object(["collaborationIdentifier": .string(room.id.value)]), from: Accounts.partner)
    let statuses = members["memberSummaries"]?.array?.compactMap { $0["status"]?.string }
    #expect(statuses == ["ACTIVE", "INVITED", "INVITED"])
  }

  @Test func inStrictModeTheCreatorJoinsLikeEverybodyElse() async throws {
    let coordinator = try TestCoordinator()
    let charter = TestRoom.charter()
    let created = try await coordinator.call(
      "CreateCollaboration", TestRoom.creation, from: Accounts.retailer,
      document: try coordinator.sign(charter, .charter, as: Accounts.retailer), extended: false)
    #expect(created["collaboration"]?["memberStatus"]?.string == "INVITED")
    #expect(created["collaboration"]?["membershipId"] == nil)
  }

  @Test func aCharterCountsOnlyWithItsCreatorsSignature() async throws {
    let coordinator = try TestCoordinator()
    for (signer, caller) in [(Accounts.partner, Accounts.retailer), (Accounts.retailer, Accounts.partner)] {
      let document = try coordinator.sign(TestRoom.charter(), .charter, as: signer)
      let error = await apiError {
        try await coordinator.call("CreateCollaboration", TestRoom.creation, from: caller, document: document)
      }
      #expect(error?.status == 400)
    }
  }

  @Test func theCreatorsCreateMembershipCompletesTheAutomaticOne() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [])
    let again = try await room.coordinator.call(
      "CreateMembership",
      .object(["collaborationIdentifier": .string(room.id.value), "queryLogStatus": .string("DISABLED")]),
      from: Accounts.retailer)
    #expect(again["membership"]?["id"] == room.membership(Accounts.retailer))
    #expect(again["membership"]?["queryLogStatus"]?.string == "DISABLED")
  }

  @Test func anInvitedMemberJoinsOnce() async throws {
    var room = try await TestRoom(try TestCoordinator())
    let error = await apiError { try await room.join(Accounts.partner) }
    #expect(error?.status == 409)
    #expect(error?.body["reason"]?.string == "ALREADY_EXISTS")
  }

  @Test func twoMembersThatJoinAtOnceBothJoin() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [])
    let input = JSONValue.object([
      "collaborationIdentifier": .string(room.id.value), "queryLogStatus": .string("ENABLED"),
    ])
    let api = room.coordinator.services.api
    await withTaskGroup(of: Void.self) { group in
      for account in [Accounts.partner, Accounts.third] {
        group.addTask {
          _ = await api.perform(
            ForwardedCall(
              operation: "CreateMembership", input: input.text, document: nil, region: "us-east-1",
              extended: true),
            from: account)
        }
      }
    }
    let record = try room.coordinator.store.read { try $0.get(.collaborations, room.id.value)?.value }
    #expect(record?.members.allSatisfy { $0.status == .active && $0.membership != nil } == true)
  }

  @Test func unknownAndForeignCollaborationsAnswerAlike() async throws {
    let coordinator = try TestCoordinator()
    var charter = TestRoom.charter()
    charter.members.removeLast()
    let room = try await TestRoom(coordinator, joining: [], charter: charter)
    let unknown: CollaborationID = newID()
    var bodies: [String] = []
    for id in [room.id, unknown] {
      let error = await apiError {
        try await coordinator.call(
          "GetCollaboration", .object(["collaborationIdentifier": .string(id.value)]), from: Accounts.third)
      }
      #expect(error?.status == 403)
      bodies.append(error?.text.replacing(id.value, with: "ID") ?? "")
    }
    #expect(bodies[0] == bodies[1])
  }

  @Test func whoHasLeftCannotComeBack() async throws {
    var room = try await TestRoom(try TestCoordinator())
    try await room.coordinator.call(
      "DeleteMembership", .object(["membershipIdentifier": room.membership(Accounts.third)]),
      from: Accounts.third)
    let error = await apiError { try await room.join(Accounts.third) }
    #expect(error?.body["reason"]?.string == "INVALID_STATE")
  }

  @Test func aMembershipWithTablesCannotBeDeleted() async throws {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publishBoth()
    let error = await apiError {
      try await room.coordinator.call(
        "DeleteMembership", .object(["membershipIdentifier": room.membership(Accounts.partner)]),
        from: Accounts.partner)
    }
    #expect(error?.body["reason"]?.string == "SUBRESOURCES_EXIST")
  }

  @Test func deletingACollaborationEndsItsQueries() async throws {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publishBoth()
    let request = room.request()
    try await room.start(request)
    let input = JSONValue.object(["collaborationIdentifier": .string(room.id.value)])
    let refused = await apiError {
      try await room.coordinator.call("DeleteCollaboration", input, from: Accounts.partner)
    }
    #expect(refused?.status == 403)
    try await room.coordinator.call("DeleteCollaboration", input, from: Accounts.retailer)
    let query = try await room.get(request.id, as: Accounts.retailer)
    #expect(query["status"]?.string == "FAILED")
    #expect(query["error"]?["code"]?.string == "INTERRUPTED")
  }
}
