import CleanRoomAPI
import CleanRoomReport
import Foundation

/// Runs the steps, each to the outcome that the file expects, up to the first that is not met.
struct StepRunner: Sendable {
  let room: RunRoom
  let values: RunValues
  let faults: FaultInjector
  let calls: CallRunner
  let record: RunRecording
  let progress: Progress

  init(_ room: RunRoom, _ values: RunValues, faults: FaultInjector, record: RunRecording, progress: Progress) {
    (self.room, self.values, self.faults, self.record, self.progress) = (room, values, faults, record, progress)
    calls = CallRunner(room: room, values: values)
  }

  /// - Returns: whether every step came out as expected.
  func run() async -> Bool {
    for (index, step) in room.scenario.steps.enumerated() {
      guard !Task.isCancelled, await run(step, "\(index + 1)") else { return false }
    }
    return true
  }

  private func run(_ step: ScenarioStep, _ number: String) async -> Bool {
    guard case .parallel(let steps) = step.action else {
      let done = await runOne(step, number)
      record.put(done)
      if done.outcome != .notRun { progress.ended(done, of: room.scenario.steps.count) }
      return done.outcome == .met
    }
    return await withTaskGroup(of: Bool.self) { group in
      for (index, step) in steps.enumerated() {
        group.addTask { await run(step, "\(number).\(index + 1)") }
      }
      return await group.reduce(true) { $0 && $1 }
    }
  }

  private func runOne(_ step: ScenarioStep, _ number: String) async -> StepRecord {
    var record = StepText.record(step, number)
    let began = ContinuousClock.now
    do {
      let end = try await withTimeLimit(step.limit) { try await perform(step.action) }
      (record.answer, record.query) = (end.answer, end.query)
      if let mismatch = end.mismatch {
        (record.outcome, record.expected, record.seen) = (.unmet, mismatch.expected, mismatch.seen)
      } else {
        record.outcome = .met
      }
    } catch is TimeLimitReached {
      record.outcome = .unmet
      (record.expected, record.seen) = ("an end within \(StepText.text(step.limit))", "it was still going on")
    } catch is CancellationError {
      record.outcome = .notRun
    } catch {
      record.outcome = .unmet
      (record.expected, record.seen) = ("the step to be carried out", StepText.words(error))
    }
    record.seconds = (ContinuousClock.now - began).seconds
    return record
  }

  private func perform(_ action: StepAction) async throws -> StepEnd {
    switch action {
    case .call(let call): return try await calls.run(call)
    case .fault(let fault): return StepEnd(answer: try await faults.inject(fault))
    case .wait(let duration):
      try await Task.sleep(for: duration)
      return StepEnd(answer: "")
    case .parallel: return StepEnd(answer: "")
    }
  }
}

/// How a step ended.
struct StepEnd: Sendable {
  var answer: String
  var mismatch: Mismatch?
  var query: QueryRecord?
}

struct TimeLimitReached: Error {}

/// Runs `body`, or gives up after `limit`.
func withTimeLimit<Result: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Result)
  async throws -> Result
{
  try await withThrowingTaskGroup(of: Result.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw TimeLimitReached()
    }
    defer { group.cancelAll() }
    guard let first = try await group.next() else { throw CancellationError() }
    return first
  }
}
