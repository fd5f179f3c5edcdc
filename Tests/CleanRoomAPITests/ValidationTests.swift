import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomAPI

@Suite struct ValidationTests {
  private static let model = ServiceModel.shared
  private static let id = HowToInput.id

  /// The fields that fail, in order.
  private func failures(_ operation: String, _ json: String, _ mode: APIMode = .strict) throws -> [String] {
    let operation = try #require(Self.model.operation(named: operation))
    do {
      _ = try Self.model.validate(try JSONValue(parsing: Array(json.utf8)), for: operation, mode: mode)
      return []
    } catch let error as APIError {
      #expect(error.type == "ValidationException" && error.status == 400)
      #expect(error.body["reason"] == .string("FIELD_VALIDATION_FAILED"))
      return (error.body["fieldList"]?.array ?? []).compactMap { $0["name"]?.string }
    }
  }

  @Test(arguments: HowToInput.all) func theHowToPassesInExtendedMode(input: HowToInput) throws {
    #expect(try failures(input.operation, input.json, .extended) == [])
  }

  @Test(arguments: HowToInput.all) func strictModeRefusesWhatAWSRefuses(input: HowToInput) throws {
    #expect(try failures(input.operation, input.json, .strict) == input.refused)
  }

  @Test func theAbsentFlagCountsAsTrue() throws {
    let operation = try #require(Self.model.operation(named: "CreateCollaboration"))
    let input = try JSONValue(parsing: Array(HowToInput.all[0].json.utf8))
    let completed = try Self.model.validate(input, for: operation, mode: .extended)
    #expect(completed["dataEncryptionMetadata"]?["allowJoinsOnColumnsWithDifferentNames"] == .bool(true))
    #expect(completed["name"] == input["name"])
  }

  @Test(arguments: ["col-abc123", "A1B2C3D4-5678-90AB-CDEF-1234567890AB", "", id + "0", id + "\n"])
  func identifiersThatAreNoUUID(id: String) throws {
    let json = JSONValue.object(["collaborationIdentifier": .string(id)]).text
    #expect(try failures("GetCollaboration", json, .extended) == ["collaborationIdentifier"])
  }

