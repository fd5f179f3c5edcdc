import Foundation
import Synchronization

/// A process of the run's own. A thread of its own starts it and waits for it: a parent-death signal counts the thread
/// that has made the process, and threads of a pool come and go.
final class ChildProcess: Sendable {
  struct Launch: Sendable {
    /// Program and arguments; the program is looked for in PATH.
    var arguments: [String]
    var environment = ProcessInfo.processInfo.environment
    var folder: String
    /// Files that are written anew, or added to.
    var output: String
    var errors: String
    /// Read end of a pipe; nothing to read when nil.
    var input: Int32?
    /// In a session of its own, which no terminal's interrupt reaches.
    var isApart = false
  }

  enum Ending: Sendable, Equatable {
    case code(Int32), signal(Int32)
  }

  private struct State {
    var ending: Ending?
    var waiting: [CheckedContinuation<Ending, Never>] = []
  }

  let id: pid_t
  private let state = Mutex(State())

  private init(id: pid_t) { self.id = id }

  /// - Throws: `RunProblem` when there is no such program.
  static func start(_ launch: Launch) async throws -> ChildProcess {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        let process: ChildProcess
        do {
          process = ChildProcess(id: try Spawn.spawn(launch))
        } catch {
          return continuation.resume(throwing: error)
        }
        continuation.resume(returning: process)
        process.reap()
      }
    }
  }

  /// Runs a program to its end. What it has started goes with it when the task is cancelled, or the runner is killed.
  static func run(_ launch: Launch, cleanup: Cleanup) async throws -> Ending {
    let process = try await start(launch)
    let number = cleanup.add(.kill(process.id))
    defer { cleanup.forget(number) }
    return await withTaskCancellationHandler {
      await process.ended()
    } onCancel: {
      process.signal(SIGKILL)
    }
  }

  private func reap() {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    let number = status & 0x7F
    let ending = number == 0 ? Ending.code((status >> 8) & 0xFF) : Ending.signal(number)
    let waiting = state.withLock { state in
      state.ending = ending
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(returning: ending) }
  }

  var ending: Ending? { state.withLock { $0.ending } }

  var isRunning: Bool { ending == nil }

  /// Killing takes the process's whole group.
  func signal(_ number: Int32) {
    // Under the lock: a process that has been waited for has no number any more.
    state.withLock { state in
      if state.ending == nil { kill(number == SIGKILL ? -id : id, number) }
    }
  }

  func ended() async -> Ending {
    await withCheckedContinuation { continuation in
      let ending = state.withLock { state in
        if state.ending == nil { state.waiting.append(continuation) }
        return state.ending
      }
      if let ending { continuation.resume(returning: ending) }
    }
  }

  /// - Returns: nil if it still runs after the time.
  func ended(within limit: Duration) async -> Ending? {
    let deadline = ContinuousClock.now + limit
    // Not `Task.sleep` alone: processes are also waited for after the run has been cancelled.
    while isRunning, ContinuousClock.now < deadline { await Rest.take(.milliseconds(10)) }
    return ending
  }
}

/// A pause that a cancelled task takes too.
enum Rest {
  static func take(_ duration: Duration) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + duration.seconds) { continuation.resume() }
    }
  }
}

extension Duration {
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
