import CleanRoomCapture
import CleanRoomDaemon
import CleanRoomReport
import Crypto
import Foundation

/// How a scenario is to be run.
public struct RunOptions: Sendable {
  /// Nil for a temporary folder, which is removed unless something went wrong.
  public var workFolder: String?
  public var isCaptured = false
  public var isIsolated = false
  /// Path of this program, which is every daemon's too.
  public var program: String
  public var version: String

  public init(program: String, version: String) {
    self.program = program
    self.version = version
  }
}

/// What came of a run.
public struct RunOutcome: Sendable {
  public var record: RunRecord
  /// Why the run could not be carried out.
  public var problem: RunProblem?
  public var isInterrupted = false
  /// The work folder, where it was kept.
  public var keptFolder: String?

  public var isAsExpected: Bool { problem == nil && !isInterrupted && record.isAsExpected }
}

/// Runs a scenario on real daemons, and leaves nothing behind.
public struct ScenarioRunner: Sendable {
  private let scenario: Scenario
  private let options: RunOptions
  private let progress: Progress

  public init(_ scenario: Scenario, _ options: RunOptions, progress: Progress) {
    self.scenario = scenario
    self.options = options
    self.progress = progress
  }

  /// - Throws: `RunProblem` when there is not even a folder to run in.
  public func run() async throws -> RunOutcome {
    try Preconditions(scenario: scenario, options: options).check()
    let signals = await DaemonSignals()
    // A daemon that is gone must not take the runner with it.
    signal(SIGPIPE, SIG_IGN)
    let folder = try RunFolder.choose(options.workFolder)
    let cleanup = Cleanup()
    try await cleanup.startKeeper(options.program)
    let removal = folder.isGiven ? nil : cleanup.add(.remove(folder.path))
    do {
      try folder.make()
    } catch {
      cleanup.perform()
      throw error
    }
    let record = RunRecording(scenario, options)
    var outcome = await withTaskGroup(of: RunOutcome?.self) { group in
      group.addTask { await carryOut(folder, cleanup, record) }
      group.addTask {
        guard await signals.first() else { return nil }
        return RunOutcome(record: record.current, isInterrupted: true)
      }
      defer { group.cancelAll() }
      while let first = await group.next() { if let first { return first } }
      return RunOutcome(record: record.current)
    }
    if let removal, !outcome.isAsExpected, !outcome.isInterrupted {
      cleanup.forget(removal)
      outcome.keptFolder = folder.path
    }
    if folder.isGiven { outcome.keptFolder = folder.path }
    cleanup.perform()
    return outcome
  }

  /// Everything between a folder and its removal.
  private func carryOut(_ folder: RunFolder, _ cleanup: Cleanup, _ record: RunRecording) async -> RunOutcome {
    progress.began(scenario)
    do {
      if let preparation = scenario.preparation {
        try await PythonPreparation(
          preparation: preparation, seed: scenario.seed, folder: folder, cleanup: cleanup, progress: progress
        ).run()
      }
      let builder = RoomBuilder(
        scenario: scenario, folder: folder, options: options, cleanup: cleanup, progress: progress)
      let session = RunSession(room: try await builder.build(), record: record, progress: progress)
      try await session.run()
      return RunOutcome(record: record.current)
    } catch {
      return RunOutcome(record: record.current, problem: (error as? RunProblem) ?? RunProblem(StepText.words(error)))
    }
  }
}
