import CleanRoomModel
import CleanRoomWire
import Foundation

/// Appends analysis log entries to one file per collaboration, `logs/COLLABORATION.jsonl` in the state folder.
struct AnalysisLogFiles: Sendable {
  let folder: String

  /// Bytes of one file; the one before it is kept, so that a collaboration's log takes twice as much at most.
  static let fileLimit = 256 << 20

  private func rotate(_ path: String) throws {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size >= Self.fileLimit, rename(path, path + ".1") != 0 else { return }
    throw CocoaError(.fileWriteUnknown)
  }

  func append(_ entries: AnalysisLogEntries) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = folder + "/" + entries.collaboration.value + ".jsonl"
    try rotate(path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let lines = entries.lines.filter { !$0.contains("\n") }.map { $0 + "\n" }.joined()
    try handle.write(contentsOf: Data(lines.utf8))
    try handle.synchronize()
  }
}
