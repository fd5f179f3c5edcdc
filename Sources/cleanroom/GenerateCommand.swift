import ArgumentParser
import CleanRoomDaemon
import CleanRoomScenario
import CleanRoomSynthetic
import Foundation

extension DataFormat: ExpressibleByArgument {}

struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Make up realistic tables of several parties about people whom they partly share.",
    discussion: """
      FILE is a scenario file, or a YAML file with `seed` and `data` only. Each table is written to \
      OUTPUT/PARTY/FILE. Equal seeds give equal files.
      """)

  @Argument(help: "The YAML file whose `data` describes the tables.")
  var file: String

  @Option(help: "The folder to write into; made if missing.")
  var output = "generated"

  @Option(help: "In place of the file's seed.")
  var seed: UInt64?

  @Option(help: "csv or parquet, for all tables, in place of what the files' endings say.")
  var format: DataFormat?

  @Flag(help: "Write over files that exist.")
  var overwrite = false

  func run() async throws {
    try await Failure.reporting {
      let plan = try DataSpecificationReader.open(file, seed: seed, format: format)
      let folder = URL(fileURLWithPath: output).standardizedFileURL.path
      do {
        try await write(try DataFiles(plan, replacing: overwrite) { "\(folder)/\($0)" }, plan)
      } catch let problem as DataFileProblem {
        throw Failure.report(problem.description)
      } catch is CancellationError {
        throw Failure.report("Stopped. Files that were not whole have been removed.", code: ExitCode(130))
      }
    }
  }

  /// An interrupt cancels the work, which then removes what is not whole.
  private func write(_ files: DataFiles, _ plan: DataPlan) async throws {
    let signals = await DaemonSignals()
    let written = try await withThrowingTaskGroup(of: [DataFiles.Written].self) { group in
      group.addTask { try await files.write() }
      group.addTask {
        await signals.untilStopped {}
        throw CancellationError()
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
    for file in written { print(Self.line(file)) }
    for line in Self.overlaps(plan.generator.tables) { print(line) }
    print("Seed \(plan.specification.seed).")
  }

  private static func line(_ file: DataFiles.Written) -> String {
    let people = file.people.map { ", \($0) people" } ?? ""
    let seconds = Double(file.time.components.seconds) + Double(file.time.components.attoseconds) / 1e18
    return "\(file.path): \(file.rows) rows\(people), \(file.bytes) bytes, \(String(format: "%.1f", seconds)) s"
  }

  /// Of tables of different parties.
  private static func overlaps(_ tables: [TableGenerator]) -> [String] {
    tables.indices.flatMap { index in
      tables[..<index].compactMap { other in
        let table = tables[index]
        guard table.name.party != other.name.party, let people = table.people, other.people != nil else { return nil }
        let shared = table.sharedPeople(with: other)
        let share = String(format: "%.1f", Double(shared) * 100 / Double(people))
        return "\(shared) people (\(share)%) of \(table.name) occur in \(other.name)."
      }
    }
  }
}
