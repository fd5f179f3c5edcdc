import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Foundation
import Testing

@testable import MemberService

/// The member's half of the life of a query, over a real link.
@Suite struct ConversationTests {
  private static let membershipID: MembershipID = newID()

  private static let createCollaboration =
    #"{"name":"n","description":"d","creatorMemberAbilities":["CAN_QUERY","CAN_RECEIVE_RESULTS"],"creatorDisplayName":"A","queryLogStatus":"ENABLED","members":[{"accountId":"987654321098","displayName":"B","memberAbilities":["CAN_QUERY","CAN_RECEIVE_RESULTS"]}]}"#

  private static let rule =
    #"{"analysisRuleType":"AGGREGATION","analysisRulePolicy":{"v1":{"aggregation":{"aggregateColumns":[{"columnNames":["hashed_email"],"function":"COUNT_DISTINCT"}],"joinColumns":["hashed_email"],"dimensionColumns":["product_category"],"scalarFunctions":[],"outputConstraints":[{"columnName":"hashed_email","minimum":2,"type":"COUNT_DISTINCT"}]}}}}"#

  private static let sql =
    "SELECT product_category, COUNT(DISTINCT hashed_email) AS customers FROM purchases GROUP BY product_category"

  /// Creates a collaboration and associates the purchases with it, all through the API.
  private func setUp(
    _ daemon: TestDaemon, _ fake: FakeCoordinator
  ) async throws -> (charter: SignedDocument, collaboration: CollaborationID) {
    fake.answer(
      "CreateCollaboration",
      with: ForwardedReply(output: #"{"collaboration":{"membershipId":"\#(Self.membershipID)"}}"#))
    #expect(await daemon.call("POST", "/collaborations", Self.createCollaboration).status == 200)
    let charter = try #require(fake.soFar.calls.last?.document)
    let table = try #require(await daemon.createTable().json["configuredTable"]?["id"]?.string)
    #expect(await daemon.call("POST", "/configuredTables/\(table)/analysisRule", Self.rule).status == 200)
    let associated = await daemon.call(
      "POST", "/memberships/\(Self.membershipID)/configuredTableAssociations",
      #"{"name":"purchases","configuredTableIdentifier":"\#(table)","roleArn":"arn:aws:iam::123456789012:role/CleanRooms"}"#
    )
    #expect(associated.status == 200, "\(associated.message)")
    return (charter, try WireJSON.decode(CollaborationCharter.self, from: charter.payload).id)
  }

  private func request(
    _ collaboration: CollaborationID, by runner: AccountID, receivers: [AccountID]
  ) -> QueryRequest {
    QueryRequest(
      id: newID(), collaboration: collaboration, runner: runner, sql: Self.sql, receivers: receivers,
      requestedAt: TestConsortium.time)
  }

  private func wait(_ condition: () throws -> Bool) async throws {
    for _ in 0..<200 where try !condition() { try await Task.sleep(for: .milliseconds(25)) }
    #expect(try condition())
  }

  @Test func releasesTokensForAQueryThatItsRunnerSigned() async throws {
    try await withConversation { daemon, fake, server in
      let (charter, collaboration) = try await setUp(daemon, fake)
      let partner = try daemon.consortium.identity(Accounts.partner)
      let request = request(collaboration, by: Accounts.partner, receivers: [Accounts.partner])
      let announcement = QueryAnnouncement(
        request: try partner.sign(try WireJSON.encode(request), purpose: .query), history: CharterHistory(charter: charter),
        tables: fake.soFar.published)
      let reply = try await server.request(
        MessageKind.release, try WireJSON.encode(announcement), to: Accounts.retailer, timeout: .seconds(10))
      #expect(try WireJSON.decode(ReleaseAgreement.self, from: reply).keyCheck.count == 16)
      try await wait { fake.soFar.released["purchases"] != nil }
      let header = try #require(fake.soFar.headers.first)
      let frames = fake.soFar.released["purchases"] ?? []
      let batch = try BatchCodec.decode(
        try #require(frames.first), expecting: header.columns.map(\.content)
      ).batch
      #expect(batch.rowCount == 2)
      let sent = Data(frames.flatMap { $0 })
      for hidden in ["ada@example.com", "Ada@Example.com", "Planted", "2025-12"] {
        #expect(sent.range(of: Data(hidden.utf8)) == nil)
      }
      let ledger = try ReleaseLedger(path: daemon.parts.folder.file("ledger.sqlite"), sign: nil)
      let summary = try #require(try ledger.summaries(query: request.id).first)
      #expect(summary.rows == 2)
      #expect(summary.bytes == sent.count)
      let identity = daemon.parts.identity
      guard case .intact = try ledger.verify({ identity.trust.wasSigned($0, by: identity.role) }) else {
        Issue.record("the ledger is not intact")
        return
      }
    }
  }

  @Test func aCoordinatorThatChangesTheTextGetsNothing() async throws {
    try await withConversation { daemon, fake, server in
      let (charter, collaboration) = try await setUp(daemon, fake)
      let partner = try daemon.consortium.identity(Accounts.partner)
      var request = request(collaboration, by: Accounts.partner, receivers: [Accounts.partner])
      var signed = try partner.sign(try WireJSON.encode(request), purpose: .query)
      request.sql = "SELECT COUNT(DISTINCT hashed_email) FROM purchases"
      signed.payload = try WireJSON.encode(request)
      let lie = QueryAnnouncement(
        request: signed, history: CharterHistory(charter: charter), tables: [])
      await #expect(throws: LinkError.failed("The query does not carry a valid signature of its runner.")) {
        _ = try await server.request(
          MessageKind.release, try WireJSON.encode(lie), to: Accounts.retailer, timeout: .seconds(10))
      }
      let ledger = try ReleaseLedger(path: daemon.parts.folder.file("ledger.sqlite"), sign: nil)
      #expect(try ledger.summaries().isEmpty)
    }
  }

  @Test func aResultIsVisibleOnceTheQuerySucceeded() async throws {
    try await withConversation { daemon, fake, server in
      let (charter, _) = try await setUp(daemon, fake)
      let started = await daemon.call(
        "POST", "/memberships/\(Self.membershipID)/protectedQueries",
        #"{"type":"SQL","sqlParameters":{"queryString":"SELECT 1"},"resultConfiguration":{"outputConfiguration":{"s3":{"bucket":"my-results","keyPrefix":"a//b/","resultFormat":"CSV"}}}}"#
      )
      #expect(started.status == 200)
      let signed = try #require(fake.soFar.calls.last?.document)
      let request = try WireJSON.decode(QueryRequest.self, from: signed.payload)
      #expect(request.receivers == [Accounts.retailer])
      try offer(for: request, daemon, fake)
      let notice = ResultNotice(
        collaboration: request.collaboration, request: signed, history: CharterHistory(charter: charter),
        columns: [ResultColumnDescription(name: "customers", type: .bigint)])
      let reply = try await server.request(
        MessageKind.deliver, try WireJSON.encode(notice), to: Accounts.retailer, timeout: .seconds(10))
      let location = try WireJSON.decode(ResultPlacement.self, from: reply).location
      #expect(location == "s3://my-results/a/b/\(request.id).csv")
      let file = daemon.consortium.folder + "/\(Accounts.retailer)/results/a/b/\(request.id).csv"
      #expect(!FileManager.default.fileExists(atPath: file))
      _ = try await server.request(
        MessageKind.publishResult, try WireJSON.encode(QueryNotice(query: request.id)), to: Accounts.retailer,
        timeout: .seconds(10))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "customers\n41\n42\n")
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  private func offer(for request: QueryRequest, _ daemon: TestDaemon, _ fake: FakeCoordinator) throws {
    var sealer = try ResultSealer(
      to: daemon.parts.identity.certificateDER,
      info: ResultSealing.info(query: request.id, receiver: Accounts.retailer))
    let batch = ColumnBatch(rowCount: 2, columns: [ColumnVector(validity: nil, storage: .int64([41, 42]))])
    let bytes = BatchCodec.encode(batch, columns: [.value(.bigint)], sequence: 0)
    fake.offer([sealer.encapsulatedKey, try sealer.seal(bytes)], for: request.id)
  }

  @Test func whatIsPublishedIsSignedAndWithdrawnWithTheAssociation() async throws {
    try await withConversation { daemon, fake, _ in
      _ = try await setUp(daemon, fake)
      let document = try #require(fake.soFar.published.last)
      let signer = try daemon.parts.identity.trust.verify(document, purpose: .table, at: TestConsortium.time)
      #expect(signer.role == .member(Accounts.retailer))
      let table = try WireJSON.decode(PublishedTable.self, from: document.payload)
      #expect(table.columns.map(\.name) == ["hashed_email", "product_category", "purchase_amount"])
      let path = "/memberships/\(Self.membershipID)/configuredTableAssociations/\(table.association)"
      #expect(await daemon.call("DELETE", path).status == 204)
      #expect(fake.soFar.withdrawn.map(\.association) == [table.association])
      #expect(await daemon.call("GET", path).status == 404)
    }
  }

  @Test func aMembershipWithoutTheCreatorsCharterIsNotAccepted() async throws {
    try await withConversation { daemon, fake, _ in
      let room = try TestCollaboration(daemon.consortium)
      let forged = try room.third.sign(try WireJSON.encode(room.charter), purpose: .charter)
      fake.answer(
        "CreateMembership",
        with: ForwardedReply(output: #"{"membership":{"id":"\#(Self.membershipID)"}}"#, document: forged))
      let response = await daemon.call(
        "POST", "/memberships", #"{"collaborationIdentifier":"\#(room.id)","queryLogStatus":"ENABLED"}"#)
      #expect(response.status == 500)
      #expect(try daemon.parts.linkHandler.memberships.all().isEmpty)
    }
  }
}
