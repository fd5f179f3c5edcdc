import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import CoordinatorService

@Suite struct QuerySubmissionTests {
  private func room() async throws -> TestRoom {
    let room = try await TestRoom(try TestCoordinator())
    try await room.publishBoth()
    return room
  }

  private func recorded(_ room: TestRoom) throws -> Int {
    try room.coordinator.services.book.records(in: room.id).count
  }

  @Test func aPermittedQueryIsSubmitted() async throws {
    let room = try await room()
    let request = room.request()
    let query = try await room.start(request)["protectedQuery"]
    #expect(query?["id"]?.string == request.id.value)
    #expect(query?["status"]?.string == "SUBMITTED")
    #expect(query?["resultConfiguration"]?["outputConfiguration"] == TestRoom.toRunner)
    #expect(query?["sqlParameters"]?["queryString"]?.string == TestRoom.sql)
  }

  @Test func aRefusedQueryCreatesNothing() async throws {
    let room = try await room()
    let error = await apiError {
      try await room.start(room.request(sql: "SELECT hashed_email FROM purchases"))
    }
    #expect(error?.status == 400)
    #expect(error?.body["reason"]?.string == "INVALID_QUERY")
    #expect(error?.message.contains("Column(s) [hashed_email] is not allowed in select") == true)
    #expect(try recorded(room) == 0)
  }

  @Test func onlyTheRunnersSignatureOverThisTextAndTheseReceiversCounts() async throws {
    let room = try await room()
    let request = room.request()
    var faults: [APIError?] = []
    faults.append(await apiError { try await room.start(request, signedBy: Accounts.partner) })
    faults.append(
      await apiError { try await room.start(request, inputSQL: "SELECT channel FROM ad_impressions") })
    faults.append(await apiError { try await room.start(room.request(receivers: [Accounts.partner])) })
    var elsewhere = request
    elsewhere.collaboration = newID()
    faults.append(await apiError { try await room.start(elsewhere) })
    let old = Timestamp(milliseconds: TestCoordinator.time.milliseconds - 301_000)
    faults.append(await apiError { try await room.start(room.request(at: old)) })
    #expect(faults.map { $0?.status } == Array(repeating: 400, count: 5))
    #expect(try recorded(room) == 0)
  }

  @Test func aSignedQueryIsTakenOnce() async throws {
    let room = try await room()
    let request = room.request()
    try await room.start(request)
    #expect(await apiError { try await room.start(request) }?.status == 400)
    #expect(try recorded(room) == 1)
  }

  @Test func withoutCanQueryThereIsNoQuery() async throws {
    let room = try await room()
    let error = await apiError {
      try await room.start(room.request(runner: Accounts.partner, receivers: [Accounts.partner]))
    }
    #expect(error?.status == 403)
  }

  @Test func everyReceiverNeedsTheAbilityAMembershipAndAPlace() async throws {
    var room = try await TestRoom(try TestCoordinator(), joining: [])
    try await room.publish(room.purchases)
    func toMember(_ account: AccountID) async -> APIError? {
      await apiError {
        try await room.start(
          room.request(
            sql:
              "SELECT product_category, COUNT(DISTINCT hashed_email) FROM purchases GROUP BY product_category",
            receivers: [account]),
          output: .object(["member": .object(["accountId": .string(account.value)])]))
      }
    }
    #expect(await toMember(Accounts.third)?.message.contains("CAN_RECEIVE_RESULTS") == true)
    #expect(await toMember(Accounts.partner)?.message.contains("not an active member") == true)
    try await room.join(Accounts.partner)
    #expect(await toMember(Accounts.partner)?.message.contains("default result configuration") == true)
    try await room.setDefault(Accounts.partner)
    #expect(await toMember(Accounts.partner) == nil)
  }

  @Test func aFullQueueRefusesWithoutATrace() async throws {
    var limits = CoordinatorLimits()
    limits.concurrentQueries = 1
    let room = try await TestRoom(try TestCoordinator(limits: limits))
    try await room.publishBoth()
    let scheduler = room.coordinator.services.scheduler
    for _ in 0..<scheduler.capacity { #expect(scheduler.reserve(newID()) == .made) }
    let error = await apiError { try await room.start(room.request()) }
    #expect(error?.type == "ServiceQuotaExceededException")
    #expect(error?.status == 402)
    #expect(try recorded(room) == 0)
  }

  @Test func aWaitingQueryIsCancelledAtOnceAndOnlyByItsRunner() async throws {
    let room = try await room()
    try await room.setDefault(Accounts.partner)
    let request = room.request(receivers: [Accounts.partner])
    try await room.start(
      request, output: .object(["member": .object(["accountId": .string(Accounts.partner.value)])]))
    func cancel(_ account: AccountID) async throws -> JSONValue {
      try await room.coordinator.call(
        "UpdateProtectedQuery",
        .object([
          "membershipIdentifier": room.membership(account),
          "protectedQueryIdentifier": .string(request.id.value),
          "targetStatus": .string("CANCELLED"),
        ]), from: account)
    }
    #expect(await apiError { _ = try await cancel(Accounts.partner) }?.status == 403)
    #expect(try await cancel(Accounts.retailer)["protectedQuery"]?["status"]?.string == "CANCELLED")
    let again = await apiError { _ = try await cancel(Accounts.retailer) }
    #expect(again?.status == 409)
    #expect(again?.body["reason"]?.string == "INVALID_STATE")
  }

  @Test func whoIsNeitherRunnerNorReceiverFindsNoQuery() async throws {
    let room = try await room()
    let request = room.request()
    try await room.start(request)
    #expect(await apiError { _ = try await room.get(request.id, as: Accounts.third) }?.status == 404)
    #expect(await apiError { _ = try await room.get(newID(), as: Accounts.retailer) }?.status == 404)
  }

  @Test func listsFilterByStatusAndKnowCompleted() async throws {
    let room = try await room()
    try await room.start(room.request())
    func list(_ status: String?, extended: Bool = true) async throws -> Int? {
      try await room.coordinator.call(
        "ListProtectedQueries",
        .object([
          "membershipIdentifier": room.membership(Accounts.retailer), "status": status.map { .string($0) },
        ]),
        from: Accounts.retailer, extended: extended)["protectedQueries"]?.array?.count
    }
    #expect(try await list(nil) == 1)
    #expect(try await list("SUBMITTED") == 1)
    #expect(try await list("COMPLETED") == 0)
    #expect(await apiError { _ = try await list("COMPLETED", extended: false) }?.status == 400)
  }
}
