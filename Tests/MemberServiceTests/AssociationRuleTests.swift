import CleanRoomAPI
import CleanRoomModel
import CleanRoomWire
import Testing

@testable import MemberService

/// Association analysis rules, and what they publish.
@Suite struct AssociationRuleTests {
  private static let membershipID: MembershipID = newID()

  private static let createCollaboration =
    #"{"name":"n","description":"d","creatorMemberAbilities":["CAN_QUERY","CAN_RECEIVE_RESULTS"],"creatorDisplayName":"A","queryLogStatus":"ENABLED","members":[{"accountId":"987654321098","displayName":"B","memberAbilities":["CAN_RECEIVE_RESULTS"]},{"accountId":"555555555555","displayName":"C","memberAbilities":[]}]}"#

  private static let tableRule =
    #"{"analysisRuleType":"LIST","analysisRulePolicy":{"v1":{"list":{"joinColumns":["hashed_email"],"listColumns":["product_category"]}}}}"#

  /// - Returns: the paths of the configured table and of the association.
  private func setUp(_ daemon: TestDaemon, _ fake: FakeCoordinator) async throws -> (String, String) {
    fake.answer(
      "CreateCollaboration",
      with: ForwardedReply(output: #"{"collaboration":{"membershipId":"\#(Self.membershipID)"}}"#))
    #expect(await daemon.call("POST", "/collaborations", Self.createCollaboration).status == 200)
    let table = try #require(await daemon.createTable().json["configuredTable"]?["id"]?.string)
    #expect(await daemon.call("POST", "/configuredTables/\(table)/analysisRule", Self.tableRule).status == 200)
    let root = "/memberships/\(Self.membershipID)/configuredTableAssociations"
    let created = await daemon.call(
      "POST", root,
      #"{"name":"purchases","configuredTableIdentifier":"\#(table)","roleArn":"arn:aws:iam::123456789012:role/CleanRooms"}"#
    )
    let id = try #require(created.json["configuredTableAssociation"]?["id"]?.string, "\(created.message)")
    return ("/configuredTables/\(table)", "\(root)/\(id)")
  }

  private static func rule(_ receivers: [String]?, type: String = "LIST", kind: String = "list") -> String {
    var content: [String: JSONValue?] = ["allowedAdditionalAnalyses": .array([])]
    content["allowedResultReceivers"] = receivers.map { .strings($0) }
    return JSONValue.object([
      "analysisRuleType": .string(type),
      "analysisRulePolicy": .object(["v1": .object([kind: .object(content)])]),
    ]).text
  }

  private func publishedReceivers(_ fake: FakeCoordinator) throws -> [AccountID]? {
    let document = try #require(fake.soFar.published.last)
    return try WireJSON.decode(PublishedTable.self, from: document.payload).allowedResultReceivers
  }

  @Test func isKeptAsGivenAndPublished() async throws {
    try await withConversation { daemon, fake, _ in
      let (table, association) = try await setUp(daemon, fake)
      #expect(try publishedReceivers(fake) == nil)
      let body = Self.rule(["987654321098"])
      let created = await daemon.call("POST", association + "/analysisRule", body)
      #expect(created.status == 200, "\(created.message)")
      let answer = created.json["analysisRule"]
      let given = try JSONValue(parsing: Array(body.utf8))["analysisRulePolicy"]
      #expect(answer?["policy"] == given)
      #expect(answer?["membershipIdentifier"]?.string == Self.membershipID.value)
      #expect(answer?["type"]?.string == "LIST")
      #expect(try publishedReceivers(fake) == [Accounts.partner])
      #expect(await daemon.call("GET", association + "/analysisRule/LIST").json == created.json)
      #expect(await daemon.call("GET", association + "/analysisRule/AGGREGATION").status == 404)
      let shown = await daemon.call("GET", association).json["configuredTableAssociation"]
      #expect(shown?["analysisRuleTypes"]?.stringList == ["LIST"])
      let second = await daemon.call("POST", association + "/analysisRule", body)
      #expect(second.status == 409)
      #expect(second.json["reason"]?.string == "ALREADY_EXISTS")
      let kept = await daemon.call("DELETE", table + "/analysisRule/LIST")
      #expect(kept.status == 409)
      #expect(kept.json["reason"]?.string == "SUBRESOURCES_EXIST")
    }
  }

  @Test func withoutReceiversNobodyReceives() async throws {
    try await withConversation { daemon, fake, _ in
      let (table, association) = try await setUp(daemon, fake)
      let path = association + "/analysisRule"
      #expect(await daemon.call("POST", path, Self.rule(nil)).status == 200)
      #expect(try publishedReceivers(fake) == [])
      let changed = await daemon.call("PATCH", path + "/LIST", Self.rule(["123456789012"]))
      #expect(changed.status == 200, "\(changed.message)")
      #expect(try publishedReceivers(fake) == [Accounts.retailer])
      // What was decided here survives a change of the association.
      #expect(await daemon.call("PATCH", association, #"{"description":"x"}"#).status == 200)
      #expect(try publishedReceivers(fake) == [Accounts.retailer])
      #expect(await daemon.call("DELETE", path + "/LIST").status == 204)
      #expect(try publishedReceivers(fake) == nil)
      #expect(await daemon.call("PATCH", path + "/LIST", Self.rule([])).status == 404)
      #expect(await daemon.call("DELETE", table + "/analysisRule/LIST").status == 204)
    }
  }

  @Test func receiversAreThoseOfTheCharter() async throws {
    try await withConversation { daemon, fake, _ in
      let (_, association) = try await setUp(daemon, fake)
      let path = association + "/analysisRule"
      let response = await daemon.call(
        "POST", path, Self.rule(["987654321098", "555555555555", "111111111111", "987654321098"]))
      let root = "analysisRulePolicy.v1.list.allowedResultReceivers"
      #expect(response.status == 400)
      #expect(response.fields == [root + "[1]", root + "[2]", root + "[3]"])
    }
  }

  @Test func theTypeIsTheTablesRules() async throws {
    try await withConversation { daemon, fake, _ in
      let (table, association) = try await setUp(daemon, fake)
      let path = association + "/analysisRule"
      let other = Self.rule([], type: "AGGREGATION", kind: "aggregation")
      #expect(await daemon.call("POST", path, other).fields == ["analysisRuleType"])
      let mixed = Self.rule([], kind: "aggregation")
      #expect(await daemon.call("POST", path, mixed).fields == ["analysisRulePolicy.v1"])
      #expect(await daemon.call("DELETE", table + "/analysisRule/LIST").status == 204)
      #expect(await daemon.call("POST", path, Self.rule([])).fields == ["analysisRuleType"])
    }
  }

  @Test func goesWithItsAssociation() async throws {
    try await withConversation { daemon, fake, _ in
      let (table, association) = try await setUp(daemon, fake)
      #expect(await daemon.call("POST", association + "/analysisRule", Self.rule([])).status == 200)
      #expect(await daemon.call("DELETE", association).status == 204)
      #expect(await daemon.call("GET", association + "/analysisRule/LIST").status == 404)
      #expect(await daemon.call("DELETE", table + "/analysisRule/LIST").status == 204)
    }
  }
}
