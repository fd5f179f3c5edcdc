import Foundation
import Yams

/// One mapping of a YAML configuration. Keys that nobody asked for by the time of `finish` are refused, so that a
/// misspelled setting is never silently without effect.
public final class ConfigurationReader {
  public let file: String
  private let path: String
  private let entries: [(key: String, node: Node)]
  private var asked: Set<String> = []

  /// Reads a whole file.
  public static func open(_ file: String) throws(ConfigurationError) -> ConfigurationReader {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw ConfigurationError(file: file, problem: "cannot be read", remedy: "Name an existing YAML file")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw ConfigurationError(
        file: file, problem: "is not well-formed YAML\(place(of: error))", remedy: "Correct the file's syntax")
    }
    guard let node else {
      throw ConfigurationError(file: file, problem: "is empty", remedy: "Begin with a sample from Configs/")
    }
    return try ConfigurationReader(node, file: file, path: "")
  }

  private static func place(of error: any Error) -> String {
    guard let error = error as? YamlError else { return "" }
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      return " (line \(mark.line), column \(mark.column))"
    case .duplicatedKeysInMapping(_, let context):
      return " (a key occurs twice, line \(context.mark.line))"
    default: return ""
    }
  }

  private init(_ node: Node, file: String, path: String) throws(ConfigurationError) {
    self.file = file
    self.path = path
    guard case .mapping(let mapping) = node else {
      throw ConfigurationError(
        file: file, key: path.isEmpty ? nil : path, problem: "should be a mapping of keys to values",
        remedy: "See the samples under Configs/")
    }
    var entries: [(key: String, node: Node)] = []
    for (key, value) in mapping {
      guard let name = key.string else {
        throw ConfigurationError(file: file, key: path, problem: "has a key that is not text", remedy: "Quote the key")
      }
      guard !entries.contains(where: { $0.key == name }) else {
        throw ConfigurationError(file: file, key: path, problem: "has the key \(name) twice", remedy: "Remove one")
      }
      entries.append((name, value))
    }
    self.entries = entries
  }

  /// The names of all keys, in order; for mappings whose keys are names of the user's.
  public var keys: [String] { entries.map(\.key) }

  /// Refuses keys that were never asked for.
  public func finish() throws(ConfigurationError) {
    for (key, _) in entries where !asked.contains(key) {
      throw fail(key, "is not a known key", "Remove it; known here: \(asked.sorted().joined(separator: ", "))")
    }
  }

  public func fail(_ key: String, _ problem: String, _ remedy: String) -> ConfigurationError {
    ConfigurationError(file: file, key: path.isEmpty ? key : path + "." + key, problem: problem, remedy: remedy)
  }

  private func missing(_ key: String) -> ConfigurationError {
    let unknown = keys.filter { !asked.contains($0) }
    guard let close = Misspelling.closest(to: key, among: unknown) else {
      return fail(key, "is missing", "Add it; see the samples under Configs/")
    }
    return fail(key, "is missing", "The key \(close) is not known here: if it is meant, correct its spelling")
  }

  private func node(_ key: String) -> Node? {
    asked.insert(key)
    guard let node = entries.first(where: { $0.key == key })?.node else { return nil }
    // `key:` with nothing behind it counts as absent.
    if case .scalar(let scalar) = node, scalar.string.isEmpty, scalar.style == .plain { return nil }
    return node
  }

  // MARK: Values

  public func has(_ key: String) -> Bool { node(key) != nil }

  public func optionalString(_ key: String) throws(ConfigurationError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let scalar) = node else { throw fail(key, "should be a single value", "Write it as text") }
    return scalar.string
  }

  public func string(_ key: String) throws(ConfigurationError) -> String {
    guard let value = try optionalString(key) else {
      throw missing(key)
    }
    return value
  }

  public func optionalMapping(_ key: String) throws(ConfigurationError) -> ConfigurationReader? {
    guard let node = node(key) else { return nil }
    return try ConfigurationReader(node, file: file, path: path.isEmpty ? key : path + "." + key)
  }

  public func mapping(_ key: String) throws(ConfigurationError) -> ConfigurationReader {
    guard let mapping = try optionalMapping(key) else {
      throw missing(key)
    }
    return mapping
  }

  /// A path, made absolute: relative ones count from the configuration file's folder.
  public func path(_ key: String) throws(ConfigurationError) -> String { absolute(try string(key)) }

  public func optionalPath(_ key: String) throws(ConfigurationError) -> String? {
    try optionalString(key).map(absolute)
  }

  private func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    return folder.appendingPathComponent(path).standardizedFileURL.path
  }
}
