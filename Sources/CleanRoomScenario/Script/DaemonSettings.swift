import CleanRoomDaemon
import Yams

/// A party's settings of member.yaml, kept as text for its daemon. What lies deeper is the daemon's to judge.
enum MemberSettings {
  private static let byRun = ["account", "name", "identity", "state", "coordinator"]

  static func text(_ value: YAMLValue?) throws(ConfigurationError) -> String {
    guard let value else { return "" }
    let reader = try value.mapping()
    for key in reader.keys where byRun.contains(key) {
      throw reader.fail(key, "is set by the run", "Remove it")
    }
    for key in ["catalog", "region", "results"] { _ = reader.optional(key) }
    if let api = try reader.optional("api")?.mapping() {
      _ = try api.optional("mode")?.choice(["extended", "strict"])
      try api.finish()
    }
    if let limits = try reader.optional("limits")?.mapping() {
      for key in ["memory", "spill"] { _ = try limits.optional(key)?.bytes() }
      _ = try limits.optional("threads")?.integer(minimum: 1)
      try limits.finish()
    }
    try reader.finish()
    return try YAMLText.text(value)
  }
}

/// The section `coordinator`.
enum CoordinatorSettings {
  static func limits(_ root: YAMLReader) throws(ConfigurationError) -> String? {
    guard let section = try root.optional("coordinator")?.mapping() else { return nil }
    let value = section.optional("limits")
    try section.finish()
    guard let value else { return nil }
    let limits = try value.mapping()
    for key in ["queryMemory", "querySpill"] { _ = try limits.optional(key)?.bytes() }
    for key in ["queryTime", "memberWait", "agreementWait", "deliveryWait"] {
      _ = try limits.optional(key)?.duration()
    }
    _ = try limits.optional("concurrentQueries")?.integer(minimum: 1)
    try limits.finish()
    return try YAMLText.text(value)
  }
}

/// YAML for a part of a file, with its anchors and merges resolved.
enum YAMLText {
  static func text(_ value: YAMLValue) throws(ConfigurationError) -> String {
    do {
      return try Yams.serialize(node: node(value.node), width: -1, allowUnicode: true)
    } catch {
      throw value.fail("cannot be written as YAML again", "Use plain text and mappings only")
    }
  }

  private static func node(_ part: YAMLNode) -> Node {
    switch part.content {
    case .scalar(let text, let isPlain): Node(text, .implicit, isPlain ? .plain : .doubleQuoted)
    case .sequence(let elements): Node(elements.map(node), .implicit, .block)
    case .mapping(let entries):
      // What is empty counts as absent, and would come back as an empty text.
      Node(entries.filter { !$0.value.isEmpty }.map { (Node($0.name), node($0.value)) }, .implicit, .block)
    }
  }
}
