import Synchronization

/// Ends work that other tasks do for a query when the query ends, however that work is held up.
final class StopSignal: Sendable {
  private struct State {
    var isRaised = false
    var last = 0
    var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
  }

  private let state = Mutex(State())

  func raise() {
    let waiting = state.withLock { state in
      state.isRaised = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.finish() }
  }

  /// Runs `body`, which is cancelled when the signal is raised, or at once if it has been.
  func limiting(_ body: @escaping @Sendable () async -> Void) async {
    let (signal, continuation) = AsyncStream<Never>.makeStream()
    let key = enter(continuation)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await body() }
      group.addTask { for await _ in signal {} }
      await group.next()
      group.cancelAll()
    }
    state.withLock { _ = $0.waiting.removeValue(forKey: key) }
  }

  private func enter(_ continuation: AsyncStream<Never>.Continuation) -> Int {
    state.withLock { state in
      state.last += 1
      if state.isRaised { continuation.finish() } else { state.waiting[state.last] = continuation }
      return state.last
    }
  }
}
