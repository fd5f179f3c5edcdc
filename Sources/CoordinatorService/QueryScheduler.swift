import CleanRoomModel
import Logging
import Synchronization

/// Runs submitted queries, a bounded number at a time, in the order of submission.
final class QueryScheduler: Sendable {
  /// Queries that may wait besides those that run.
  static let waitingLimit = 100

  private struct State {
    var waiting: Set<QueryID> = []
    var running: [QueryID: AsyncStream<Void>.Continuation] = [:]
  }

  private let book: QueryBook
  private let executor: QueryExecutor
  private let slots: Int
  private let timeLimit: Duration
  private let state = Mutex(State())
  private let queue: AsyncStream<QueryID>
  private let enqueue: AsyncStream<QueryID>.Continuation
  private let logger: Logger

  init(book: QueryBook, executor: QueryExecutor, slots: Int, timeLimit: Duration, logger: Logger) {
    self.book = book
    self.executor = executor
    self.slots = slots
    self.timeLimit = timeLimit
    self.logger = logger
    (queue, enqueue) = AsyncStream.makeStream()
  }

  /// Takes a place in the queue before the query is recorded, so that a full queue refuses without a trace.
  func reserve(_ id: QueryID) -> Bool {
    state.withLock { state in
      guard state.waiting.count < Self.waitingLimit + max(slots - state.running.count, 0) else { return false }
      state.waiting.insert(id)
      return true
    }
  }

  func release(_ id: QueryID) { state.withLock { _ = $0.waiting.remove(id) } }

  func submit(_ id: QueryID) { enqueue.yield(id) }

  /// Stops a query that was asked to be cancelled, wherever it stands.
  func cancel(_ id: QueryID) async {
    let signal = state.withLock { $0.running[id] }
    if let signal {
      signal.yield()
    } else {
      await executor.end(id, with: .cancelled)
    }
  }

  func run() async {
    let (free, freed) = AsyncStream<Void>.makeStream()
    for _ in 0..<slots { freed.yield() }
    var slot = free.makeAsyncIterator()
    await withDiscardingTaskGroup { group in
      for await id in queue {
        guard await slot.next() != nil else { return }
        group.addTask {
          await self.execute(id)
          freed.yield()
        }
      }
    }
  }

  func stop() { enqueue.finish() }

  private func execute(_ id: QueryID) async {
    let (signal, continuation) = AsyncStream<Void>.makeStream()
    state.withLock { state in
      state.waiting.remove(id)
      state.running[id] = continuation
    }
    defer { state.withLock { $0.running[id] = nil } }
    guard let record = try? book.apply(.started, to: id) else { return }
    let event = await outcome(of: record, cancelled: signal)
    await executor.end(id, with: event)
  }

  private enum Ending: Sendable {
    case finished(QueryEvent)
    case timedOut
    case cancelled
  }

  /// The work, its deadline and its cancellation race; the losers are stopped.
  private func outcome(of record: QueryRecord, cancelled: AsyncStream<Void>) async -> QueryEvent {
    let ending = await withTaskGroup(of: Ending.self, returning: Ending.self) { group in
      group.addTask { .finished(await self.executor.work(record)) }
      group.addTask {
        try? await Task.sleep(for: self.timeLimit)
        return .timedOut
      }
      group.addTask {
        for await _ in cancelled { break }
        return .cancelled
      }
      let first = await group.next() ?? .timedOut
      group.cancelAll()
      return first
    }
    // Whatever ended first, it was the daemon's own end that ended it.
    guard !Task.isCancelled else { return .failed(.coordinatorRestarted) }
    switch ending {
    case .finished(let event): return event
    case .cancelled: return .cancelled
    case .timedOut:
      return .timedOut(
        QueryFailure(
          code: .timeLimit,
          message: "The query ran longer than \(timeLimit). Narrow it, or raise limits.queryTime at the coordinator."))
    }
  }
}
