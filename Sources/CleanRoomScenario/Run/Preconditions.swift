import Foundation

/// What a machine must have for a scenario, looked at before anything is made.
struct Preconditions: Sendable {
  let scenario: Scenario
  let options: RunOptions

  /// - Throws: `RunProblem` with the remedy.
  func check() throws {
    guard SystemTool.isThere("setpriv") else {
      throw RunProblem("Runs need the program setpriv. Install it: apt-get install util-linux")
    }
    if options.isIsolated { try isolation() }
    if let name = SmallDisk.needed(by: scenario).min(), getuid() != 0 {
      throw RunProblem("The scenario fills the disk of \(name), which needs a small disk. Run it as root, with sudo.")
    }
    let lies = scenario.faults.contains { if case .lie = $0 { true } else { false } }
    if lies { _ = try LyingCoordinator.find(beside: options.program) }
    if scenario.preparation != nil, !SystemTool.isThere("python3") {
      throw RunProblem("The scenario's preparation needs Python 3: apt-get install python3-venv")
    }
  }

  private func isolation() throws {
    guard getuid() == 0 else {
      throw RunProblem("--isolate makes users and networks of its own, which only root may. Run it with sudo.")
    }
    for tool in ["ip", "nsenter"] where !SystemTool.isThere(tool) {
      throw RunProblem("--isolate needs the program \(tool). Install it: apt-get install iproute2 util-linux")
    }
  }
}
