import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import CleanRoomPlanning
@testable import MemberService

/// What may leave, once the coordinator asks.
@Suite struct ReleaseTests {
  private let daemon: TestDaemon
  private let room: TestCollaboration
  private let membership: LocalMembership

  init() throws {
    daemon = try TestDaemon()
    room = try TestCollaboration(daemon.consortium)
    membership = LocalMembership(
      id: newID(), collaboration: room.id, charter: try room.signedCharter(), defaultResult: nil)
    try daemon.parts.linkHandler.memberships.keep(membership, at: TestConsortium.time)
  }

  private func associate(columns: String = #"["hashed_email","product_category"]"#) async throws {
    let created = await daemon.createTable(columns: columns)
    let table = try #require(created.json["configuredTable"]?["id"]?.string.flatMap { ConfiguredTableID($0) })
    try daemon.associate(table, membership, as: "purchases", rule: room.purchases.rule)
  }

  private func fragment(_ columns: [FragmentColumn]) -> Fragment {
    Fragment(table: "purchases", owner: Accounts.retailer, gatheredTable: "t0", columns: columns, filter: [])
  }

  private func value(_ name: String) -> FragmentColumn {
    FragmentColumn(column: name, type: .string, use: .value(.string), gatheredName: "c0")
  }

  @Test func anAllowedColumnIsScanned() async throws {
    try await associate()
    let reader = try await daemon.parts.catalog.scan(fragment([value("product_category")]), of: room.id)
    #expect(try await reader.next()?.rowCount == 2)
  }

  @Test(arguments: ["email", "full_name", "customer_id", "purchase_amount"])
  func aWithheldColumnCannotBeScanned(_ name: String) async throws {
    try await associate()
    await #expect(throws: ReleaseRefusal.self) {
      _ = try await daemon.parts.catalog.scan(fragment([value(name)]), of: room.id)
    }
  }

  /// Even if a fragment got past every check, the engine is not shown the column.
  @Test func aWithheldColumnCannotBeReachedByItsName() async throws {
    try await associate()
    let hidden = FragmentColumn(
      column: "product_category", type: .string, use: .value(.string),
      gatheredName: "x\", \"full_name\" AS \"y")
    await #expect(throws: (any Error).self) {
      let reader = try await daemon.parts.catalog.scan(
        Fragment(
          table: "purchases", owner: Accounts.retailer, gatheredTable: "t0",
          columns: [hidden, value("full_name")], filter: []), of: room.id)
      _ = try await reader.next()
    }
  }

  @Test func aTableOfAnotherCollaborationCannotBeScanned() async throws {
    try await associate()
    await #expect(throws: ReleaseRefusal.self) {
      _ = try await daemon.parts.catalog.scan(fragment([value("product_category")]), of: newID())
    }
  }

  @Test func whatIsPublishedHoldsAllowedColumnsOnly() async throws {
    try await associate()
    let tables = try await daemon.parts.linkHandler.publisher.currentTables(of: membership)
    let table = try #require(tables.first)
    #expect(table.columns.map(\.name) == ["hashed_email", "product_category"])
    #expect(table.columns[0].keyForm == .sha256Hex)
    #expect(table.unavailable == nil)
    let text = String(decoding: try WireJSON.encode(table), as: UTF8.self)
    for hidden in ["full_name", "customer_id", "purchases.csv", "retail_analytics", "\"email\""] {
      #expect(!text.contains(hidden))
    }
  }

  private func announcement(_ request: QueryRequest) throws -> [UInt8] {
    try WireJSON.encode(
      QueryAnnouncement(
        request: try room.retailer.sign(try WireJSON.encode(request), purpose: .query),
        history: CharterHistory(charter: try room.signedCharter()),
        tables: [try room.partner.sign(try WireJSON.encode(room.impressions()), purpose: .table)]))
  }

  @Test func aQueryIsAnsweredOnce() async throws {
    try await associate()
    try daemon.parts.linkHandler.secrets.create(for: room.id)
    let payload = try announcement(room.request())
    guard case .success = await daemon.parts.linkHandler.respond(to: MessageKind.release, payload: payload)
    else {
      Issue.record("the first announcement was refused")
      return
    }
    guard
      case .failure(let reason) = await daemon.parts.linkHandler.respond(
        to: MessageKind.release, payload: payload)
    else {
      Issue.record("the second announcement was agreed to")
      return
    }
    #expect(reason == "This query was announced before.")
  }

  @Test func anUnknownRequestIsRefused() async {
    guard case .failure = await daemon.parts.linkHandler.respond(to: "send-everything", payload: []) else {
      Issue.record("an unknown request was answered")
      return
    }
  }

  /// The secret opens for the member it was sealed to, and is sealed to members' own certificates only.
  @Test func theSecretIsSealedToMembersOnly() throws {
    let keeper = daemon.parts.linkHandler.secrets
    try keeper.create(for: room.id)
    func request(_ account: AccountID, _ identity: DaemonIdentity) -> SealRequest {
      SealRequest(
        collaboration: room.id, account: account, certificate: Base64.encode(identity.certificateDER))
    }
    let document = try keeper.seal(request(Accounts.partner, room.partner), charter: room.charter)
    let sealed = try WireJSON.decode(SealedSecret.self, from: document.payload)
    let bytes = try #require(Base64.decode(sealed.sealed))
    let info = Array("cleanroom/secret/1 \(room.id) \(Accounts.partner)".utf8)
    #expect(try room.partner.open(sealed: bytes, info: info).count == 32)
    #expect(throws: (any Error).self) { try room.third.open(sealed: bytes, info: info) }
    #expect(throws: (any Error).self) {
      _ = try keeper.seal(request(Accounts.partner, room.third), charter: room.charter)
    }
    var smaller = room.charter
    smaller.members.removeAll { $0.account == Accounts.third }
    #expect(throws: (any Error).self) {
      _ = try keeper.seal(request(Accounts.third, room.third), charter: smaller)
    }
  }

  @Test func aResultThatIsForOthersIsNotTaken() async throws {
    let request = room.request(receivers: [Accounts.partner])
    let notice = ResultNotice(
      collaboration: room.id, request: try room.retailer.sign(try WireJSON.encode(request), purpose: .query),
      history: CharterHistory(charter: try room.signedCharter()), columns: [])
    await #expect(throws: ReleaseRefusal(reason: "This organization is not a receiver of the query.")) {
      _ = try await daemon.parts.linkHandler.receiver.receive(notice)
    }
  }
}

extension TestDaemon {
  /// An association as if it had been published.
  func associate(
    _ table: ConfiguredTableID, _ membership: LocalMembership, as name: String, rule: AnalysisRule? = nil
  ) throws {
    let now = TestConsortium.time
    let record = AssociationRecord(
      id: newID(), membership: membership.id, collaboration: membership.collaboration, configuredTable: table,
      name: name, description: nil, roleArn: "", createdAt: now, updatedAt: now)
    try parts.linkHandler.store.write { writer in
      if var configured = try writer.get(.configuredTables, table.value)?.value {
        configured.rule = rule.map { RuleRecord(rule: $0, policy: "{}", createdAt: now, updatedAt: now) }
        try writer.put(.configuredTables, id: table.value, parent: nil, value: configured, at: now)
      }
      try writer.put(.associations, id: record.id.value, parent: membership.id.value, value: record, at: now)
    }
  }
}
