import CleanRoomDaemon
import Foundation

/// One mapping of a YAML file. Keys that nobody asked for by the time of `finish` are refused, so that a misspelled
/// key is never silently without effect. Every error names file, line and column.
public final class YAMLReader {
  /// The mapping itself.
  public let value: YAMLValue
  public let entries: [YAMLNode.Entry]
  private var asked: Set<String> = []

  /// Reads a whole file.
  public static func open(_ file: String) throws(ConfigurationError) -> YAMLReader {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw ConfigurationError(file: file, problem: "cannot be read", remedy: "Name an existing YAML file in UTF-8")
    }
    return try YAMLReader(text: text, file: file)
  }

  /// - Parameter file: the name for errors.
  public convenience init(text: String, file: String) throws(ConfigurationError) {
    try self.init(YAMLValue(node: YAMLNode.parse(text, file: file), file: file, path: ""))
  }

  init(_ value: YAMLValue) throws(ConfigurationError) {
    guard case .mapping(let entries) = value.node.content else {
      throw value.fail("should be a mapping of keys to values", "Write KEY: VALUE lines under it")
    }
    self.value = value
    self.entries = entries
  }

  /// The names of all keys, in order; for mappings whose keys are names of the user's.
  public var keys: [String] { entries.map(\.name) }

  /// The value of a key; nil when the key is absent or has nothing behind it.
  public func optional(_ key: String) -> YAMLValue? {
    asked.insert(key)
    guard let entry = entries.first(where: { $0.name == key }), !entry.value.isEmpty else { return nil }
    return YAMLValue(node: entry.value, file: value.file, path: value.member(key))
  }

  public func required(_ key: String) throws(ConfigurationError) -> YAMLValue {
    guard let value = optional(key) else { throw missing(key) }
    return value
  }

  /// All keys with their values, where the keys are names of the user's.
  public func all() -> [(name: String, value: YAMLValue)] {
    entries.map { entry in
      asked.insert(entry.name)
      return (entry.name, YAMLValue(node: entry.value, file: value.file, path: value.member(entry.name)))
    }
  }

  /// Lets keys stand that nobody reads.
  public func ignore(where isIgnored: (String) -> Bool) { asked.formUnion(keys.filter(isIgnored)) }

  /// Refuses keys that were never asked for.
  public func finish() throws(ConfigurationError) {
    if let first = unknownKeys().first { throw first }
  }

  /// An error for each key that was never asked for.
  public func unknownKeys() -> [ConfigurationError] {
    let known = asked.filter { name in !keys.contains(name) || optional(name) != nil }.sorted()
    return entries.filter { !asked.contains($0.name) }.map { entry in
      let guess = Misspelling.closest(to: entry.name, among: known).map { "Did you mean \($0)? " } ?? ""
      return fail(entry.name, "is not a known key", "\(guess)Known here: \(known.joined(separator: ", "))")
    }
  }

  /// An error at a key of this mapping.
  public func fail(_ key: String, _ problem: String, _ remedy: String) -> ConfigurationError {
    let place = entries.first { $0.name == key }?.place ?? value.node.place
    return ConfigurationError(
      file: value.file, place: place, key: value.member(key), problem: problem, remedy: remedy)
  }

  private func missing(_ key: String) -> ConfigurationError {
    guard let entry = entries.first(where: { $0.name == key }) else {
      let unknown = keys.filter { !asked.contains($0) }
      let guess = Misspelling.closest(to: key, among: unknown)
      return fail(key, "is missing", guess.map { "Did you write \($0) for it? Correct the spelling" } ?? "Add it")
    }
    return fail(entry.name, "has no value", "Write one behind the colon")
  }
}
