import CleanRoomModel
import Foundation
import Synchronization

/// A daemon of the run.
final class RunDaemon: Sendable {
  /// How it is started.
  struct Plan: Sendable {
    /// A party's id, or `coordinator`.
    var name: String
    /// What comes before this program in every command that runs as this party.
    var prefix: [String]
    var program: String
    /// `member` or `coordinator`.
    var role: String
    var configuration: String
    var environment: [String: String]
    var folder: String
    /// Folder of logs.
    var logs: String

    func command(_ arguments: [String]) -> [String] { prefix + [program] + arguments }
  }

  private struct State {
    var plan: Plan
    var process: ChildProcess?
    var cleanup: Int?
    var isPaused = false
    /// Where the log began when it was started last.
    var logStart: UInt64 = 0
    /// Ended because the scenario says so.
    var isEndedOnPurpose = false
  }

  private static let readyLimit: Duration = .seconds(30)
  private static let stopLimit: Duration = .seconds(15)

  let name: String
  private let cleanup: Cleanup
  private let state: Mutex<State>

  init(_ plan: Plan, cleanup: Cleanup) {
    name = plan.name
    self.cleanup = cleanup
    state = Mutex(State(plan: plan))
  }

  var plan: Plan { state.withLock { $0.plan } }

  /// From the next start on.
  func change(_ change: (inout Plan) -> Void) { state.withLock { change(&$0.plan) } }

  var log: String { plan.logs + "/\(name).log" }

  /// Runs and is not paused.
  var isServing: Bool { state.withLock { $0.process?.isRunning == true && !$0.isPaused } }

  var isRunning: Bool { state.withLock { $0.process?.isRunning ?? false } }

  var process: ChildProcess? { state.withLock { $0.process } }

  /// How it ended without anybody having asked for it; nil when all is well.
  var accident: String? {
    state.withLock { state in
      guard !state.isEndedOnPurpose, let ending = state.process?.ending else { return nil }
      return switch ending {
      case .code(let code): "it ended with exit code \(code)"
      case .signal(let number): "it was ended by signal \(number)"
      }
    }
  }

  /// Returns when it serves.
  func start() async throws {
    guard !isRunning else { return }
    let plan = plan
    let output = plan.logs + "/\(name).out"
    let logStart = Self.length(log)
    let process = try await ChildProcess.start(
      .init(
        arguments: plan.command([plan.role, "--config", plan.configuration]), environment: plan.environment,
        folder: plan.folder, output: output,
        errors: plan.logs + "/\(name).log"))
    state.withLock { state in
      state.process = process
      state.cleanup = cleanup.add(.kill(process.id))
      (state.isPaused, state.isEndedOnPurpose, state.logStart) = (false, false, logStart)
    }
    try await waitUntilReady(process, output)
  }

  private func waitUntilReady(_ process: ChildProcess, _ output: String) async throws {
    let deadline = ContinuousClock.now + Self.readyLimit
    while ContinuousClock.now < deadline {
      if let text = try? String(contentsOfFile: output, encoding: .utf8), text.contains("\n") { return }
      guard process.isRunning else {
        throw RunProblem("The daemon of \(name) did not start: \(lastWords()) See \(log).")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RunProblem(
      "The daemon of \(name) was not ready within \(Int(Self.readyLimit.seconds)) s. See \(log).")
  }

  /// The message of the log's last line.
  private func lastWords() -> String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    guard let line = text.split(whereSeparator: \.isNewline).last,
      let fields = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    else { return "it said nothing." }
    return fields["message"] ?? "it said nothing."
  }

  // MARK: Signals

  func kill() async {
    await end(with: SIGKILL)
  }

  /// Politely; by force where that does not help in time.
  func stop() async {
    await end(with: SIGTERM)
  }

  private func end(with number: Int32) async {
    let process = state.withLock { state in
      state.isEndedOnPurpose = true
      return state.process
    }
    guard let process else { return }
    // One that is paused would not notice.
    if number != SIGKILL { process.signal(SIGCONT) }
    process.signal(number)
    if await process.ended(within: Self.stopLimit) == nil {
      process.signal(SIGKILL)
      _ = await process.ended()
    }
    let forgotten = state.withLock { state in
      defer { (state.cleanup, state.isPaused) = (nil, false) }
      return state.cleanup
    }
    if let forgotten { cleanup.forget(forgotten) }
  }

  func pause() {
    state.withLock { state in
      state.isPaused = true
      state.process?.signal(SIGSTOP)
    }
  }

  func resume() {
    state.withLock { state in
      state.isPaused = false
      state.process?.signal(SIGCONT)
    }
  }

  /// Credentials, certificates and revocations are read again; returns when the daemon has said so.
  /// - Returns: false if it refused, or said nothing in time.
  @discardableResult
  func reload() async -> Bool {
    guard let process, process.isRunning else { return true }
    let before = Self.length(log)
    process.signal(SIGHUP)
    let deadline = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < deadline {
      let said = logged(after: before)
      if said.contains("were read again") { return true }
      if said.contains("reload refused") { return false }
      await Rest.take(.milliseconds(10))
    }
    return false
  }

  private static func length(_ path: String) -> UInt64 {
    (try? FileHandle(forReadingAtPath: path)?.seekToEnd()) ?? 0
  }

  /// What it has written since its last start.
  func logged() -> String { logged(after: state.withLock { $0.logStart }) }

  private func logged(after offset: UInt64) -> String {
    guard let file = FileHandle(forReadingAtPath: log) else { return "" }
    try? file.seek(toOffset: offset)
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
  }
}
