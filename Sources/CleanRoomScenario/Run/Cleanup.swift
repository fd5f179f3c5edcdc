import Foundation
import Synchronization

/// Something that a run has made and that must be gone after it.
enum CleanupAction: Sendable, Codable, Equatable {
  /// A process and its group.
  case kill(pid_t)
  /// A program with arguments.
  case run([String])
  case remove(String)

  /// For what can be done twice; a process's number may be another's by now.
  func performAgain() {
    if case .kill = self { return }
    perform()
  }

  func perform() {
    switch self {
    case .kill(let id): _ = Foundation.kill(-id, SIGKILL)
    case .remove(let path): try? FileManager.default.removeItem(atPath: path)
    case .run(let arguments):
      let launch = ChildProcess.Launch(arguments: arguments, folder: "/", output: "/dev/null", errors: "/dev/null")
      guard let id = try? Spawn.spawn(launch) else { return }
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    }
  }
}

/// What is to be cleaned up, last things first. A second process knows it too, and does it when this one is killed.
final class Cleanup: Sendable {
  private struct State {
    var actions: [(number: Int, action: CleanupAction)] = []
    var next = 0
    var keeper: FileHandle?
  }

  private let state = Mutex(State())

  /// - Parameter program: this program.
  func startKeeper(_ program: String) async throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw RunProblem("No pipe can be made. Close other programs.") }
    defer { close(ends[0]) }
    // No process of the run's may hold the end that tells the keeper that the run is gone.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let launch = ChildProcess.Launch(
      arguments: [program, "scenario", "keep"], folder: "/", output: "/dev/null", errors: "/dev/null", input: ends[0],
      isApart: true)
    _ = try await ChildProcess.start(launch)
    state.withLock { state in
      let keeper = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
      state.keeper = keeper
      for (number, action) in state.actions { Self.tell(keeper, KeeperLine(number: number, action: action)) }
    }
  }

  /// - Returns: a number for `forget`.
  @discardableResult
  func add(_ action: CleanupAction) -> Int {
    state.withLock { state in
      state.next += 1
      state.actions.append((state.next, action))
      Self.tell(state.keeper, KeeperLine(number: state.next, action: action))
      return state.next
    }
  }

  func forget(_ number: Int) {
    state.withLock { state in
      state.actions.removeAll { $0.number == number }
      Self.tell(state.keeper, KeeperLine(number: number, action: nil))
    }
  }

  func perform() {
    let actions = state.withLock { state in
      defer { state.actions = [] }
      return state.actions
    }
    for (number, action) in actions.reversed() {
      action.perform()
      state.withLock { Self.tell($0.keeper, KeeperLine(number: number, action: nil)) }
    }
  }

  private static func tell(_ keeper: FileHandle?, _ line: KeeperLine) {
    guard let keeper, let data = try? JSONEncoder().encode(line) else { return }
    try? keeper.write(contentsOf: data + Data("\n".utf8))
  }
}

/// An action to remember, or to forget.
private struct KeeperLine: Codable {
  var number: Int
  var action: CleanupAction?
}

/// The process that cleans up when a run cannot: it reads what is to be done, and does it when the run is gone.
public enum Keeper {
  public static func run() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    var actions: [(number: Int, action: CleanupAction)] = []
    while let text = readLine() {
      guard let line = try? JSONDecoder().decode(KeeperLine.self, from: Data(text.utf8)) else { continue }
      if let action = line.action {
        actions.append((line.number, action))
      } else {
        actions.removeAll { $0.number == line.number }
      }
    }
    for (_, action) in actions.reversed() { action.perform() }
    // What the run had begun when it was killed, a tool that makes a network perhaps, may have ended only after that.
    Thread.sleep(forTimeInterval: 2)
    for (_, action) in actions.reversed() { action.performAgain() }
  }
}
