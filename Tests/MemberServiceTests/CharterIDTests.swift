import CleanRoomModel
import Testing

@testable import MemberService

@Suite struct CharterIDTests {
  private func charter() throws -> CollaborationCharter {
    try CharterID.identified(
      CollaborationCharter(
        id: .random(), name: "n", creator: Accounts.retailer,
        members: [MemberSpecification(account: Accounts.retailer, displayName: "A", abilities: [.canQuery])],
        dataEncryption: nil, queryLogEnabled: true, createdAt: Timestamp(milliseconds: 1)))
  }

  @Test func theIdentifierBelongsToTheCharter() throws {
    let charter = try charter()
    #expect(CharterID.isOwn(charter))
    #expect(CollaborationID(charter.id.value) == charter.id)
    #expect(try CharterID.identified(charter).id == charter.id)
  }

  @Test func noOtherCharterHasIt() throws {
    for change: (inout CollaborationCharter) -> Void in [
      { $0.creator = Accounts.partner }, { $0.members[0].abilities = [.canQuery, .canReceiveResults] },
      { $0.members.append(MemberSpecification(account: Accounts.partner, displayName: "B", abilities: [.canQuery])) },
      { $0.queryLogEnabled = false }, { $0.id = .random() },
    ] {
      var changed = try charter()
      change(&changed)
      #expect(!CharterID.isOwn(changed))
    }
  }
}
