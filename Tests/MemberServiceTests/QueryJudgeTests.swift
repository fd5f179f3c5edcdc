import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import MemberService

/// The partner's daemon decides about a query that the coordinator announces, and believes the coordinator nothing.
@Suite struct QueryJudgeTests {
  private let consortium: TestConsortium
  private let room: TestCollaboration
  private let judge: QueryJudge

  init() throws {
    consortium = try TestConsortium()
    room = try TestCollaboration(consortium)
    judge = QueryJudge(account: Accounts.partner, trust: room.partner.trust, extended: true)
  }

  private func sign(_ request: QueryRequest, by signer: DaemonIdentity) throws -> SignedDocument {
    try signer.sign(try WireJSON.encode(request), purpose: .query)
  }

  private func sign(_ table: PublishedTable, by signer: DaemonIdentity) throws -> SignedDocument {
    try signer.sign(try WireJSON.encode(table), purpose: .table)
  }

  private func announcement(_ request: SignedDocument) throws -> QueryAnnouncement {
    QueryAnnouncement(
      request: request, history: CharterHistory(charter: try room.signedCharter()),
      tables: [try sign(room.purchases, by: room.retailer), try sign(room.impressions(), by: room.partner)])
  }

  private func judge(
    _ announcement: QueryAnnouncement, stored: SignedDocument? = nil, own: [PublishedTable]? = nil
  ) throws -> Judgement {
    try judge.judge(
      announcement, charter: CharterHistory(charter: stored ?? announcement.charter),
      ownTables: own ?? [room.impressions()],
      now: TestConsortium.time)
  }

  private func expectRefusal(_ part: String, _ body: () throws -> Judgement) {
    do {
      _ = try body()
      Issue.record("nothing was refused")
    } catch let refusal as ReleaseRefusal {
      #expect(refusal.reason.contains(part), "\(refusal.reason)")
    } catch {
      Issue.record("another error: \(error)")
    }
  }

  @Test func agreesToReleaseOnlyItsOwnNeededColumns() throws {
    let judgement = try judge(try announcement(try sign(room.request(), by: room.retailer)))
    #expect(judgement.fragments.map(\.table) == ["ad_impressions"])
    #expect(Set(judgement.fragments[0].columns.map(\.column)) == ["hashed_email", "channel"])
    #expect(judgement.fragments[0].columns.first { $0.column == "hashed_email" }?.use.isToken == true)
  }

  /// Whatever the coordinator approves.
  @Test func releasesNoValuesWhereNoCleartextIsAllowed() throws {
    var closed = room
    closed.charter.dataEncryption = DataEncryptionMetadata(
      allowCleartext: false, allowDuplicates: true, allowJoinsOnColumnsWithDifferentNames: true, preserveNulls: true)
    func announced(_ sql: String) throws -> QueryAnnouncement {
      var announcement = try announcement(try sign(room.request(sql: sql), by: room.retailer))
      announcement.charter = try closed.signedCharter()
      return announcement
    }
    expectRefusal("Column channel of table ad_impressions (account \(Accounts.partner)) would have to leave as a value")
    {
      try judge(try announced(TestCollaboration.sql))
    }
    let counted = """
      SELECT COUNT(DISTINCT p.hashed_email) AS customers FROM purchases p
      INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email
      """
    let judgement = try judge(try announced(counted))
    #expect(judgement.fragments[0].columns.allSatisfy { $0.use.isToken })
  }

  @Test func refusesARunnerThatAnotherMemberForged() throws {
    let forged = try sign(room.request(runner: Accounts.retailer), by: room.third)
    expectRefusal("valid signature of its runner") { try judge(try announcement(forged)) }
  }

  @Test func refusesASignerOfAnotherAuthority() throws {
    let foreign = try TestConsortium().identity(Accounts.retailer)
    let request = try sign(room.request(), by: foreign)
    expectRefusal("valid signature of its runner") { try judge(try announcement(request)) }
  }

  @Test func refusesASignatureMadeForAnotherPurpose() throws {
    var request = try room.retailer.sign(try WireJSON.encode(room.request()), purpose: .table)
    request.purpose = .query
    let changed = request
    expectRefusal("valid signature of its runner") { try judge(try announcement(changed)) }
  }

  @Test func refusesTextThatTheRunnerDidNotSign() throws {
    let original = room.request()
    var document = try sign(original, by: room.retailer)
    var changed = original
    changed.sql += " HAVING COUNT(DISTINCT p.hashed_email) >= 1"
    document.payload = try WireJSON.encode(changed)
    let lie = document
    expectRefusal("valid signature of its runner") { try judge(try announcement(lie)) }
  }