  @Test func allFailuresAreReportedAtOnceWithTheirPaths() throws {
    let json = """
      {"name":"","creatorMemberAbilities":["CAN_QUERY","CAN_FLY"],"creatorDisplayName":7,"members":[
      {"accountId":"12","memberAbilities":["CAN_QUERY"],"displayName":"x"},{"accountId":"123456789012","memberAbilities":["NO","CAN_QUERY"],
      "displayName":"y"}],"queryLogStatus":"MAYBE","description":"d"}
      """
    #expect(
      try failures("CreateCollaboration", json) == [
        "creatorDisplayName", "creatorMemberAbilities[1]", "members[0].accountId",
        "members[1].memberAbilities[0]", "name",
        "queryLogStatus",
      ])
    #expect(try failures("CreateCollaboration", "{}").count >= 5)
  }

  @Test func wrongTypes() throws {
    let wrong = [
      "{\"name\":{}", "\"members\":{}", "\"dataEncryptionMetadata\":[]", "\"creatorMemberAbilities\":\"x\"}",
    ]
    let fields = try failures("CreateCollaboration", wrong.joined(separator: ","))
    for field in ["name", "members", "dataEncryptionMetadata", "creatorMemberAbilities"] {
      #expect(fields.contains(field))
    }
    #expect(try failures("ListCollaborations", "{\"maxResults\":\"five\"}") == ["maxResults"])
    #expect(try failures("ListCollaborations", "{\"maxResults\":1.5}") == ["maxResults"])
  }

  @Test func unionsHaveExactlyOneMember() throws {
    func table(_ reference: String) throws -> [String] {
      try failures(
        "CreateConfiguredTable",
        "{\"name\":\"t\",\"tableReference\":\(reference),\"allowedColumns\":[\"a\"],\"analysisMethod\":\"DIRECT_QUERY\"}"
      )
    }
    let glue = "\"glue\":{\"tableName\":\"a\",\"databaseName\":\"b\"}"
    #expect(try table("{\(glue)}") == [])
    #expect(try table("{}") == ["tableReference"])
    #expect(try table("{\(glue),\"athena\":null}") == [])
    let athena =
      "\"athena\":{\"region\":\"us-east-1\",\"workGroup\":\"w\",\"databaseName\":\"d\",\"tableName\":\"t\"}"
    #expect(try table("{\(glue),\(athena)}") == ["tableReference"])
  }

  @Test func boundsAreInclusive() throws {
    for (value, isFine) in [(0, false), (1, true), (100, true), (101, false)] {
      #expect(try failures("ListCollaborations", "{\"maxResults\":\(value)}").isEmpty == isFine)
    }
    for (count, isFine) in [(0, false), (1, true), (100, true), (101, false)] {
      let json =
        "{\"collaborationIdentifier\":\"\(Self.id)\",\"name\":\"\(String(repeating: "n", count: count))\"}"
      #expect(try failures("UpdateCollaboration", json).isEmpty == isFine, "\(count)")
    }
    #expect(
      try failures("UpdateCollaboration", "{\"collaborationIdentifier\":\"\(Self.id)\",\"name\":\"😀 é\"}")
        == [])
    #expect(
      try failures("UpdateCollaboration", "{\"collaborationIdentifier\":\"\(Self.id)\",\"name\":\"a\\nb\"}")
        == ["name"])
  }

  /// Of numbers that need not be whole, too.
  @Test(arguments: [
    ("0.0001", true), ("10", true), ("10.5", false), ("0.00001", false), ("11", false), ("\"1\"", false),
  ])
  func boundsOfFractions(epsilon: String, passes: Bool) throws {
    let found = try failures(
      "CreateAnalysisTemplate", #"{"syntheticDataParameters":{"mlSyntheticDataParameters":{"epsilon":\#(epsilon)}}}"#)
    #expect(found.contains("syntheticDataParameters.mlSyntheticDataParameters.epsilon") == !passes)
  }

  @Test func sensitiveValuesAreNotRepeated() throws {
    let operation = try #require(Self.model.operation(named: "StartProtectedQuery"))
    let sql = String(repeating: "zanzibar ", count: 60_000)
    let input = JSONValue.object([
      "type": .string("SQL"), "membershipIdentifier": .string(Self.id),
      "sqlParameters": .object(["queryString": .string(sql)]),
    ])
    let error = #expect(throws: APIError.self) {
      try Self.model.validate(input, for: operation, mode: .extended)
    }
    #expect(error.map { $0.body.text.contains("zanzibar") } == false)
  }

  /// A hostile request must not make a hostile answer.
  @Test func failuresAreBounded() throws {
    let members = Array(repeating: "{\"accountId\":\"\(String(repeating: "x", count: 1000))\"}", count: 5000)
      .joined(separator: ",")
    let operation = try #require(Self.model.operation(named: "CreateCollaboration"))
    let input = try JSONValue(parsing: Array("{\"members\":[\(members)]}".utf8))
    let error = #expect(throws: APIError.self) {
      try Self.model.validate(input, for: operation, mode: .strict)
    }
    #expect(try #require(error).body.bytes.count < 200_000)
  }

  @Test func everyPatternCompiles() {
    for (name, shape) in Self.model.shapes {
      guard let pattern = shape.pattern else { continue }
      #expect(Patterns.isReadable(pattern), "\(name): \(pattern)")
    }
  }

  @Test func patternsMatchTheWholeText() {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    #expect(Patterns.matches(Self.id, uuid))
    for text in [Self.id + "x", "x" + Self.id, Self.id + "\n", ""] { #expect(!Patterns.matches(text, uuid)) }
    #expect(!Patterns.matches("anything", "a pattern that the model does not have"))
  }
}
