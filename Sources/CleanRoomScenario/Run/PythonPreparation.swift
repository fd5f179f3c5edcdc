import Crypto
import Foundation

/// Runs a scenario's own script, in a Python environment that holds its packages and is kept for the next run.
struct PythonPreparation: Sendable {
  let preparation: Preparation
  let seed: UInt64
  let folder: RunFolder
  let cleanup: Cleanup
  let progress: Progress

  private var log: String { folder.logs + "/preparation.log" }

  func run() async throws {
    let python = preparation.packages.isEmpty ? "python3" : try await environment() + "/bin/python"
    progress.say("preparing data with \((preparation.script as NSString).lastPathComponent)")
    try FileManager.default.createDirectory(atPath: folder.preparation, withIntermediateDirectories: true)
    let ending = try await execute(
      [python, preparation.script, "--output", folder.preparation, "--seed", "\(seed)"],
      in: (preparation.script as NSString).deletingLastPathComponent)
    guard ending == .code(0) else {
      throw RunProblem(
        "The preparation script \(preparation.script) failed: \(lastLine()). Its words are in \(keptLog()).")
    }
  }

  /// - Returns: the environment's folder.
  private func environment() async throws -> String {
    let list = preparation.packages.sorted().joined(separator: "\n")
    let hash = SHA256.hash(data: Data(list.utf8)).prefix(6).map { String(format: "%02x", $0) }.joined()
    let place = Self.cache + "/scenario-" + hash
    let done = place + "/complete"
    guard !FileManager.default.fileExists(atPath: done) else { return place }
    progress.say("installing \(preparation.packages.joined(separator: ", ")) in \(place)")
    try? FileManager.default.removeItem(atPath: place)
    try FileManager.default.createDirectory(atPath: Self.cache, withIntermediateDirectories: true)
    let made = try await execute(["python3", "-m", "venv", place], in: "/")
    guard made == .code(0) else {
      throw RunProblem(
        "No Python environment can be made (\(lastLine())). Install Python 3 with its venv module: apt-get install python3-venv"
      )
    }
    let installed = try await execute(
      [place + "/bin/pip", "install", "--disable-pip-version-check", "--no-input"] + preparation.packages, in: "/")
    guard installed == .code(0) else {
      throw RunProblem(
        "The packages \(preparation.packages.joined(separator: ", ")) cannot be installed (\(lastLine())). Check that the package registry can be reached, or name another with PIP_INDEX_URL. See \(keptLog())."
      )
    }
    try Data().write(to: URL(fileURLWithPath: done))
    return place
  }

  static var cache: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.cache"
    return base + "/cleanroom"
  }

  private func execute(_ arguments: [String], in folder: String) async throws -> ChildProcess.Ending {
    try await ChildProcess.run(
      .init(arguments: Site.lifeline + arguments, folder: folder, output: log + ".out", errors: log), cleanup: cleanup)
  }

  private func lastLine() -> String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it said nothing"
  }

  private func keptLog() -> String { log }
}
