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
    case failed(owner: AccountID, table: String, reason: String)
  }

  private let fragments: [String: Fragment]
  private let database: GatherDatabase
  private let opened = Mutex<Set<String>>([])
  private let finished = Mutex<Set<String>>([])
  let events: AsyncStream<Event>
  private let report: AsyncStream<Event>.Continuation

  init(plan: QueryPlan, database: GatherDatabase) {
    fragments = Dictionary(uniqueKeysWithValues: plan.fragments.map { ($0.table, $0) })
    self.database = database
    (events, report) = AsyncStream.makeStream()
  }

  /// Reads one fragment to its end. An owner that sends anything but what the plan says is cut off.
  func accept(_ stream: LinkStream, header: ReleaseHeader, from account: AccountID) async {
    guard let fragment = fragments[header.table], fragment.owner == account,
      header.columns == fragment.released,
      opened.withLock({ $0.insert(header.table).inserted })
    else {
      await stream.abort("this release was not asked for")
      return
    }
    do {
      try await receive(fragment, from: stream)
      finished.withLock { _ = $0.insert(fragment.table) }
      report.yield(.finished(table: fragment.table))
    } catch {
      await stream.abort("the coordinator stopped reading")
      report.yield(.failed(owner: account, table: fragment.table, reason: Self.reason(error)))
    }
  }

  private func receive(_ fragment: Fragment, from stream: LinkStream) async throws {
    let contents = fragment.columns.map(\.use.content)
    var expected: UInt64 = 0
    while let frame = try await stream.receive() {
      let (batch, sequence) = try BatchCodec.decode(frame, expecting: contents)
      guard sequence == expected else { throw QueryFailure.outOfOrder }
      expected += 1
      try await database.append(batch, to: fragment.gatheredTable)
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case LinkError.failed(let message), LinkError.closed(let message): message
    case let error as EngineError where error.kind == .outOfMemory:
      "the coordinator's limits.queryMemory and limits.querySpill are too small for this query"
    case is BatchError: "it sent a batch that is not well formed"
    case let failure as QueryFailure: failure.message
    default: "the connection ended before the release was complete"
    }
  }

  /// An owner whose connection is gone will not complete what it has not completed.
  func lose(_ account: AccountID, reason: String) {
    for fragment in fragments.values where fragment.owner == account && !finished.withLock({ $0.contains(fragment.table) }) {
      report.yield(.failed(owner: account, table: fragment.table, reason: reason))
    }
  }

  func fail(_ table: String, of account: AccountID, reason: String) {
    guard fragments[table]?.owner == account else { return }
    report.yield(.failed(owner: account, table: table, reason: reason))
  }

  func close() { report.finish() }
}

extension QueryFailure {
  fileprivate static let outOfOrder = QueryFailure(
    code: .memberFailed, message: "it sent batches out of order")
}