  @Test func refusesMoreReceiversThanTheRunnerSigned() throws {
    let original = room.request()
    var document = try sign(original, by: room.retailer)
    var changed = original
    changed.receivers.append(Accounts.partner)
    document.payload = try WireJSON.encode(changed)
    let lie = document
    expectRefusal("valid signature of its runner") { try judge(try announcement(lie)) }
  }

  @Test func refusesACharterItDidNotJoinUnder() throws {
    var laxer = room
    laxer.charter.members[2].abilities = [.canQuery]
    var lie = try announcement(try sign(room.request(), by: room.retailer))
    lie.charter = try laxer.signedCharter()
    let stored = try room.signedCharter()
    let changed = lie
    expectRefusal("not the one this organization joined under") { try judge(changed, stored: stored) }
  }

  @Test func refusesWhenItIsNoMember() throws {
    let announcement = try announcement(try sign(room.request(), by: room.retailer))
    expectRefusal("not a member") {
      try judge.judge(announcement, charter: nil, ownTables: [room.impressions()], now: TestConsortium.time)
    }
  }

  @Test func refusesARunnerWithoutCanQuery() throws {
    let request = try sign(room.request(runner: Accounts.third), by: room.third)
    expectRefusal("CAN_QUERY") { try judge(try announcement(request)) }
  }

  @Test(arguments: [[Accounts.third], [Accounts.retailer, Accounts.third]])
  func refusesAReceiverWithoutCanReceiveResults(_ receivers: [AccountID]) throws {
    let request = try sign(room.request(receivers: receivers), by: room.retailer)
    expectRefusal("CAN_RECEIVE_RESULTS") { try judge(try announcement(request)) }
  }

  @Test(arguments: [[], [Accounts.retailer, Accounts.retailer]])
  func refusesNoReceiverOrOneTwice(_ receivers: [AccountID]) throws {
    let request = try sign(room.request(receivers: receivers), by: room.retailer)
    expectRefusal("no receiver, or one twice") { try judge(try announcement(request)) }
  }

  @Test(arguments: [-25 * 3_600_000, 6 * 60_000] as [Int64])
  func refusesOldRequestsAndThoseFromTheFuture(_ offset: Int64) throws {
    let time = Timestamp(milliseconds: TestConsortium.time.milliseconds + offset)
    let request = try sign(room.request(at: time), by: room.retailer)
    expectRefusal("too long ago") { try judge(try announcement(request)) }
  }

  @Test func refusesARequestOfAnotherCollaboration() throws {
    let other = try TestCollaboration(consortium)
    let request = try sign(other.request(), by: room.retailer)
    expectRefusal("another collaboration") { try judge(try announcement(request)) }
  }

  /// The coordinator still has the laxer copy, with the owner's own valid signature.
  @Test func ownStoredRuleOverrulesThePublishedCopy() throws {
    let announcement = try announcement(try sign(room.request(), by: room.retailer))
    let stricter = room.impressions(listColumns: ["hashed_email"])
    expectRefusal("channel") { try judge(announcement, own: [stricter]) }
  }

  @Test func refusesWhenTheTableIsNotAssociatedAnyMore() throws {
    let announcement = try announcement(try sign(room.request(), by: room.retailer))
    expectRefusal("ad_impressions") { try judge(announcement, own: []) }
  }

  @Test func refusesWhenTheCoordinatorLeavesATableOut() throws {
    var lie = try announcement(try sign(room.request(), by: room.retailer))
    lie.tables.removeFirst()
    let changed = lie
    expectRefusal("purchases") { try judge(changed) }
  }

  @Test func aTableThatItsOwnerDidNotSignDoesNotExist() throws {
    var lie = try announcement(try sign(room.request(), by: room.retailer))
    lie.tables[0] = try sign(room.purchases, by: room.third)
    let changed = lie
    expectRefusal("valid signature of its owner") { try judge(changed) }
  }

  @Test func refusesAQueryThatReadsNothingOfItsOwn() throws {
    var other = room.impressions()
    other.name = "unrelated"
    let sql =
      "SELECT p.product_category, COUNT(DISTINCT p.hashed_email) FROM purchases p GROUP BY p.product_category"
    let announcement = try announcement(try sign(room.request(sql: sql), by: room.retailer))
    let own = [other]
    do {
      _ = try judge(announcement, own: own)
      Issue.record("nothing was refused")
    } catch is ReleaseRefusal {}
  }
}
