import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import CoordinatorService

@Suite struct UpdateCollaborationTests {
  private func update(_ room: TestRoom, _ changes: [String: String], from account: AccountID) async throws
    -> JSONValue
  {
    var input = changes.mapValues { JSONValue.string($0) }
    input["collaborationIdentifier"] = .string(room.id.value)
    return try await room.coordinator.call("UpdateCollaboration", .dictionary(input), from: account)
  }

  @Test func theSignedCharterKeepsItsName() async throws {
    let room = try await TestRoom(try TestCoordinator())
    func record() throws -> CollaborationRecord? {
      try room.coordinator.store.read { try $0.get(.collaborations, room.id.value)?.value }
    }
    let before = try record()
    let changed = try await update(room, ["name": "renamed"], from: Accounts.retailer)["collaboration"]
    #expect(changed?["name"]?.string == "renamed")
    #expect(changed?["description"]?.string == "a test")
    #expect(try record()?.signedCharter == before?.signedCharter)
    #expect(try record()?.charter.name == "test")
  }

  @Test func onlyTheCreatorUpdates() async throws {
    let room = try await TestRoom(try TestCoordinator())
    #expect(
      await apiError { _ = try await update(room, ["name": "mine"], from: Accounts.partner) }?.status == 403)
    let outside = await apiError {
      _ = try await room.coordinator.call(
        "UpdateCollaboration",
        .object(["collaborationIdentifier": .string(CollaborationID.random().value), "name": .string("x")]),
        from: Accounts.retailer)
    }
    #expect(outside?.type == "AccessDeniedException")
  }

  @Test func thereIsOneEngine() async throws {
    let room = try await TestRoom(try TestCoordinator())
    _ = try await update(room, ["analyticsEngine": "SPARK"], from: Accounts.retailer)
    let other = await apiError {
      _ = try await update(room, ["analyticsEngine": "CLEAN_ROOMS_SQL"], from: Accounts.retailer)
    }
    #expect(other?.message.contains("not available") ?? false)
  }
}
