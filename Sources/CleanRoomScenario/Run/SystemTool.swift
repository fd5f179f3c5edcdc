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
    // No file: one would stay behind when this process is killed.
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return (126, "no pipe can be made") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    let target = "/proc/\(getpid())/fd/\(ends[1])"
    let launch = ChildProcess.Launch(arguments: arguments, folder: "/", output: target, errors: target)
    let started = try? Spawn.spawn(launch)
    close(ends[1])
    guard let id = started else { return (127, "there is no such program") }
    let text = String(decoding: (try? reading.readToEnd()) ?? Data(), as: UTF8.self)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    return (status, text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
