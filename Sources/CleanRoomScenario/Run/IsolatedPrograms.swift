import CleanRoomEngine
import Foundation

/// Programs and libraries where every user of an isolated run can reach them.
struct IsolatedPrograms: Sendable {
  private let folder: String
  /// Somebody who is nobody else.
  private let user: UInt32

  init(folder: RunFolder, isolation: Isolation) throws {
    self.folder = folder.path + "/programs"
    user = try isolation.cell(RunRoom.coordinator).user
  }

  private func canReach(_ path: String, _ test: String) -> Bool {
    SystemTool.succeeds(Isolation.asUser(user) + ["--", "test", test, path])
  }

  /// - Throws: `RunProblem` when the work folder is in a place that others may not enter.
  func check(_ workFolder: String) throws {
    guard canReach(workFolder, "-x") else {
      throw RunProblem(
        "The users of an isolated run cannot enter \(workFolder). Choose a --workdir in a folder that every user may enter, such as /tmp."
      )
    }
  }

  /// The program, or a copy of it.
  func program(_ path: String) throws -> String {
    canReach(path, "-x") ? path : try copy(path)
  }

  /// The engine's library, or a copy of it with what lies beside it.
  func engine() throws -> String {
    let library = try DuckDBLibrary.path()
    guard !canReach(library, "-r") else { return library }
    let from = (library as NSString).deletingLastPathComponent
    for name in ["libpython-stub.so", "httpfs.duckdb_extension"]
    where FileManager.default.fileExists(atPath: from + "/" + name) {
      _ = try copy(from + "/" + name)
    }
    return try copy(library)
  }

  private func copy(_ path: String) throws -> String {
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let target = folder + "/" + (path as NSString).lastPathComponent
    if !files.fileExists(atPath: target) { try files.copyItem(atPath: path, toPath: target) }
    _ = chmod(target, 0o755)
    return target
  }
}
