import CleanRoomModel
import CleanRoomTransport
import Logging
import Synchronization

/// Runs submitted queries, a bounded number at a time, in the order of submission.
final class QueryScheduler: Sendable {
  /// Queries that may wait besides those that run.
  static let waitingLimit = 100

  enum Reservation { case made, full, stopping }

  private struct State {
    var waiting: Set<QueryID> = []
    var running: [QueryID: AsyncStream<QueryEvent>.Continuation] = [:]
    var isStopping = false
  }

  private let book: QueryBook
  private let executor: QueryExecutor
  private let slots: Int
  private let timeLimit: Duration
  private let logger: Logger
  private let state = Mutex(State())
  private let queue: AsyncStream<QueryID>
  private let enqueue: AsyncStream<QueryID>.Continuation

  init(book: QueryBook, executor: QueryExecutor, slots: Int, timeLimit: Duration, logger: Logger) {
    self.book = book
    self.executor = executor
    self.slots = slots
    self.timeLimit = timeLimit
    self.logger = logger
    (queue, enqueue) = AsyncStream.makeStream()
  }

  /// Running and waiting queries together.
  var capacity: Int { slots + Self.waitingLimit }

  /// Takes a place in the queue before the query is recorded, so that a full queue refuses without a trace.
  func reserve(_ id: QueryID) -> Reservation {
    state.withLock { state in
      if state.isStopping { return .stopping }
      guard state.waiting.count + state.running.count < capacity else { return .full }
      state.waiting.insert(id)
      return .made
    }
  }

  func release(_ id: QueryID) { state.withLock { _ = $0.waiting.remove(id) } }

  func submit(_ id: QueryID) { enqueue.yield(id) }

  /// Ends a query early, wherever it stands.
  func stop(_ id: QueryID, with event: QueryEvent) async {
    let signal = state.withLock { state in
      state.waiting.remove(id)
      return state.running[id]
    }
    if let signal {
      signal.yield(event)
    } else {
      await executor.end(id, with: event)
    }
  }

  /// Ends every query and takes no more; `run` returns once they have ended.
  func shutDown() async {
    let open = state.withLock { state in
      state.isStopping = true
      return state.waiting.union(state.running.keys)
    }
    enqueue.finish()
    for id in open { await stop(id, with: .failed(.coordinatorStopped)) }
  }

  /// Runs queries until `shutDown`.
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

  private func execute(_ id: QueryID) async {
    let (stops, stop) = AsyncStream<QueryEvent>.makeStream()
    state.withLock { state in
      state.waiting.remove(id)
      state.running[id] = stop
    }
    defer { state.withLock { $0.running[id] = nil } }
    do {
      guard let record = try book.apply(.started, to: id) else {
        // Stopped while it waited; if it was just being cancelled, this completes it.
        return await executor.end(id, with: .cancelled)
      }
      await executor.end(id, with: await outcome(of: record, stops))
    } catch {
      logger.error("a query could not be started", metadata: ["query": "\(id)"])
      await executor.end(id, with: .failed(.unforeseen))
    }
  }

  /// The work, its deadline and its early end race; the losers are stopped.
  private func outcome(of record: QueryRecord, _ stops: AsyncStream<QueryEvent>) async -> QueryEvent {
    let (executor, timeLimit) = (executor, timeLimit)
    return await withTaskGroup(of: QueryEvent.self) { group in
      group.addTask { await executor.work(record) }
      group.addTask {
        do {
          try await Pause.sleep(for: timeLimit)
          return .timedOut(.tooLong(timeLimit))
        } catch {
          return .failed(.coordinatorStopped)
        }
      }
      group.addTask {
        for await event in stops { return event }
        return .failed(.coordinatorStopped)
      }
      let first = await group.next() ?? .failed(.unforeseen)
      group.cancelAll()
      return first
    }
  }
}
