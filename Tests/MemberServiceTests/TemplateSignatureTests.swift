import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import MemberService

/// Each thing that makes a query that of its analysis template is wrong once.
@Suite struct TemplateSignatureTests {
  private let room: TestCollaboration
  private let template: AnalysisTemplate

  init() throws {
    room = try TestCollaboration(try TestConsortium())
    template = try TemplateSignature.identified(
      AnalysisTemplate(
        id: newID(), collaboration: room.id, membership: newID(), creator: Accounts.partner, region: "us-east-1",
        name: "reach", sql: "SELECT channel FROM ad_impressions WHERE channel <> 'caf\u{E9}' AND channel <> :other",
        parameters: [.init(name: "other", type: "VARCHAR")], createdAt: TestConsortium.time))
  }

  private func sign(_ template: AnalysisTemplate, by signer: DaemonIdentity? = nil) throws -> SignedDocument {
    try (signer ?? room.partner).sign(try WireJSON.encode(template), purpose: .analysisTemplate)
  }

  private func request(_ change: (inout QueryRequest) -> Void = { _ in }) -> QueryRequest {
    var request = room.request(sql: template.sql)
    request.template = RequestedTemplate(arn: template.arn, parameters: ["other": "x"])
    change(&request)
    return request
  }

  private func found(
    _ document: SignedDocument?, _ request: QueryRequest, _ charter: CollaborationCharter? = nil
  ) throws -> AnalysisTemplate? {
    try room.retailer.trust.template(document, of: request, charter: charter ?? room.charter)
  }

  private func expectProblem(
    _ words: String, at location: SourceLocation = #_sourceLocation, _ body: () throws -> AnalysisTemplate?
  ) {
    let problem = #expect(throws: TemplateProblem.self, sourceLocation: location) { _ = try body() }
    #expect(problem?.reason.contains(words) == true, sourceLocation: location)
  }

  @Test func theTemplateOfTheQueryIsFound() throws {
    #expect(try found(try sign(template), request()) == template)
    #expect(try found(nil, room.request()) == nil)
  }

  @Test func itsCreatorHasSignedIt() throws {
    expectProblem("valid signature") { try found(nil, request()) }
    expectProblem("valid signature") { try found(try sign(template, by: room.third), request()) }
    expectProblem("valid signature") {
      try found(try room.partner.sign(try WireJSON.encode(template), purpose: .table), request())
    }
    var later = try sign(template)
    var changed = template
    changed.sql += " "
    later.payload = try WireJSON.encode(changed)
    expectProblem("valid signature") { try found(later, request()) }
  }

  /// The creator itself signs another text under the identifier that owners have allowed.
  @Test func theIdentifierStandsForOneContent() throws {
    for change: (inout AnalysisTemplate) -> Void in [
      { $0.sql += " " }, { $0.name = "other" }, { $0.parameters = [] }, { $0.parameters[0].defaultValue = "" },
      { $0.createdAt = Timestamp(milliseconds: $0.createdAt.milliseconds + 1) }, { $0.membership = newID() },
    ] {
      var other = template
      change(&other)
      expectProblem("valid signature") { try found(try sign(other), request { $0.sql = other.sql }) }
    }
  }

  @Test func itsCreatorIsAMemberOfThisCollaboration() throws {
    var without = room.charter
    without.members.removeAll { $0.account == Accounts.partner }
    expectProblem("valid signature") { try found(try sign(template), request(), without) }
    var elsewhere = template
    elsewhere.collaboration = newID()
    elsewhere = try TemplateSignature.identified(elsewhere)
    expectProblem("valid signature") { try found(try sign(elsewhere), request()) }
  }

  @Test func theQueryNamesIt() throws {
    expectProblem("not the one") {
      try found(
        try sign(template), request { $0.template?.arn = template.arn.replacing("us-east-1", with: "eu-west-1") })
    }
  }

  @Test func theQueryHasItsText() throws {
    expectProblem("text") { try found(try sign(template), request { $0.sql += " " }) }
  }

  /// Equal as strings, but another filter: é as one scalar and as two.
  @Test func theQueryHasItsBytes() throws {
    let respelled = template.sql.replacing("\u{E9}", with: "e\u{301}")
    #expect(respelled == template.sql && !respelled.utf8.elementsEqual(template.sql.utf8))
    expectProblem("text") { try found(try sign(template), request { $0.sql = respelled }) }
  }

  @Test func theQueryHasItsParameters() throws {
    expectProblem("parameter") {
      try found(try sign(template), request { $0.template?.parameters["another"] = "x" })
    }
  }
}
