import Testing

@testable import CleanRoomAPI

@Suite struct OperationTableTests {
  @Test func everyOperationOfTheModelIsInOneOfTheTwoLists() {
    let all = Set(ServiceModel.shared.operations.map(\.name))
    let missing = Set(OperationTable.unavailable.keys)
    #expect(all.count == 103)
    #expect(OperationTable.available.union(missing) == all)
    #expect(OperationTable.available.isDisjoint(with: missing))
  }

  @Test(arguments: [
    #"{"jobLogStatus":"ENABLED"}"#, #"{"isMetricsEnabled":true}"#, #"{"analyticsEngine":"CLEAN_ROOMS_SQL"}"#,
    #"{"creatorMLMemberAbilities":{"customMLMemberAbilities":["CAN_RECEIVE_MODEL_OUTPUT"]}}"#,
  ])
  func whatWouldHaveNoEffectIsRefused(_ text: String) throws {
    let operation = try #require(ServiceModel.shared.operation(named: "CreateCollaboration"))
    let input = try JSONValue(parsing: Array(text.utf8))
    #expect(throws: APIError.self) { try UnavailableSettings.check(input, of: operation) }
    let harmless = #"{"jobLogStatus":"DISABLED","isMetricsEnabled":false,"analyticsEngine":"SPARK"}"#
    try UnavailableSettings.check(try JSONValue(parsing: Array(harmless.utf8)), of: operation)
  }
}
