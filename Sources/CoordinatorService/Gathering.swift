import CleanRoomEngine
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomTransport
import CleanRoomWire
import Synchronization

/// Collects the fragments of one query from their owners' data connections into the query's own engine.
final class Gathering: Sendable {
  enum Event: Sendable {
    case finished(table: String)
    case failed(QueryFailure)
  }

  private struct Progress {
    var opened: Set<String> = []
    var finished: Set<String> = []
  }

  private struct OutOfOrder: Error {}

  private let fragments: [String: Fragment]
  private let database: GatherDatabase
  private let room: Room
  private let limits: EngineLimits
  private let progress = Mutex(Progress())
  private let stop = StopSignal()
  let events: AsyncStream<Event>
  private let report: AsyncStream<Event>.Continuation

  init(plan: QueryPlan, database: GatherDatabase, room: Room, limits: EngineLimits) {
    fragments = Dictionary(plan.fragments.map { ($0.table, $0) }) { first, _ in first }
    self.database = database
    self.room = room
    self.limits = limits
    (events, report) = AsyncStream.makeStream()
  }

  /// Reads one fragment to its end, or until the query ends. An owner that sends anything but what the plan
  /// says is cut off.
  func accept(_ stream: LinkStream, header: ReleaseHeader, from account: AccountID) async {
    guard let fragment = fragments[header.table], fragment.owner == account,
      header.columns == fragment.released,
      progress.withLock({ $0.opened.insert(header.table).inserted })
    else { return await stream.abort("this release was not asked for") }
    await stop.limiting { await self.gather(fragment, from: stream) }
  }

  private func gather(_ fragment: Fragment, from stream: LinkStream) async {
    do {
      try await receive(fragment, from: stream)
      progress.withLock { _ = $0.finished.insert(fragment.table) }
      report.yield(.finished(table: fragment.table))
    } catch {
      report.yield(.failed(failure(of: fragment, error)))
      await stream.abort("the coordinator stopped reading")
    }
  }

  private func receive(_ fragment: Fragment, from stream: LinkStream) async throws {
    let contents = fragment.columns.map(\.use.content)
    var expected: UInt64 = 0
    while let frame = try await stream.receive() {
      let (batch, sequence) = try BatchCodec.decode(frame, expecting: contents)
      guard sequence == expected else { throw OutOfOrder() }
      expected += 1
      try await database.append(batch, to: fragment.gatheredTable)
    }
  }

  private func failure(of fragment: Fragment, _ error: any Error) -> QueryFailure {
    switch error {
    case let error as EngineError: QueryFailure(error, limits: limits)
    case LinkError.failed(let reason): failure(of: fragment, Wording.bounded(reason))
    case is BatchError: failure(of: fragment, "it sent a batch that is not well formed")
    case is OutOfOrder: failure(of: fragment, "it sent batches out of order")
    default: failure(of: fragment, "its data connection ended before the release was complete")
    }
  }

  private func failure(of fragment: Fragment, _ reason: String) -> QueryFailure {
    QueryFailure(
      code: .memberFailed,
      message:
        "Member \(room.label(fragment.owner)) could not release table \(fragment.table): \(Wording.sentence(reason))"
    )
  }

  /// An owner whose connection is gone will not complete what it has not completed.
  func lose(_ account: AccountID) {
    let finished = progress.withLock { $0.finished }
    for fragment in fragments.values where fragment.owner == account && !finished.contains(fragment.table) {
      report.yield(.failed(failure(of: fragment, "its connection ended")))
    }
  }

  /// The owner itself says that it cannot release.
  func fail(_ table: String, of account: AccountID, reason: String) {
    guard let fragment = fragments[table], fragment.owner == account else { return }
    report.yield(.failed(failure(of: fragment, Wording.bounded(reason))))
  }

  func close() {
    stop.raise()
    report.finish()
  }
}
