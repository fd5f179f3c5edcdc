import CleanRoomModel
import Testing

@testable import CoordinatorService

@Suite struct QueryLifeTests {
  private static let failure = QueryFailure(code: .memberFailed, message: "It failed.")
  private static let events: [QueryEvent] = [
    .started, .cancelRequested, .cancelled, .succeeded, .failed(failure), .timedOut(failure),
  ]

  @Test func everyTransitionIsOneOfThese() {
    let permitted: [ProtectedQueryStatus: [ProtectedQueryStatus?]] = [
      .submitted: [.started, .cancelling, nil, nil, .failed, .timedOut],
      .started: [nil, .cancelling, nil, .success, .failed, .timedOut],
      .cancelling: [nil, nil, .cancelled, nil, .cancelled, .cancelled],
    ]
    for status in ProtectedQueryStatus.allCases {
      let expected = permitted[status] ?? Array(repeating: nil, count: Self.events.count)
      #expect(Self.events.map { status.after($0) } == expected, "\(status)")
    }
  }

  @Test func aTerminalStatusIsNeverLeft() {
    for status in ProtectedQueryStatus.allCases where status.isTerminal {
      #expect(Self.events.allSatisfy { status.after($0) == nil })
    }
  }

  @Test func withoutACommitThereIsNoSuccess() {
    var record = Self.record()
    record.takes(.started, at: 1)
    record.ignores(.succeeded, at: 2)
    #expect(record.status == .started)
  }

  @Test(arguments: [QueryEvent.cancelled, .failed(failure), .timedOut(failure), .succeeded])
  func aCommittedQueryCanOnlySucceed(_ event: QueryEvent) {
    var record = Self.record()
    record.takes(.started, at: 1)
    record.isCommitted = true
    record.ignores(.cancelRequested, at: 2)
    record.takes(event, at: 3)
    #expect(record.status == .success)
    #expect(record.failure == nil)
    #expect(record.endedAt == Self.time(3))
  }

  @Test func aFailureAfterACancelRequestIsNoFailure() {
    var record = Self.record()
    record.takes(.cancelRequested, at: 1)
    record.takes(.failed(Self.failure), at: 2)
    #expect(record.status == .cancelled)
    #expect(record.failure == nil)
  }

  private static func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

  static func record(
    collaboration: CollaborationID = newID(), output: RequestedOutput? = nil, receivers: [AccountID]? = nil
  ) -> QueryRecord {
    let output =
      output
      ?? RequestedOutput(
        kind: .s3, s3: ResultLocation(bucket: "b", keyPrefix: nil, resultFormat: .csv), members: [])
    return QueryRecord(
      request: QueryRequest(
        id: newID(), collaboration: collaboration, runner: Accounts.retailer, sql: "SELECT 1",
        receivers: receivers ?? output.receivers(runner: Accounts.retailer), requestedAt: time(0)),
      signed: SignedDocument(purpose: .query, payload: [], signature: [], certificate: []),
      membership: newID(),
      output: output, tables: [QueriedTable(name: "ad_impressions", owner: Accounts.partner)], extended: true,
      createdAt: time(0))
  }
}

extension QueryRecord {
  fileprivate mutating func takes(_ event: QueryEvent, at seconds: Int64) {
    let isTaken = apply(event, at: Timestamp(milliseconds: seconds * 1000))
    #expect(isTaken, "\(event)")
  }

  fileprivate mutating func ignores(_ event: QueryEvent, at seconds: Int64) {
    let isTaken = apply(event, at: Timestamp(milliseconds: seconds * 1000))
    #expect(!isTaken, "\(event)")
  }
}
