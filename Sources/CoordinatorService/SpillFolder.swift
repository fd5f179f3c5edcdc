import Foundation

/// The folder of one query's encrypted temporary files; it is gone when the query is.
struct SpillFolder: Sendable {
  let path: String

  /// - Throws: when the state folder cannot be written.
  init(in folder: String, name: String) throws {
    path = folder + "/" + name
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Removes what a crash has left.
  static func clear(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }
}
