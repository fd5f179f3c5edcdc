import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import CoordinatorService

@Suite struct AnalysisLogTests {
  private func room(charter: CollaborationCharter = TestRoom.charter()) async throws -> TestRoom {
    let room = try await TestRoom(try TestCoordinator(), charter: charter)
    try await room.publishBoth()
    return room
  }

  private func pending(_ room: TestRoom, _ account: AccountID) throws -> [JSONValue] {
    try room.coordinator.store.read { try $0.list(.pendingLogs, parent: account.value) }
      .map { try JSONValue(parsing: Array($0.value.line.utf8)) }
  }

  @Test func runnerReceiversAndOwnersGetOneEntryForEachTable() async throws {
    let room = try await room()
    let request = room.request()
    try await room.start(request)
    for account in [Accounts.retailer, Accounts.partner] {
      let entries = try pending(room, account)
      #expect(entries.compactMap { $0["schemaName"]?.string } == ["purchases", "ad_impressions"])
      #expect(
        entries.allSatisfy {
          $0["eventId"]?.string == request.id.value && $0["logStage"]?.string == "SUBMISSION"
        })
      #expect(entries.allSatisfy { $0["queryValidationErrors"] == .null })
      #expect(
        entries.first?["extensions"]?.string == #"["MIXED_RULE_TYPES","NO_ASSOCIATION_ANALYSIS_RULE"]"#)
    }
    #expect(try pending(room, Accounts.third).isEmpty)
  }

  @Test func onlyTheOwnerSeesItsConfiguredTable() async throws {
    let room = try await room()
    try await room.start(room.request())
    let seen = try pending(room, Accounts.partner).map {
      ($0["schemaName"]?.string, $0["configuredTableId"] != nil)
    }
    #expect(seen.contains { $0 == ("ad_impressions", true) })
    #expect(seen.contains { $0 == ("purchases", false) })
  }

  @Test func aRefusedQueryIsLoggedWithItsReasons() async throws {
    let room = try await room()
    let request = room.request(sql: "SELECT channel FROM ad_impressions")
    let error = await apiError { try await room.start(request) }
    let entry = try pending(room, Accounts.partner).first
    #expect(entry?["eventId"]?.string == request.id.value)
    #expect(entry?["queryValidationErrors"]?.string == error?.message)
    #expect(entry?["queryText"]?.string == request.sql)
  }

  @Test func theEndIsLogged() async throws {
    let room = try await room()
    let request = room.request()
    try await room.start(request)
    await room.coordinator.services.executor.end(request.id, with: .failed(.unforeseen))
    let entry = try pending(room, Accounts.partner).last
    #expect(entry?["logStage"]?.string == "TERMINATION")
    #expect(entry?["status"]?.string == "FAILED")
    #expect(entry?["errorCode"]?.string == "INTERNAL_FAILURE")
  }

  @Test func bothSwitchesMustBeOn() async throws {
    let silent = try await room(charter: TestRoom.charter(queryLogEnabled: false))
    try await silent.start(silent.request())
    #expect(try pending(silent, Accounts.retailer).isEmpty)

    let room = try await room()
    try await room.coordinator.call(
      "UpdateMembership",
      .object([
        "membershipIdentifier": room.membership(Accounts.partner), "queryLogStatus": .string("DISABLED"),
      ]),
      from: Accounts.partner)
    try await room.start(room.request())
    #expect(try pending(room, Accounts.partner).isEmpty)
    #expect(try !pending(room, Accounts.retailer).isEmpty)
  }

  @Test func entriesWaitForTheirMemberAndArriveInOrder() async throws {
    let room = try await room()
    let (services, link) = (room.coordinator.services, room.coordinator.link)
    let requests = [room.request(), room.request()]
    for request in requests { try await room.start(request) }
    let store = room.coordinator.store
    func isDelivered() throws -> Bool {
      try store.read { try $0.list(.pendingLogs, parent: Accounts.partner.value).isEmpty }
    }
    link.connect(Accounts.partner)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await services.logSender.run() }
      for _ in 0..<500 where try !isDelivered() {
        services.logSender.wake(Accounts.partner)
        try await Task.sleep(for: .milliseconds(10))
      }
      group.cancelAll()
    }
    #expect(try isDelivered())
    let lines = try link.calls(MessageKind.log).flatMap {
      try WireJSON.decode(AnalysisLogEntries.self, from: $0.payload).lines
    }
    let ids = try lines.map { try JSONValue(parsing: Array($0.utf8))["eventId"]?.string }
    #expect(ids == requests.flatMap { [$0.id.value, $0.id.value] })
  }

  @Test func whatIsNotAcknowledgedStays() async throws {
    let room = try await room()
    let (services, link) = (room.coordinator.services, room.coordinator.link)
    link.connect(Accounts.partner)
    link.answer { _ throws(LinkError) in throw .timedOut }
    try await room.start(room.request())
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await services.logSender.run() }
      for _ in 0..<500 where link.calls(MessageKind.log).isEmpty {
        try? await Task.sleep(for: .milliseconds(10))
      }
      group.cancelAll()
    }
    #expect(!link.calls(MessageKind.log).isEmpty)
    #expect(try pending(room, Accounts.partner).count == 2)
  }

  /// A member that stays away is owed a limited amount; the query is not disturbed.
  @Test func whatWaitsForAMemberIsLimited() async throws {
    let room = try await room()
    let line = String(repeating: "x", count: AnalysisLog.waitingLimit)
    try room.coordinator.store.write {
      try $0.put(
        .pendingLogs, id: "0", parent: Accounts.partner.value,
        value: PendingLog(account: Accounts.partner, collaboration: room.id, line: line), at: TestCoordinator.time)
    }
    try await room.start(room.request())
    let count = { (account: AccountID) in
      try room.coordinator.store.read { try $0.list(.pendingLogs, parent: account.value) }.count
    }
    #expect(try count(Accounts.partner) == 1)
    #expect(try count(Accounts.retailer) == 2)
  }
}
