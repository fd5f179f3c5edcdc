import CleanRoomModel
import CleanRoomWire
import Foundation
import Testing

@testable import MemberService

@Suite final class AnalysisLogFilesTests {
  private let files = AnalysisLogFiles(folder: NSTemporaryDirectory() + "cleanroom-logs-" + UUID().uuidString)
  private let collaboration: CollaborationID = .random()

  deinit { try? FileManager.default.removeItem(atPath: files.folder) }

  private func append(_ lines: String...) throws {
    try files.append(AnalysisLogEntries(collaboration: collaboration, lines: lines))
  }

  private var path: String { files.folder + "/\(collaboration).jsonl" }

  private func content(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  @Test func entriesFollowEachOther() throws {
    try append("{1}", "{2}")
    try append("{3}")
    #expect(content(path) == "{1}\n{2}\n{3}\n")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test(arguments: ["{}\n{}", "{}\r\n{}", "\n"]) func anEntryIsOneLine(entry: String) throws {
    try append("{1}", entry)
    #expect(content(path) == "{1}\n")
  }

  /// Two files at most, however much comes.
  @Test func aFullFileMakesRoom() throws {
    try append("{old}")
    for _ in 0..<2 {
      #expect(truncate(path, off_t(AnalysisLogFiles.fileLimit)) == 0)
      try append("{new}")
      #expect(content(path) == "{new}\n")
      let size = try FileManager.default.attributesOfItem(atPath: path + ".1")[.size] as? Int
      #expect(size == AnalysisLogFiles.fileLimit)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder).count == 2)
  }
}
