import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import Testing

@testable import CoordinatorService

/// What one organization may have of everything; one more is refused with 402.
@Suite struct QuotaTests {
  @Test func theLastOneIsAllowed() throws {
    try Quotas.check(4, "things", 5)
    for count in [5, 6] {
      #expect(throws: APIError.self) { try Quotas.check(count, "things", 5) }
    }
  }

  private func create(_ charter: CollaborationCharter, in coordinator: TestCoordinator, extended: Bool = true)
    async -> APIError?
  {
    await apiError {
      try await coordinator.call(
        "CreateCollaboration", TestRoom.creation, from: Accounts.retailer,
        document: try coordinator.sign(charter, .charter, as: Accounts.retailer), extended: extended)
    }
  }

  /// - Parameter count: members besides the creator.
  private func charter(inviting count: Int) throws -> CollaborationCharter {
    var charter = TestRoom.charter()
    charter.members = [charter.members[0]]
    for number in 0..<count {
      let account = try #require(AccountID("7000000000" + (number < 10 ? "0" : "") + "\(number)"))
      charter.members.append(MemberSpecification(account: account, displayName: "x", abilities: []))
    }
    return charter
  }

  @Test func membersOfACollaboration() async throws {
    let coordinator = try TestCoordinator()
    #expect(await create(try charter(inviting: 49), in: coordinator) == nil)
    #expect(await create(try charter(inviting: 50), in: coordinator)?.status == 402)
    #expect(await create(try charter(inviting: 5), in: coordinator, extended: false) == nil)
    let error = await create(try charter(inviting: 6), in: coordinator, extended: false)
    #expect(error?.status == 402 && error?.type == "ServiceQuotaExceededException")
  }

  @Test func collaborationsOfAnAccount() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [])
    let store = room.coordinator.store
    let record = try #require(try store.read { try $0.get(.collaborations, room.id.value)?.value })
    try store.write { writer in
      for number in 1..<Quotas.collaborationsPerAccount {
        try writer.put(
          .collaborations, id: "\(number)", parent: nil, value: record, at: TestCoordinator.time)
      }
    }
    #expect(await create(TestRoom.charter(), in: room.coordinator)?.status == 402)
    // Deleted ones do not count.
    var deleted = record
    deleted.isDeleted = true
    try store.write { try $0.put(.collaborations, id: "1", parent: nil, value: deleted, at: TestCoordinator.time) }
    #expect(await create(TestRoom.charter(), in: room.coordinator) == nil)
  }

  @Test func membershipsOfAnAccount() async throws {
    var room = try await TestRoom(try TestCoordinator(), joining: [Accounts.partner])
    let store = room.coordinator.store
    let record = try #require(
      try store.read { try $0.get(.memberships, room.memberships[Accounts.partner] ?? "")?.value })
    try store.write { writer in
      for number in 0..<Quotas.membershipsPerAccount {
        var other = record
        other.account = Accounts.third
        try writer.put(
          .memberships, id: "\(number)", parent: Accounts.third.value, value: other, at: TestCoordinator.time)
      }
    }
    #expect(await apiError { try await room.join(Accounts.third) }?.status == 402)
    try store.write { try $0.delete(.memberships, "0") }
    try await room.join(Accounts.third)
  }

  /// In strict mode five queries of a membership at once; the tables have rules that strict mode knows.
  @Test func queriesAtOnceInStrictMode() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [Accounts.partner])
    var tables = [room.purchases, room.impressions]
    tables[1].rule = .aggregation(
      AggregationRule(
        aggregateColumns: [.init(columnNames: ["hashed_email"], function: .countDistinct)],
        joinColumns: ["hashed_email"], dimensionColumns: ["channel"], scalarFunctions: [],
        outputConstraints: [.init(columnName: "hashed_email", minimum: 2)]))
    for index in tables.indices {
      tables[index].allowedResultReceivers = [Accounts.retailer]
      try await room.publish(tables[index])
    }
    for _ in 0..<Quotas.concurrentQueriesPerMembership { try await room.start(room.request(), extended: false) }
    #expect(await apiError { try await room.start(room.request(), extended: false) }?.status == 402)
    try await room.start(room.request())
  }
}
