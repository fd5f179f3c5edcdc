import CleanRoomModel
import CleanRoomWire
import Foundation

/// Appends analysis log entries to one file per collaboration, `logs/COLLABORATION.jsonl` in the state folder.
struct AnalysisLogFiles: Sendable {
  let folder: String

  func append(_ entries: AnalysisLogEntries) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = folder + "/" + entries.collaboration.value + ".jsonl"
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let lines = entries.lines.filter { !$0.contains("\n") }.map { $0 + "\n" }.joined()
    try handle.write(contentsOf: Data(lines.utf8))
    try handle.synchronize()
  }
}
