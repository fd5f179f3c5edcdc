import CleanRoomModel
import Foundation
import Yams

/// Where a run lives: the consortium, the parties' files, logs.
struct RunFolder: Sendable {
  let path: String
  /// Whether the user named it.
  let isGiven: Bool

  /// - Parameter given: must not exist, or be empty; a temporary one, yet to be made, when nil.
  static func choose(_ given: String?) throws -> RunFolder {
    try given.map(named) ?? RunFolder(path: temporary(), isGiven: false)
  }

  /// A temporary folder is made here, so that whoever has to remove it can be told before.
  func make() throws {
    let files = FileManager.default
    do {
      if !isGiven {
        try files.createDirectory(
          atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      }
      try files.createDirectory(atPath: logs, withIntermediateDirectories: true)
    } catch {
      throw RunProblem("The folder \(path) cannot be made. Free some space, or set TMPDIR.")
    }
  }

  private static func named(_ given: String) throws -> RunFolder {
    let path = URL(fileURLWithPath: given).standardizedFileURL.path
    let existing = try? FileManager.default.contentsOfDirectory(atPath: path)
    guard existing?.isEmpty ?? !FileManager.default.fileExists(atPath: path) else {
      throw RunProblem("\(path) exists already and is not empty. Choose another --workdir.")
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunProblem("\(path) cannot be made. Choose a --workdir that you may write to.")
    }
    return RunFolder(path: path, isGiven: true)
  }

  private static func temporary() -> String {
    let base = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    return base + "/cleanroom-scenario-" + UUID().uuidString.lowercased()
  }

  var consortium: String { path + "/consortium" }
  var logs: String { path + "/logs" }
  var preparation: String { path + "/prepared" }
  var capture: String { path + "/capture" }

  func party(_ party: ScenarioParty) -> String { consortium + "/members/" + party.account }
  var coordinator: String { consortium + "/coordinator" }

  func configuration(of party: ScenarioParty) -> String { self.party(party) + "/member.yaml" }
  var coordinatorConfiguration: String { coordinator + "/coordinator.yaml" }

  /// A file or folder, or all that is in a folder, to its place.
  static func copy(_ source: String, to target: String) throws {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: source, isDirectory: &isFolder) else {
      throw RunProblem("\(source) does not exist. Correct the path in the scenario file.")
    }
    do {
      if isFolder.boolValue {
        try files.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: source) {
          try copy(source + "/" + name, to: target + "/" + name)
        }
      } else {
        let folder = (target as NSString).deletingLastPathComponent
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
        try files.copyItem(atPath: source, toPath: target)
      }
    } catch let problem as RunProblem {
      throw problem
    } catch {
      throw RunProblem("\(source) cannot be copied to \(target). Check permissions and free space.")
    }
  }
}

/// Puts further settings into a YAML configuration.
enum ConfigurationMerge {
  /// - Parameter changes: YAML texts; a later one's settings win.
  static func merge(_ file: String, _ changes: [String]) throws {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8), var node = try? Yams.compose(yaml: text) else {
      throw RunProblem("\(file) cannot be read.")
    }
    for change in changes {
      if let other = try? Yams.compose(yaml: change) { node = merged(node, other) }
    }
    let merged = try Yams.serialize(node: node, width: -1)
    try Data(merged.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
  }

  static func merged(_ base: Node, _ other: Node) -> Node {
    guard case .mapping(var base) = base, case .mapping(let other) = other else { return other }
    for (key, value) in other { base[key] = base[key].map { merged($0, value) } ?? value }
    return .mapping(base)
  }
}
