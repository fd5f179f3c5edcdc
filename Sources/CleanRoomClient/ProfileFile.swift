import CleanRoomDaemon
import Foundation

/// A file in the format of `~/.aws/config` and `~/.aws/credentials`: sections of settings, and settings of settings
/// where lines are indented.
struct ProfileFile: Sendable {
  /// By section (`profile acme`), then by name; a nested setting has the name `outer.inner`.
  private let sections: [String: [String: String]]

  /// An absent file has no sections.
  static func read(_ path: String) throws(ConfigurationError) -> ProfileFile {
    guard FileManager.default.fileExists(atPath: path) else { return ProfileFile(sections: [:]) }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw ConfigurationError(file: path, problem: "cannot be read", remedy: "Give yourself read permission")
    }
    return try ProfileFile(text, path: path)
  }

  private init(sections: [String: [String: String]]) { self.sections = sections }

  init(_ text: String, path: String) throws(ConfigurationError) {
    var sections: [String: [String: String]] = [:]
    var section: String?
    var outer: String?
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
        let name = Self.words(String(line[line.index(after: line.startIndex)..<end]))
        (section, outer) = (name, nil)
        sections[name, default: [:]].merge([:]) { old, _ in old }
        continue
      }
      guard let current = section, let equals = line.firstIndex(of: "=") else {
        throw ConfigurationError(
          file: path, problem: "is not understood at line \(index + 1)", remedy: "Write [section] or name = value")
      }
      let name = line[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
      let value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      let isNested = raw.first?.isWhitespace == true && outer != nil
      if !isNested { outer = value.isEmpty ? name : nil }
      sections[current, default: [:]][isNested ? "\(outer ?? "").\(name)" : name] = value
    }
    self.sections = sections
  }

  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")) }
      .joined(separator: " ")
  }

  subscript(section: String) -> [String: String]? { sections[section] }
}
