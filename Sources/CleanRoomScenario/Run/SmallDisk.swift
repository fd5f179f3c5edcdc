import Foundation

/// A disk that can be filled: a file system of its own, in memory, under the folders that a daemon writes to.
struct SmallDisk: Sendable {
  private static let size = 64 << 20
  private static let ballast = "/.ballast"

  private let room: RunRoom
  private let name: String

  init(_ room: RunRoom, _ name: String) {
    (self.room, self.name) = (room, name)
  }

  /// Names whose disk a scenario fills.
  static func needed(by scenario: Scenario) -> Set<String> {
    var names: Set<String> = []
    for fault in scenario.faults { if case .fillDisk(let name) = fault { names.insert(name) } }
    return names
  }

  private func folder() throws -> String { try room.identityFolder(name) + "/state" }

  /// Before the daemon is started for the first time.
  func mount() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let mount = ["mount", "-t", "tmpfs", "-o", "size=\(Self.size),mode=0700", "tmpfs", folder]
    room.cleanup.add(.run(["umount", folder]))
    try SystemTool.run(mount)
  }

  /// - Returns: how much room was taken.
  func fill() throws -> String {
    let path = try folder() + Self.ballast
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw RunProblem("\(path) cannot be made.") }
    defer { close(descriptor) }
    let block = [UInt8](repeating: 0, count: 4096)
    var written = 0
    while true {
      let count = write(descriptor, block, block.count)
      if count > 0 {
        written += count
        guard written <= Self.size else { throw RunProblem("The disk of \(name) was not mounted by this run.") }
      } else if errno == ENOSPC {
        return "\(written >> 20) MiB taken, none left"
      } else if errno != EINTR {
        throw RunProblem("\(path) cannot be filled (\(String(cString: strerror(errno)))).")
      }
    }
  }

  func free() throws { _ = unlink(try folder() + Self.ballast) }

  /// Keeps what is on the disk beyond its end, for those who look at the work folder.
  func keep() throws {
    let folder = try folder()
    free(folder)
    try SystemTool.run(["cp", "-a", folder, folder + ".kept"])
    try SystemTool.run(["umount", folder])
    try SystemTool.run(["rm", "-rf", folder])
    try SystemTool.run(["mv", folder + ".kept", folder])
  }

  private func free(_ folder: String) { _ = unlink(folder + Self.ballast) }
}

extension Scenario {
  /// Every fault of every step.
  var faults: [Fault] { steps.flatMap(Self.faults) }

  private static func faults(_ step: ScenarioStep) -> [Fault] {
    switch step.action {
    case .fault(let fault): [fault]
    case .parallel(let steps): steps.flatMap(faults)
    case .call, .wait: []
    }
  }
}
