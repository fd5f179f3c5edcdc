import NIOCore
import NIOPosix

/// Runs `body`, or gives up after `limit`.
func withLimit<Result: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Pause.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let first = try await group.next(), let result = first else { throw LinkError.timedOut }
    return result
  }
}

/// For limits that are seldom reached and often set. A cancelled `Task.sleep` stays in the runtime's queue until it
/// would have been due: at thousands of requests a second, tens of megabytes.
public enum Pause {
  /// - Throws: `CancellationError`, at once, when the task is cancelled.
  public static func sleep(for duration: Duration) async throws {
    let due = Mailbox<Never>()
    let timer = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: TimeAmount(duration)) { due.close() }
    defer { timer.cancel() }
    _ = try await due.take()
  }
}
