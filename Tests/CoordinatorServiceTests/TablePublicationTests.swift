import CleanRoomAPI
import CleanRoomModel
import CleanRoomWire
import Testing

@testable import CoordinatorService

@Suite struct TablePublicationTests {
  private func schemas(_ room: TestRoom, as account: AccountID = Accounts.retailer) async throws -> [String] {
    let list = try await room.coordinator.call(
      "ListSchemas", .object(["collaborationIdentifier": .string(room.id.value)]), from: account)
    return list["schemaSummaries"]?.array?.compactMap { $0["name"]?.string } ?? []
  }

  private func schema(_ name: String, _ room: TestRoom, extended: Bool = true) async throws -> JSONValue {
    let answer = try await room.coordinator.call(
      "GetSchema", .object(["collaborationIdentifier": .string(room.id.value), "name": .string(name)]),
      from: Accounts.retailer, extended: extended)
    return answer["schema"] ?? .null
  }

  @Test func namesAreUniqueWhateverTheirCase() async throws {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publish(room.purchases)
    let other = room.table("PURCHASES", Accounts.partner, nil, columns: ["a"])
    let error = await apiError { try await room.publish(other) }
    #expect(error?.status == 409)
    #expect(error?.body["reason"]?.string == "ALREADY_EXISTS")
    #expect(try await schemas(room) == ["purchases"])
  }

  @Test func anAssociationMayBePublishedAgain() async throws {
    let room = try await TestRoom(try TestCoordinator())
    var table = room.purchases
    try await room.publish(table)
    table.rule = nil
    try await room.publish(table)
    let status = try await schema("purchases", room)["schemaStatusDetails"]?.array?.first
    #expect(status?["status"]?.string == "NOT_READY")
    #expect(status?["reasons"]?.array?.first?["code"]?.string == "ANALYSIS_RULE_MISSING")
  }

  @Test func anAssociationStaysWithItsOwner() async throws {
    let room = try await TestRoom(try TestCoordinator())
    let mine = room.purchases
    try await room.publish(mine)
    var stolen = room.table("other", Accounts.partner, nil, columns: ["a"])
    stolen.association = mine.association
    #expect(await apiError { try await room.publish(stolen) }?.status == 403)
    #expect(try await schemas(room) == ["purchases"])
  }

  @Test func onlyTheOwnersOwnSignatureCounts() async throws {
    let room = try await TestRoom(try TestCoordinator())
    let table = room.purchases
    #expect(await apiError { try await room.publish(table, signedBy: Accounts.partner) }?.status == 400)
    #expect(await apiError { try await room.publish(table, from: Accounts.partner) }?.status == 400)
    #expect(
      await apiError { try await room.publish(table, from: Accounts.partner, signedBy: Accounts.partner) }?
        .status
        == 400)
    #expect(try await schemas(room).isEmpty)
  }

  @Test func whoHasNotJoinedPublishesAndSeesNothing() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [])
    #expect(await apiError { try await room.publish(room.impressions) }?.status == 403)
    #expect(await apiError { _ = try await schemas(room, as: Accounts.partner) }?.status == 403)
  }

  @Test func onlyTheOwnerWithdraws() async throws {
    let room = try await TestRoom(try TestCoordinator())
    let table = room.purchases
    try await room.publish(table)
    let api = room.coordinator.services.api
    let withdrawal = TableWithdrawal(collaboration: room.id, association: table.association)
    #expect(await api.withdraw(withdrawal, from: Accounts.partner).error != nil)
    #expect(try await schemas(room) == ["purchases"])
    #expect(await api.withdraw(withdrawal, from: Accounts.retailer).error == nil)
    #expect(try await schemas(room).isEmpty)
  }

  @Test func aSchemaHasColumnsTypesAndItsStatus() async throws {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publishBoth()
    let schema = try await schema("purchases", room)
    #expect(
      schema["columns"]?.array?.compactMap { $0["name"]?.string } == ["hashed_email", "product_category"])
    #expect(schema["columns"]?.array?.first?["type"]?.string == "string")
    #expect(schema["analysisRuleTypes"]?.stringList == ["AGGREGATION"])
    let status = schema["schemaStatusDetails"]?.array?.first
    #expect(status?["status"]?.string == "READY")
    #expect(
      status?["reasons"]?.array?.compactMap { $0["code"]?.string }
        == ["COLLABORATION_ANALYSIS_RULE_NOT_CONFIGURED", "ANALYSIS_RULE_TYPES_NOT_COMPATIBLE"])
    let strict = try await self.schema("purchases", room, extended: false)["schemaStatusDetails"]?.array?
      .first
    #expect(strict?["status"]?.string == "NOT_READY")
  }

  @Test func aRuleIsShownAsTheAPIWritesIt() async throws {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publishBoth()
    func rule(_ type: String) async throws -> JSONValue {
      try await room.coordinator.call(
        "GetSchemaAnalysisRule",
        .object([
          "collaborationIdentifier": .string(room.id.value), "name": .string("ad_impressions"),
          "type": .string(type),
        ]), from: Accounts.retailer)
    }
    let policy = try await rule("LIST")["analysisRule"]?["policy"]
    #expect(policy?["v1"]?["list"]?["listColumns"]?.stringList == ["channel"])
    #expect(await apiError { _ = try await rule("AGGREGATION") }?.status == 404)
  }
}
