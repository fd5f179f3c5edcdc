import CleanRoomDaemon
import Foundation

/// Reads a scenario file and checks all that can be checked without running it.
public struct ScenarioReader {
  private let root: YAMLReader
  private let context: ReadingContext

  /// - Throws: `ScenarioProblems` with everything that is wrong, each with its line and a remedy.
  public static func read(_ file: String) throws(ScenarioProblems) -> Scenario {
    let path = URL(fileURLWithPath: file).standardizedFileURL.path
    let root: YAMLReader
    do {
      root = try YAMLReader.open(path)
    } catch {
      throw ScenarioProblems(problems: [error])
    }
    let context = ReadingContext(folder: URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let scenario = ScenarioReader(root: root, context: context).scenario()
    guard context.problems.isEmpty, let scenario else {
      throw ScenarioProblems(
        problems: context.problems.sorted {
          $0.place ?? .init(line: 0, column: 0) < $1.place ?? .init(line: 0, column: 0)
        })
    }
    return scenario
  }

  private func scenario() -> Scenario? {
    root.ignore { $0 == "definitions" || $0.hasPrefix("x-") || $0 == "$schema" }
    let title = context.attempt { () throws(ConfigurationError) in try root.required("title").string() }
    let story = context.attempt { () throws(ConfigurationError) in try root.optional("story")?.string() ?? "" }
    let seed = context.attempt { () throws(ConfigurationError) in try root.optional("seed")?.unsigned() ?? 1 }
    let parties = PartyReader(context: context).parties(root)
    let limits = context.attempt { () throws(ConfigurationError) in try CoordinatorSettings.limits(root) }
    let preparation = context.attempt { () throws(ConfigurationError) in try self.preparation() }
    let data = root.optional("data")
    let steps = self.steps()
    let checks = context.attempt { () throws(ConfigurationError) in try CheckReader(context: context).checks(root) }
    context.finish(root)
    guard let title, let story, let seed, let checks else { return nil }
    return Scenario(
      file: root.value.file, title: title, story: story, seed: seed, coordinatorLimits: limits ?? nil,
      parties: parties, preparation: preparation ?? nil, data: data, steps: steps, checks: checks)
  }

  private func steps() -> [ScenarioStep] {
    let reader = StepReader(context: context)
    let all = context.attempt { () throws(ConfigurationError) in
      let steps = try root.required("steps").elements()
      guard !steps.isEmpty else { throw root.fail("steps", "is empty", "Add a step") }
      return steps
    }
    return (all ?? []).compactMap { value in
      let step = context.attempt { () throws(ConfigurationError) in try reader.step(value) }
      context.know(saved: StepReader.saves(value))
      return step
    }
  }

  private func preparation() throws(ConfigurationError) -> Preparation? {
    guard let value = root.optional("prepare") else { return nil }
    let reader = try value.mapping()
    var packages: [String] = []
    for package in try reader.optional("packages")?.elements() ?? [] {
      let text = try package.string()
      guard text.wholeMatch(of: /[A-Za-z0-9._\[\],-]+==[A-Za-z0-9.+!]+/) != nil else {
        throw package.fail("should be a package with its exact version, not \(text)", "Write NAME==VERSION")
      }
      packages.append(text)
    }
    let script = try ScenarioFile.existing(reader.required("script"), in: context.folder)
    try reader.finish()
    return Preparation(packages: packages, script: script, line: value.line)
  }
}

/// Files beside a scenario file.
enum ScenarioFile {
  /// The absolute path of a file that is there.
  static func existing(_ value: YAMLValue, in folder: String) throws(ConfigurationError) -> String {
    let name = try value.string()
    let path = name.hasPrefix("/") ? name : folder + "/" + name
    guard FileManager.default.fileExists(atPath: path) else {
      throw value.fail("names the file \(name), which does not exist", "Paths count from the scenario file's folder")
    }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// Whether the path stays inside the folder it counts from.
  static func isInside(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
  }
}
