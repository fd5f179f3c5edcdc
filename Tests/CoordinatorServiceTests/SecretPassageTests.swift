import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import CoordinatorService

@Suite struct SecretPassageTests {
  private let coordinator: TestCoordinator
  private let room: TestRoom

  init() async throws {
    coordinator = try TestCoordinator()
    room = try await TestRoom(coordinator, joining: [Accounts.partner])
  }

  private func obtain(_ account: AccountID = Accounts.partner) async throws -> SignedDocument {
    try await coordinator.services.handler.secrets.obtain(room.id, for: account)
  }

  private func connectPartner(_ generation: Int = 0) throws {
    let certificate = try coordinator.identity(Accounts.partner, of: generation).certificateDER
    coordinator.link.connect(Accounts.partner, certificate: certificate)
  }

  /// - Parameter signer: whose daemon answers in the creator's place.
  private func connectCreator(answeringAs signer: AccountID = Accounts.retailer) throws {
    let identity = try coordinator.identity(signer)
    coordinator.link.connect(Accounts.retailer)
    coordinator.link.answer { call throws(LinkError) in
      guard let request = try? WireJSON.decode(SealRequest.self, from: call.payload),
        let payload = try? WireJSON.encode(
          SealedSecret(collaboration: request.collaboration, recipient: request.account, sealed: "AAAA")),
        let document = try? identity.sign(payload, purpose: .collaborationSecret),
        let bytes = try? WireJSON.encode(document)
      else { throw .failed("no") }
      return bytes
    }
  }

  @Test func theCreatorIsAskedOnce() async throws {
    try connectPartner()
    try connectCreator()
    let first = try await obtain()
    coordinator.link.disconnect(Accounts.retailer)
    #expect(try await obtain() == first)
    #expect(coordinator.link.calls(MessageKind.sealSecret).count == 1)
  }

  @Test func aNewCertificateNeedsANewSeal() async throws {
    try connectPartner()
    try connectCreator()
    _ = try await obtain()
    try connectPartner(1)
    _ = try await obtain()
    let asked = try coordinator.link.calls(MessageKind.sealSecret).map {
      try WireJSON.decode(SealRequest.self, from: $0.payload).certificate
    }
    #expect(Set(asked).count == 2)
  }

  @Test func withoutTheCreatorTheReasonSaysWhoIsMissing() async throws {
    try connectPartner()
    let problem = await #expect(throws: SecretPassage.Problem.self) { try await obtain() }
    #expect(problem?.reason.contains(Accounts.retailer.value) == true)
  }

  @Test func onlyTheCreatorsSealIsPassedOn() async throws {
    try connectPartner()
    try connectCreator(answeringAs: Accounts.third)
    await #expect(throws: SecretPassage.Problem.self) { try await obtain() }
  }

  @Test func neitherTheCreatorNorOutsidersGetOne() async throws {
    try connectCreator()
    coordinator.link.connect(Accounts.third)
    for account in [Accounts.retailer, Accounts.third] {
      await #expect(throws: SecretPassage.Problem.self) { try await obtain(account) }
    }
    #expect(coordinator.link.calls(MessageKind.sealSecret).isEmpty)
  }
}
