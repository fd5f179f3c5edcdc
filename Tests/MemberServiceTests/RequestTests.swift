import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import MemberService

@Suite struct TableNameTests {
  @Test(arguments: ["purchases", "Ad_Impressions", "a-b-c", "2025_sales", String(repeating: "x", count: 127)])
  func accepts(_ name: String) { #expect(TableName.problem(name) == nil) }

  @Test(arguments: [
    "", "-a", "a-", "a--b", "a b", "a.b", "a\"b", "größe", "pg_tables", "SVL_x", "systable_1",
    String(repeating: "x", count: 128),
  ])
  func refuses(_ name: String) { #expect(TableName.problem(name) != nil) }
}

@Suite struct CharterRulesTests {
  private func problems(_ mode: APIMode, _ own: String, _ members: String) throws -> [String] {
    let input = try JSONValue(
      parsing: Array(#"{"creatorMemberAbilities":\#(own),"members":\#(members)}"#.utf8))
    return CharterRules.problems(input, creator: Accounts.retailer, mode: mode).map(\.name)
  }

  private static let twice =
    #"[{"accountId":"987654321098","memberAbilities":["CAN_QUERY"]},{"accountId":"987654321098","memberAbilities":[]}]"#

  @Test func membersAreListedOnce() throws {
    #expect(try problems(.extended, #"["CAN_QUERY"]"#, Self.twice) == ["members[1].accountId"])
    #expect(
      try problems(.extended, "[]", #"[{"accountId":"123456789012","memberAbilities":[]}]"#) == [
        "members[0].accountId"
      ])
  }

  @Test func onlyExtendedModeTakesSeveralRunners() throws {
    let members = #"[{"accountId":"987654321098","memberAbilities":["CAN_QUERY"]}]"#
    #expect(try problems(.extended, #"["CAN_QUERY"]"#, members).isEmpty)
    #expect(try problems(.strict, #"["CAN_QUERY"]"#, members) == ["members[0].memberAbilities"])
    #expect(try problems(.strict, "[]", members).isEmpty)
  }

  /// One payer of each cost, and somebody who pays for queries.
  @Test func oneMemberPays() throws {
    func problems(_ own: String, _ other: String) throws -> [String] {
      let pays = { (says: String) in #","paymentConfiguration":{"queryCompute":{"isResponsible":\#(says)}}"# }
      let input = try JSONValue(
        parsing: Array(
          (#"{"creatorMemberAbilities":["CAN_QUERY"],"members":[{"accountId":"987654321098","memberAbilities":[]"#
            + (other.isEmpty ? "" : pays(other)) + "}]"
            + (own.isEmpty ? "" : pays(own).replacing("paymentConfiguration", with: "creatorPaymentConfiguration"))
            + "}").utf8))
      return CharterRules.problems(input, creator: Accounts.retailer, mode: .extended).map(\.name)
    }
    for (own, other) in [("", ""), ("true", ""), ("true", "false"), ("false", "true"), ("", "true"), ("", "false")] {
      #expect(try problems(own, other).isEmpty, "\(own) \(other)")
    }
    #expect(try problems("true", "true") == ["members[0].paymentConfiguration.queryCompute.isResponsible"])
    #expect(try problems("false", "false") == ["creatorPaymentConfiguration.queryCompute.isResponsible"])
    #expect(try problems("false", "") == ["creatorPaymentConfiguration.queryCompute.isResponsible"])
  }

  @Test func theCharterNamesTheCreatorFirst() throws {
    let input = try JSONValue(
      parsing: Array(
        #"{"name":"n","creatorDisplayName":"A","creatorMemberAbilities":["CAN_QUERY"],"queryLogStatus":"ENABLED","members":[{"accountId":"987654321098","displayName":"B","memberAbilities":["CAN_RECEIVE_RESULTS"]}]}"#
          .utf8))
    let charter = CharterRules.charter(
      input, id: newID(), creator: Accounts.retailer, now: TestConsortium.time)
    #expect(charter.members.map(\.account) == [Accounts.retailer, Accounts.partner])
    #expect(charter.allows(Accounts.retailer, .canQuery))
    #expect(!charter.allows(Accounts.partner, .canQuery))
    #expect(charter.joinsDifferentNames)
  }
}
