import CleanRoomAPI
import CleanRoomModel
import CleanRoomWire
import Testing

@testable import MemberService

@Suite struct MemberAPITests {
  private let daemon: TestDaemon

  init() throws { daemon = try TestDaemon() }

  /// A membership as if the collaboration had been created here.
  private func joined(_ daemon: TestDaemon, defaultResult: ResultLocation? = nil) throws -> LocalMembership {
    let room = try TestCollaboration(daemon.consortium)
    let membership = LocalMembership(
      id: newID(), collaboration: room.id, charter: try room.signedCharter(), defaultResult: defaultResult)
    try daemon.parts.linkHandler.memberships.keep(membership, at: TestConsortium.time)
    return membership
  }

  @Test(arguments: ["/configuredTables", "/collaborations", "/no/such/thing"])
  func whoDoesNotSignLearnsNothing(_ target: String) async {
    let response = await daemon.parts.apiHandler.respond(
      to: APIRequest(method: "GET", target: target, headers: [("Host", "localhost")], body: []))
    #expect(response.status == 403)
    #expect(response.errorType == "MissingAuthenticationTokenException")
    #expect(response.headers.contains { $0.name == "x-amzn-RequestId" })
  }

  @Test func aSignatureOverOtherBytesIsRefused() async {
    let signer = RequestSigner(
      accessKey: TestDaemon.accessKey, secret: Secret("another secret"), region: "us-east-1")
    let request = signer.sign(
      APIRequest(method: "GET", target: "/configuredTables", headers: [("Host", "localhost")], body: []),
      time: TestDaemon.now())
    #expect(await daemon.parts.apiHandler.respond(to: request).status == 403)
  }

  @Test func aBodyThatIsTooLargeIs413() async {
    #expect(await daemon.parts.apiHandler.respond(to: nil).status == 413)
  }

