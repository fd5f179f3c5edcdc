import CleanRoomModel
import Foundation

/// A folder that is gone when the test is over.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "cleanroom-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Every file below, relative.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: file($0), isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}

/// `00000000-0000-0000-0000-00000000000N`.
func uuid(_ number: Int) -> String { "00000000-0000-0000-0000-" + String(format: "%012d", number) }

func mode(_ path: String) -> mode_t? {
  var status = stat()
  return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
}
