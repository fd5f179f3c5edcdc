import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import MemberService

/// The retailer's daemon approves what the creator, here the partner, has signed, and nothing that a coordinator shows
/// in its place.
@Suite struct ChangeRequestConversationTests {
  private struct Scene {
    let daemon: TestDaemon
    let fake: FakeCoordinator
    let room: TestCollaboration
    let proposal: CharterProposal

    init(_ daemon: TestDaemon, _ fake: FakeCoordinator, creator: AccountID = Accounts.partner) throws {
      (self.daemon, self.fake) = (daemon, fake)
      var room = try TestCollaboration(daemon.consortium)
      room.charter.creator = creator
      self.room = room
      let charter = try daemon.consortium.identity(creator).sign(try WireJSON.encode(room.charter), purpose: .charter)
      try daemon.parts.linkHandler.memberships.keep(
        LocalMembership(id: newID(), collaboration: room.id, charter: charter, defaultResult: nil),
        at: TestConsortium.time)
      proposal = try CharterID.identified(
        CharterProposal(
          id: newID(), collaboration: room.id, changes: [CharterFixture.grant], createdAt: TestConsortium.time))
    }

    /// - Returns: the status, and what was signed towards the coordinator.
    func approve(
      _ signed: CharterProposal, by signer: DaemonIdentity, showing changes: [CharterChange],
      purpose: SignedDocument.Purpose = .charterProposal
    ) async throws -> (Int, [SignedDocument]) {
      let types = changes.map { _ in [ChangeType.grantReceiveResults] }
      let output = JSONValue.object([
        "collaborationChangeRequest": .object([
          "id": .string(proposal.id.value), "collaborationId": .string(room.id.value), "createTime": .number(1),
          "updateTime": .number(1), "status": .string("PENDING"), "isAutoApproved": .bool(false),
          "changes": ChangeRequestJSON.json(changes, types: types),
        ])
      ])
      let document = try signer.sign(try WireJSON.encode(signed), purpose: purpose)
      fake.answer("GetCollaborationChangeRequest", with: ForwardedReply(output: output.text, document: document))
      fake.answer("UpdateCollaborationChangeRequest", with: ForwardedReply(output: output.text))
      let before = fake.soFar.calls.count
      let response = await daemon.call(
        "PATCH", "/collaborations/\(room.id)/changeRequests/\(proposal.id)", #"{"action":"APPROVE"}"#)
      return (response.status, fake.soFar.calls.dropFirst(before).compactMap(\.document))
    }
  }

  @Test func whatTheCreatorSignedIsApproved() async throws {
    try await withConversation { daemon, fake, _ in
      let scene = try Scene(daemon, fake)
      let (status, signed) = try await scene.approve(
        scene.proposal, by: scene.room.partner, showing: scene.proposal.changes)
      #expect(status == 200)
      let document = try #require(signed.first)
      let approval = try WireJSON.decode(CharterApproval.self, from: document.payload)
      #expect(signed.count == 1 && document.purpose == .charterApproval)
      #expect(approval.collaboration == scene.room.id && approval.changeRequest == scene.proposal.id)
    }
  }

  @Test func nothingElseIs() async throws {
    try await withConversation { daemon, fake, _ in
      let scene = try Scene(daemon, fake)
      let (good, creator) = (scene.proposal, scene.room.partner)
      var other = good
      other.changes = [CharterFixture.member(Accounts.retailer)]
      var elsewhere = good
      elsewhere.collaboration = newID()
      let renamed = try CharterID.identified(other)
      for (signed, signer, shown) in [
        (good, creator, other.changes), (good, creator, []), (other, creator, other.changes),
        (renamed, creator, other.changes), (elsewhere, creator, good.changes),
        (good, scene.room.third, good.changes), (good, scene.room.retailer, good.changes),
      ] {
        let (status, sent) = try await scene.approve(signed, by: signer, showing: shown)
        #expect(status == 500 || status == 503, "\(status)")
        #expect(sent.isEmpty)
      }
      let (status, sent) = try await scene.approve(good, by: creator, showing: good.changes, purpose: .charter)
      #expect(status != 200 && sent.isEmpty)
    }
  }

  /// The creator's daemon signs no amendment that could be kept for later.
  @Test(arguments: ["PENDING", "DENIED", "CANCELLED", "COMMITTED", "APPROVED"])
  func onlyWhatIsApprovedIsSigned(status: String) async throws {
    try await withConversation { daemon, fake, _ in
      let scene = try Scene(daemon, fake, creator: Accounts.retailer)
      let proposal = scene.proposal
      let output = JSONValue.object([
        "collaborationChangeRequest": .object([
          "id": .string(proposal.id.value), "status": .string(status),
          "changes": ChangeRequestJSON.json(proposal.changes, types: [[.grantReceiveResults]]),
        ])
      ])
      let document = try scene.room.retailer.sign(try WireJSON.encode(proposal), purpose: .charterProposal)
      fake.answer("GetCollaborationChangeRequest", with: ForwardedReply(output: output.text, document: document))
      _ = await daemon.call(
        "PATCH", "/collaborations/\(scene.room.id)/changeRequests/\(proposal.id)", #"{"action":"COMMIT"}"#)
      let commits = fake.soFar.calls.filter { $0.operation == "UpdateCollaborationChangeRequest" }
      #expect(commits.count == 1)
      #expect((commits.first?.document?.purpose == .charterAmendment) == (status == "APPROVED"))
    }
  }
}
