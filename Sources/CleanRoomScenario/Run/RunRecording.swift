import CleanRoomEngine
import CleanRoomReport
import Crypto
import Foundation
import Synchronization

/// The record of a run while it grows.
final class RunRecording: Sendable {
  private let record: Mutex<RunRecord>
  private let began = ContinuousClock.now

  init(_ scenario: Scenario, _ options: RunOptions) {
    let bytes = FileManager.default.contents(atPath: scenario.file) ?? Data()
    let steps = scenario.steps.enumerated().flatMap { StepText.notRun($1, "\($0 + 1)") }
    record = Mutex(
      RunRecord(
        title: scenario.title, story: scenario.story, file: (scenario.file as NSString).lastPathComponent,
        fileSHA256: SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined(), seed: scenario.seed,
        versions: Self.versions(options), startedAt: Date().timeIntervalSince1970, isIsolated: options.isIsolated,
        parties: scenario.parties.map {
          PartyRecord(id: $0.id, account: $0.account, name: $0.name, abilities: $0.abilities)
        }, steps: steps, checks: ClosingChecks.notRun(scenario)))
  }

  private static func versions(_ options: RunOptions) -> [String: String] {
    ["cleanroom": options.version, "DuckDB": DuckDBLibrary.version, "Swift": swift]
  }

  /// Of the compiler, as far as a program can know it.
  private static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "before 6.3"
    #endif
  }

  var current: RunRecord {
    record.withLock { record in
      record.seconds = (ContinuousClock.now - began).seconds
      return record
    }
  }

  func update(_ change: (inout RunRecord) -> Void) { record.withLock { change(&$0) } }

  /// In the place of the step's record.
  func put(_ step: StepRecord) {
    update { record in
      if let index = record.steps.firstIndex(where: { $0.number == step.number }) { record.steps[index] = step }
    }
  }
}
