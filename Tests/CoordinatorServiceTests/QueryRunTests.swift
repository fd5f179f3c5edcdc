import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Testing

@testable import CoordinatorService

/// Queries that run against members without sockets: how they end when a member does not do its part.
@Suite struct QueryRunTests {
  private func room(_ change: (inout CoordinatorLimits) -> Void = { _ in }) async throws -> TestRoom {
    var limits = CoordinatorLimits()
    limits.waits.absence = .milliseconds(50)
    change(&limits)
    let room = try await TestRoom(try TestCoordinator(limits: limits))
    try await room.publishBoth()
    return room
  }

  /// Runs the scheduler until the query has ended.
  private func ended(_ room: TestRoom, _ request: QueryRequest) async throws -> QueryRecord? {
    let services = room.coordinator.services
    try await room.start(request)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await services.scheduler.run() }
      for _ in 0..<500 {
        if (try? services.book.record(request.id))??.status.isTerminal == true { break }
        try? await Task.sleep(for: .milliseconds(10))
      }
      await services.scheduler.shutDown()
    }
    return try services.book.record(request.id)
  }

  @Test func anAbsentMemberIsNamed() async throws {
    let room = try await room()
    room.coordinator.link.connect(Accounts.retailer)
    let record = try await ended(room, room.request())
    #expect(record?.status == .failed)
    #expect(record?.failure?.code == .memberUnavailable)
    #expect(record?.failure?.message.contains("987654321098 (Partner)") == true)
  }

  @Test func aQueryThatWaitsTooLongTimesOut() async throws {
    let room = try await room {
      $0.waits.absence = .seconds(60)
      $0.queryTime = .milliseconds(50)
    }
    let record = try await ended(room, room.request())
    #expect(record?.status == .timedOut)
    #expect(record?.failure?.code == .timeLimit)
  }

  @Test func aRuleThatWasTightenedMeanwhileStopsTheQuery() async throws {
    let room = try await room()
    let request = room.request()
    try await room.start(request)
    let stored = try room.coordinator.store.read {
      try $0.list(.tables, parent: room.id.value).map(\.value.table)
    }
    var tightened = try #require(stored.first { $0.owner == Accounts.partner })
    tightened.rule = .list(ListRule(joinColumns: ["hashed_email"], listColumns: []))
    try await room.publish(tightened)
    let services = room.coordinator.services
    let record = try #require(try services.book.apply(.started, to: request.id))
    guard case .failed(let failure) = await services.executor.work(record) else {
      Issue.record("the query was not stopped")
      return
    }
    #expect(failure.code == .rulesChanged)
  }

  @Test func aStopEndsWhatRunsAndWaits() async throws {
    let room = try await room { $0.waits.absence = .seconds(60) }
    let services = room.coordinator.services
    let request = room.request()
    try await room.start(request)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await services.scheduler.run() }
      try? await Task.sleep(for: .milliseconds(50))
      await services.scheduler.shutDown()
    }
    #expect(try services.book.record(request.id)?.failure == .coordinatorStopped)
    #expect(services.scheduler.reserve(newID()) == .stopping)
  }

  @Test func aCommittedQueryIsPublishedBeforeItSucceeds() async throws {
    let room = try await room()
    let (services, link) = (room.coordinator.services, room.coordinator.link)
    link.connect(Accounts.retailer)
    let request = room.request()
    try await room.start(request)
    try services.book.apply(.started, to: request.id)
    #expect(try services.book.commit(request.id, placed: []))
    await services.executor.end(request.id, with: .failed(.coordinatorStopped))
    #expect(link.calls(MessageKind.publishResult).map(\.account) == [Accounts.retailer])
    #expect(link.calls(MessageKind.abandon).isEmpty)
    #expect(try services.book.record(request.id)?.status == .success)
  }

  @Test func onlyPartiesLearnHowAQueryStands() async throws {
    let room = try await room()
    let handler = room.coordinator.services.handler
    let request = room.request()
    try await room.start(request)
    let notice = try WireJSON.encode(QueryNotice(query: request.id))
    func outcome(_ account: AccountID) async throws -> ProtectedQueryStatus? {
      guard
        case .success(let bytes) = await handler.respond(
          to: MessageKind.queryOutcome, payload: notice, from: account)
      else { return nil }
      return try WireJSON.decode(QueryOutcome.self, from: bytes).status
    }
    #expect(try await outcome(Accounts.retailer) == .submitted)
    #expect(try await outcome(Accounts.partner) == .submitted)
    #expect(try await outcome(Accounts.third) == nil)
  }

  @Test func aRaisedSignalEndsWhateverItLimits() async {
    let signal = StopSignal()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<3 { group.addTask { await signal.limiting { try? await Task.sleep(for: .seconds(60)) } } }
      try? await Task.sleep(for: .milliseconds(20))
      signal.raise()
    }
    await signal.limiting { try? await Task.sleep(for: .seconds(60)) }
  }
}
