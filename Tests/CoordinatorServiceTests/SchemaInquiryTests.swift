import CleanRoomAPI
import CleanRoomModel
import CleanRoomWire
import Testing

@testable import CoordinatorService

struct SchemaInquiryTests {
  private func names(_ room: TestRoom, as account: AccountID) throws -> [String] {
    try room.coordinator.services.api.schema(of: room.id.value, for: account).map {
      let document = try WireJSON.decode(SignedDocument.self, from: $0)
      return try WireJSON.decode(PublishedTable.self, from: document.payload).name
    }.sorted()
  }

  @Test func membersAreShownEveryTableAsItsOwnerSignedIt() async throws {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publish(room.purchases)
    try await room.publish(room.impressions)
    #expect(try names(room, as: Accounts.partner) == ["ad_impressions", "purchases"])
    #expect(try names(room, as: Accounts.third) == ["ad_impressions", "purchases"])
  }

  @Test func whoHasNotJoinedIsShownNothing() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [])
    try await room.publish(room.purchases)
    #expect(await apiError { _ = try names(room, as: Accounts.partner) }?.status == 403)
    #expect(
      await apiError { _ = try room.coordinator.services.api.schema(of: "x", for: Accounts.retailer) }?.status == 400)
    let unknown = CollaborationID.random().value
    #expect(
      await apiError { _ = try room.coordinator.services.api.schema(of: unknown, for: Accounts.retailer) }?.status
        == 403)
  }
}
