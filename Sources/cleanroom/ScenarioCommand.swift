import ArgumentParser
import CleanRoomReport
import CleanRoomScenario
import Foundation

struct ScenarioCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    abstract: "Run scripted situations of several organizations on real daemons, and report what left whom.",
    subcommands: [RunScenario.self, CheckScenario.self, ShowScenarioSchema.self, KeepScenario.self])
}

struct RunScenario: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a scenario file and compare what happens with what it expects.",
    discussion: """
      Starts one daemon per party and the coordinator as processes of their own, runs the steps, and stops everything, \
      also when interrupted. Exit code 0: all as expected, 1: not, with the step, what was expected and what was seen; \
      78: the file is not right.
      """)

  @Argument(help: "The scenario file (YAML).")
  var file: String

  @Option(help: ArgumentHelp("Keep the consortium, its files and logs in this folder.", valueName: "dir"))
  var workdir: String?

  @Option(help: ArgumentHelp("Write a report of the run: one HTML page.", valueName: "file"))
  var report: String?

  @Flag(help: "Record what crosses the sockets and search it for everything that must not leave.")
  var capture = false

  @Flag(help: "Each daemon as a user and in a network of its own; needs root.")
  var isolate = false

  @Option(help: "Instead of the file's seed.")
  var seed: UInt64?

  func run() async throws {
    try await Failure.reporting {
      let scenario = try ScenarioFile.read(file, seed: seed)
      var options = RunOptions(program: Self.program, version: Program.configuration.version)
      (options.workFolder, options.isCaptured, options.isIsolated) = (workdir, capture, isolate)
      let outcome = try await ScenarioRunner(scenario, options, progress: .standard()).run()
      if let report, !outcome.isInterrupted { try write(outcome.record, to: report) }
      if let folder = outcome.keptFolder { print("The run's files and logs are in \(folder).") }
      try end(outcome, scenario)
    }
  }

  /// The file of this very process, whatever became of the path it was started by.
  private static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }

  private func write(_ record: RunRecord, to path: String) throws {
    do {
      try Data(Report.html(record).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw RunProblem("The report \(path) cannot be written. Name a file in a folder that you may write to.")
    }
    print("The report is in \(path).")
  }

  private func end(_ outcome: RunOutcome, _ scenario: Scenario) throws {
    if outcome.isInterrupted { throw Failure.report("interrupted; everything has been stopped", code: ExitCode(130)) }
    if let problem = outcome.problem { throw problem }
    if let text = RunFailureText.text(outcome.record, scenario) { throw Failure.report(text) }
    print("All \(outcome.record.steps.count) steps and \(outcome.record.checks.count) checks came out as expected.")
  }
}

private enum ScenarioFile {
  /// All of it, made-up data included.
  static func read(_ file: String, seed: UInt64? = nil) throws -> Scenario {
    var scenario = try ScenarioReader.read(file)
    if let seed { scenario.seed = seed }
    _ = try scenario.dataPlan()
    return scenario
  }
}

struct CheckScenario: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a scenario file, say whether it is right, and run nothing.")

  @Argument(help: "The scenario file (YAML).")
  var file: String

  func run() async throws {
    try await Failure.reporting {
      let scenario = try ScenarioFile.read(file)
      print(
        "\(file): \(scenario.parties.count) parties, \(scenario.steps.count) steps, right as far as reading can tell.")
    }
  }
}

struct ShowScenarioSchema: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of scenario files, for editors.")

  func run() async throws { print(ScenarioSchema.text, terminator: "") }
}

struct KeepScenario: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keep", abstract: "Clean up after a run that was killed; started by every run.", shouldDisplay: false)

  func run() { Keeper.run() }
}
