import Foundation

/// Looks at a source's files before the engine does, so that what is wrong can be said exactly.
enum SourceFiles {
  private static func isPattern(_ path: String) -> Bool { path.contains { "*?[{".contains($0) } }

  static func check(_ source: TableSource) throws(SourceProblem) {
    for path in source.files {
      if isPattern(path) { try checkPattern(path) } else { try checkFile(path, source) }
    }
  }

  /// `**` is the engine's own; what it matches shows when the engine reads it.
  private static func checkPattern(_ pattern: String) throws(SourceProblem) {
    guard !pattern.contains("**") else { return }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_BRACE, nil, &found) == 0 else {
      throw SourceProblem(
        ownerMessage: "No file matches \(pattern). Correct the source's path in the catalog of member.yaml.",
        publicMessage: "its source files do not exist")
    }
  }

  private static func checkFile(_ path: String, _ source: TableSource) throws(SourceProblem) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw SourceProblem(
        ownerMessage: "There is no file \(path). Correct the source's path in the catalog of member.yaml.",
        publicMessage: "its source file does not exist")
    }
    guard !isFolder.boolValue else {
      throw SourceProblem(
        ownerMessage:
          "\(path) is a folder. Name a file, or a pattern such as \(path)/*.\(source.format.rawValue), in the catalog of member.yaml.",
        publicMessage: "its source is not a file")
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw SourceProblem(
        ownerMessage: "The file \(path) cannot be read by the member daemon. Give it read permission.",
        publicMessage: "its source file cannot be read")
    }
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    guard size != 0 else {
      throw SourceProblem(
        ownerMessage: "The file \(path) is empty. It needs at least a header line.",
        publicMessage: "its source file is empty")
    }
  }

  /// The names in a CSV file's first line.
  static func header(of file: String) -> [String]? {
    guard let handle = FileHandle(forReadingAtPath: file), let start = try? handle.read(upToCount: 1 << 16),
      let line = start.split(separator: UInt8(ascii: "\n")).first,
      let text = String(bytes: line, encoding: .utf8)
    else { return nil }
    return text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" \r\u{FEFF}")) }
  }

  /// The engine could not make out the columns.
  static func unreadable(_ source: TableSource, _ row: RowFault?) -> SourceProblem {
    let files = source.files.joined(separator: ", ")
    let name = source.format.rawValue.uppercased()
    let place = row.map { " (\($0.words(columns: [])))" } ?? ""
    return SourceProblem(
      ownerMessage: isPattern(files)
        ? "Not all files of \(files) are \(name) files with the same columns\(place). Correct the files, or the pattern in the catalog of member.yaml."
        : "\(files) is not a \(name) file that can be read\(place). Correct the file, or the source's format in the catalog of member.yaml.",
      publicMessage: "its source files do not have the configured format")
  }
}
