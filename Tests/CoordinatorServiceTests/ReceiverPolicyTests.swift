import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import CoordinatorService

/// What the coordinator shows and decides of the receivers that an owner allows.
@Suite struct ReceiverPolicyTests {
  private func room(receivers: [AccountID]?) async throws -> TestRoom {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publish(room.purchases)
    var impressions = room.impressions
    impressions.allowedResultReceivers = receivers
    try await room.publish(impressions)
    return room
  }

  private func ask(_ operation: String, _ room: TestRoom) async throws -> JSONValue {
    try await room.coordinator.call(
      operation,
      .object([
        "collaborationIdentifier": .string(room.id.value), "name": .string("ad_impressions"),
        "type": operation == "GetSchema" ? nil : .string("LIST"),
      ]), from: Accounts.retailer)
  }

  private func reasons(_ room: TestRoom) async throws -> [String] {
    let status = try await ask("GetSchema", room)["schema"]?["schemaStatusDetails"]?.array?.first
    return status?["reasons"]?.array?.compactMap { $0["code"]?.string } ?? []
  }

  @Test func theRulesAreShownApartAndTogether() async throws {
    let rule = try await ask("GetSchemaAnalysisRule", try await room(receivers: [Accounts.partner]))[
      "analysisRule"]
    let list = rule?["consolidatedPolicy"]?["v1"]?["list"]
    #expect(list?["listColumns"]?.stringList == ["channel"])
    #expect(list?["allowedResultReceivers"]?.stringList == [Accounts.partner.value])
    #expect(
      rule?["collaborationPolicy"]
        == .object([
          "v1": .object(["list": .object(["allowedResultReceivers": .strings([Accounts.partner.value])])])
        ]))
    #expect(rule?["policy"]?["v1"]?["list"]?["allowedResultReceivers"] == nil)
    let without = try await ask("GetSchemaAnalysisRule", try await room(receivers: nil))["analysisRule"]
    #expect(without?["collaborationPolicy"] == nil)
  }

  @Test func theStatusNamesWhatIsMissing() async throws {
    #expect(try await reasons(try await room(receivers: nil)) == ["COLLABORATION_ANALYSIS_RULE_NOT_CONFIGURED"])
    #expect(try await reasons(try await room(receivers: [Accounts.retailer])).isEmpty)
    #expect(try await reasons(try await room(receivers: [])) == ["RESULT_RECEIVERS_NOT_CONFIGURED"])
  }

  @Test func aReceiverThatAnOwnerDoesNotAllowIsRefused() async throws {
    for receivers in [[Accounts.partner], []] {
      let room = try await room(receivers: receivers)
      let error = await apiError { try await room.start(room.request()) }
      #expect(error?.body["reason"]?.string == "INVALID_QUERY")
      #expect(error?.message.contains("may not receive results from table ad_impressions") ?? false)
    }
  }
}
