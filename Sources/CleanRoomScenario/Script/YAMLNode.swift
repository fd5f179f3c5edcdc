import CleanRoomDaemon
import Yams

/// A part of a YAML file with its place. Anchors and `<<` merges are resolved.
public struct YAMLNode: Sendable {
  public enum Content: Sendable {
    /// Quoted, folded and literal text is text; a plain scalar may mean a number, a truth value or nothing.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// No name occurs twice.
    case mapping([Entry])
  }

  public struct Entry: Sendable {
    public var name: String
    /// Of the name.
    public var place: ConfigurationError.Place
    public var value: YAMLNode
  }

  public var content: Content
  public var place: ConfigurationError.Place

  /// `key:` with nothing behind it.
  public var isEmpty: Bool {
    if case .scalar("", isPlain: true) = content { true } else { false }
  }

  /// - Parameter file: the name for errors.
  public static func parse(_ text: String, file: String) throws(ConfigurationError) -> YAMLNode {
    var composer = YAMLComposer(file: file)
    return try composer.compose(text)
  }
}

private struct YAMLComposer {
  let file: String
  private var count = 0
  /// Aliases of aliases can make a short file immense.
  private static let nodeLimit = 500_000

  init(file: String) { self.file = file }

  mutating func compose(_ text: String) throws(ConfigurationError) -> YAMLNode {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw syntaxError(error)
    }
    guard let root else { throw fail(nil, "is empty", "Begin with a sample from Configs/") }
    return try node(root)
  }

  private func fail(_ place: ConfigurationError.Place?, _ problem: String, _ remedy: String) -> ConfigurationError {
    ConfigurationError(file: file, place: place, problem: problem, remedy: remedy)
  }

  private func syntaxError(_ error: any Error) -> ConfigurationError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let place = ConfigurationError.Place(line: mark.line, column: mark.column)
      return fail(place, "not well-formed YAML: \(problem)", "Correct the syntax here, or the indentation just above")
    case .duplicatedKeysInMapping(let names, let context):
      let place = ConfigurationError.Place(line: context.mark.line, column: context.mark.column)
      return fail(place, "the key \(names.joined(separator: ", ")) occurs twice in one mapping", "Remove one")
    default: return fail(nil, "is not well-formed YAML", "Save it as UTF-8 and correct its syntax")
    }
  }

  private func place(_ node: Node) -> ConfigurationError.Place {
    ConfigurationError.Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  private mutating func node(_ node: Node) throws(ConfigurationError) -> YAMLNode {
    count += 1
    guard count <= Self.nodeLimit else {
      throw fail(place(node), "the file's aliases repeat too much", "Use fewer of them")
    }
    let place = place(node)
    switch node {
    case .scalar(let scalar):
      return YAMLNode(content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
    case .sequence(let sequence):
      var elements: [YAMLNode] = []
      for element in sequence { elements.append(try self.node(element)) }
      return YAMLNode(content: .sequence(elements), place: place)
    case .mapping(let mapping): return YAMLNode(content: .mapping(try entries(mapping)), place: place)
    case .alias: throw fail(place, "this alias refers to nothing", "Give its target an anchor with &")
    }
  }

  private mutating func entries(_ mapping: Node.Mapping) throws(ConfigurationError) -> [YAMLNode.Entry] {
    var own: [YAMLNode.Entry] = []
    var merged: [YAMLNode.Entry] = []
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else { throw fail(place(key), "this key is not text", "Quote the key") }
      guard scalar.string != "<<" || scalar.style != .plain else {
        merged += try merge(value)
        continue
      }
      guard !own.contains(where: { $0.name == scalar.string }) else {
        throw fail(place(key), "the key \(scalar.string) occurs twice in one mapping", "Remove one")
      }
      own.append(YAMLNode.Entry(name: scalar.string, place: place(key), value: try node(value)))
    }
    // What stands in the mapping itself wins, then what was merged first.
    for entry in merged where !own.contains(where: { $0.name == entry.name }) { own.append(entry) }
    return own
  }

  private mutating func merge(_ value: Node) throws(ConfigurationError) -> [YAMLNode.Entry] {
    switch value {
    case .mapping(let mapping): return try entries(mapping)
    case .sequence(let sequence):
      var all: [YAMLNode.Entry] = []
      for element in sequence { all += try merge(element) }
      return all
    default: throw fail(place(value), "<< can only merge mappings", "Name the anchor of a mapping: <<: *name")
    }
  }
}