  @Test func operationsThatAreNotBuiltSayThatAfterValidation() async throws {
    let membership = try joined(daemon)
    let invalid = await daemon.call("POST", "/memberships/\(membership.id)/idnamespaceassociations", "{}")
    #expect(invalid.json["reason"]?.string == "FIELD_VALIDATION_FAILED")
    let valid = await daemon.call("GET", "/memberships/\(membership.id)/idnamespaceassociations")
    #expect(valid.json["reason"]?.string == "INVALID_CONFIGURATION")
    #expect(
      valid.message
        == "ListIdNamespaceAssociations is not available in this version. Feature: ID namespaces and ID mapping tables.")
  }

  @Test func withdrawingCountsWithoutTheCoordinator() async throws {
    let membership = try joined(daemon)
    let table = try #require(
      await daemon.createTable().json["configuredTable"]?["id"]?.string.flatMap { ConfiguredTableID($0) })
    try daemon.associate(table, membership, as: "purchases")
    let handler = daemon.parts.linkHandler
    let id = try #require(try handler.store.read { try $0.list(.associations).first?.id })
    let path = "/memberships/\(membership.id)/configuredTableAssociations/\(id)"
    #expect(await daemon.call("DELETE", path).status == 204)
    #expect(try await handler.publisher.currentTables(of: membership).isEmpty)
    #expect(try handler.store.read { try $0.list(.withdrawalNotes).map(\.value.association?.association.value) } == [id])
  }

  @Test func unknownMembershipsAnswerLikeForeignOnes() async {
    let id: MembershipID = newID()
    let response = await daemon.call("GET", "/memberships/\(id)/configuredTableAssociations")
    #expect(response.status == 404)
    #expect(response.json["resourceType"]?.string == "MEMBERSHIP")
  }

  @Test func withoutTheCoordinatorForwardedOperationsNameIt() async {
    let response = await daemon.call("GET", "/collaborations")
    #expect(response.status == 500)
    #expect(response.message.contains("The coordinator at localhost:1 cannot be reached"))
  }

  @Test func aCollaborationThatWasNotMadeLeavesNoSecret() async throws {
    let response = await daemon.call(
      "POST", "/collaborations",
      #"{"name":"n","description":"d","members":[],"creatorMemberAbilities":["CAN_QUERY"],"creatorDisplayName":"A","queryLogStatus":"ENABLED"}"#
    )
    #expect(response.status == 500)
    #expect(try daemon.parts.linkHandler.store.read { try $0.list(.secrets) }.isEmpty)
  }

  @Test func anAssociationThatWasNotPublishedIsNotKept() async throws {
    let membership = try joined(daemon)
    let table = await daemon.createTable().json["configuredTable"]?["id"]?.string ?? ""
    let body =
      #"{"name":"purchases","configuredTableIdentifier":"\#(table)","roleArn":"arn:aws:iam::123456789012:role/CleanRooms"}"#
    let path = "/memberships/\(membership.id)/configuredTableAssociations"
    #expect(await daemon.call("POST", path, body).status == 500)
    #expect(await daemon.call("GET", path).json["configuredTableAssociationSummaries"]?.array == [])
    let bad = await daemon.call("POST", path, body.replacing("\"purchases\"", with: "\"sys_purchases\""))
    #expect(bad.fields == ["name"])
  }

  @Test func aTableThatIsAssociatedCannotBeDeleted() async throws {
    let membership = try joined(daemon)
    let table = try #require(
      await daemon.createTable().json["configuredTable"]?["id"]?.string.flatMap { ConfiguredTableID($0) })
    try daemon.associate(table, membership, as: "purchases")
    let response = await daemon.call("DELETE", "/configuredTables/\(table)")
    #expect(response.status == 409)
    #expect(response.json["reason"]?.string == "SUBRESOURCES_EXIST")
  }

  // MARK: Queries

  private func start(_ membership: LocalMembership, _ output: String) async -> APIResponse {
    await daemon.call(
      "POST", "/memberships/\(membership.id)/protectedQueries",
      #"{"type":"SQL","sqlParameters":{"queryString":"SELECT 1"}\#(output)}"#)
  }

  @Test func aBucketThatIsNotConfiguredIsNamedWithItsRemedy() async throws {
    let membership = try joined(daemon)
    let response = await start(
      membership,
      #","resultConfiguration":{"outputConfiguration":{"s3":{"bucket":"other-bucket","resultFormat":"CSV"}}}"#
    )
    #expect(response.status == 400)
    #expect(response.json["reason"]?.string == "INVALID_CONFIGURATION")
    #expect(response.message.contains("results.buckets.other-bucket"))
  }

  @Test func aKeyPrefixDoesNotLeadOutOfTheBucket() async throws {
    let membership = try joined(daemon)
    let response = await start(
      membership,
      #","resultConfiguration":{"outputConfiguration":{"s3":{"bucket":"my-results","keyPrefix":"a/../../b","resultFormat":"CSV"}}}"#
    )
    #expect(response.fields == ["resultConfiguration.outputConfiguration.s3.keyPrefix"])
  }

  @Test func withoutAnyResultConfigurationThereIsNoQuery() async throws {
    let response = await start(try joined(daemon), "")
    #expect(response.status == 400)
    #expect(response.message.contains("no default"))
  }

  @Test func aQueryThatWasNotSentLeavesNothing() async throws {
    let place = ResultLocation(bucket: "my-results", keyPrefix: nil, resultFormat: .csv)
    let response = await start(try joined(daemon, defaultResult: place), "")
    #expect(response.status == 500)
    #expect(try daemon.parts.linkHandler.store.read { try $0.list(.ownQueries) }.isEmpty)
  }

  @Test func aDefaultResultPlaceMustExistBeforeJoining() async {
    let id: CollaborationID = newID()
    let response = await daemon.call(
      "POST", "/memberships",
      #"{"collaborationIdentifier":"\#(id)","queryLogStatus":"ENABLED","defaultResultConfiguration":{"outputConfiguration":{"s3":{"bucket":"other-bucket","resultFormat":"CSV"}}}}"#
    )
    #expect(response.status == 400)
    #expect(response.message.contains("results.buckets.other-bucket"))
  }
}
