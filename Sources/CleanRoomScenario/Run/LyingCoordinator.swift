import Foundation

/// Puts a program in the coordinator's place that has its identity and its documents, and lies. It is built for tests
/// and is no part of a release.
struct LyingCoordinator: Sendable {
  static let program = "cleanroom-lying-coordinator"
  /// What it lies about.
  static let variable = "CLEANROOM_LIE"

  private let room: RunRoom

  init(_ room: RunRoom) { self.room = room }

  func begin(_ lie: String) async throws {
    let coordinator = try room.daemon(RunRoom.coordinator)
    let program = try Self.find(beside: room.program)
    await coordinator.stop()
    coordinator.change { plan in
      plan.program = program
      plan.environment[Self.variable] = lie
    }
    try await coordinator.start()
  }

  func end() async throws {
    let coordinator = try room.daemon(RunRoom.coordinator)
    await coordinator.stop()
    coordinator.change { plan in
      plan.program = room.program
      plan.environment[Self.variable] = nil
    }
    try await coordinator.start()
  }

  /// - Throws: `RunProblem` with how to build it.
  static func find(beside program: String) throws -> String {
    let named = ProcessInfo.processInfo.environment["CLEANROOM_LYING_COORDINATOR"]
    let path = named ?? (program as NSString).deletingLastPathComponent + "/" + Self.program
    guard access(path, X_OK) == 0 else {
      throw RunProblem(
        "The scenario needs the lying coordinator, and \(path) is not there. Build it with: swift build --product \(Self.program)"
      )
    }
    return path
  }
}
