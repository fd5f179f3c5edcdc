import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import Testing

@testable import CoordinatorService

/// The coordinator keeps the templates that their creators have signed, and no others.
@Suite struct TemplateTests {
  private static let sql = "SELECT channel FROM ad_impressions WHERE channel = :channel"

  private func template(_ room: TestRoom) throws -> AnalysisTemplate {
    let membership = try #require(MembershipID(room.membership(Accounts.partner).string ?? ""))
    return try TemplateSignature.identified(
      AnalysisTemplate(
        id: newID(), collaboration: room.id, membership: membership, creator: Accounts.partner,
        region: "us-east-1", name: "reach", sql: Self.sql, parameters: [.init(name: "channel", type: "VARCHAR")],
        createdAt: TestCoordinator.time))
  }

  @discardableResult
  private func create(
    _ template: AnalysisTemplate, in room: TestRoom, sql: String = sql, signedBy signer: AccountID = Accounts.partner
  ) async throws -> JSONValue {
    try await room.coordinator.call(
      "CreateAnalysisTemplate",
      .object([
        "membershipIdentifier": room.membership(Accounts.partner), "name": .string(template.name),
        "format": .string("SQL"), "source": .object(["text": .string(sql)]),
        "analysisParameters": TemplateJSON.json(template.parameters),
      ]), from: Accounts.partner, document: try room.coordinator.sign(template, .analysisTemplate, as: signer))
  }

  @Test func whatItsCreatorSignedIsKept() async throws {
    let room = try await TestRoom(try TestCoordinator())
    let template = try template(room)
    let answer = try await create(template, in: room)["analysisTemplate"]
    #expect(answer?["arn"]?.string == template.arn)
    #expect(answer?["schema"]?["referencedTables"]?.stringList == ["ad_impressions"])
  }

  @Test func whatItsCreatorDidNotSignIsRefused() async throws {
    let room = try await TestRoom(try TestCoordinator())
    let template = try template(room)
    var renamed = template
    renamed.id = newID()
    var foreign = template
    foreign.creator = Accounts.retailer
    foreign = try TemplateSignature.identified(foreign)
    for refused in [renamed, foreign] {
      #expect(await apiError { try await create(refused, in: room) }?.status == 400)
    }
    #expect(await apiError { try await create(template, in: room, signedBy: Accounts.retailer) }?.status == 400)
    #expect(await apiError { try await create(template, in: room, sql: Self.sql + " ") }?.status == 400)
  }
}
