import Foundation

/// Programs of the system that do their work at once.
enum SystemTool {
  static func isThere(_ name: String) -> Bool {
    guard !name.contains("/") else { return access(name, X_OK) == 0 }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  /// - Throws: `RunProblem` with the program's own words.
  static func run(_ arguments: [String]) throws {
    let (code, text) = perform(arguments)
    guard code == 0 else {
      throw RunProblem("`\(arguments.joined(separator: " "))` failed: \(text.isEmpty ? "it did not say why" : text)")
    }
  }

  static func succeeds(_ arguments: [String]) -> Bool { perform(arguments).code == 0 }

  static func output(_ arguments: [String]) throws -> String {
    let (code, text) = perform(arguments)
    guard code == 0 else { throw RunProblem("`\(arguments.joined(separator: " "))` failed: \(text)") }
    return text
  }

  private static func perform(_ arguments: [String]) -> (code: Int32, output: String) {
    let file = NSTemporaryDirectory() + "cleanroom-\(UUID().uuidString)"
    defer { unlink(file) }
    let launch = ChildProcess.Launch(arguments: arguments, folder: "/", output: file, errors: file)
    guard let id = try? Spawn.spawn(launch) else { return (127, "there is no such program") }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return (status, text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
