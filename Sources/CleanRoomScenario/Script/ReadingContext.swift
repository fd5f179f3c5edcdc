import CleanRoomDaemon

/// All that is wrong with a scenario file, in the order of its lines.
public struct ScenarioProblems: Error, CustomStringConvertible {
  public let problems: [ConfigurationError]

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What the reading of one file has found so far.
final class ReadingContext {
  /// Paths count from here.
  let folder: String
  private(set) var problems: [ConfigurationError] = []
  private(set) var parties: [String] = []
  /// What `${…}` may name at the step that is being read.
  private(set) var names: Set<String> = ["run.seed", "run.folder", "coordinator.folder"]

  init(folder: String) { self.folder = folder }

  func add(_ problem: ConfigurationError) {
    // One mistake in an anchored mapping shows wherever it is used; once is enough.
    guard !problems.contains(where: { ($0.place, $0.problem) == (problem.place, problem.problem) }) else { return }
    problems.append(problem)
  }

  /// Runs a part of the reading; its error does not keep the other parts from being read.
  func attempt<Value>(_ body: () throws(ConfigurationError) -> Value) -> Value? {
    do {
      return try body()
    } catch {
      add(error)
      return nil
    }
  }

  func finish(_ reader: YAMLReader) { reader.unknownKeys().forEach(add) }

  func know(parties ids: [String]) {
    parties = ids
    for id in ids { names.formUnion(["account", "name", "abilities", "member", "folder"].map { "\(id).\($0)" }) }
  }

  func know(saved: [String]) { names.formUnion(saved) }

  /// A party's id, checked.
  func party(_ value: YAMLValue) throws(ConfigurationError) -> String {
    try known(try value.string(), among: parties, what: "party", at: value)
  }

  /// A party's id that is a key of the mapping, checked.
  func knownParty(_ id: String, in reader: YAMLReader) throws(ConfigurationError) -> String {
    guard !parties.contains(id) else { return id }
    let guess = Misspelling.closest(to: id, among: parties).map { "Did you mean \($0)? " } ?? ""
    throw reader.fail(id, "is not a known party", "\(guess)Known here: \(parties.joined(separator: ", "))")
  }

  func partyOrCoordinator(_ value: YAMLValue) throws(ConfigurationError) -> String {
    try known(try value.string(), among: parties + ["coordinator"], what: "party", at: value)
  }

  func known(_ name: String, among words: [String], what: String, at value: YAMLValue)
    throws(ConfigurationError) -> String
  {
    guard !words.contains(name) else { return name }
    let guess = Misspelling.closest(to: name, among: words).map { "Did you mean \($0)? " } ?? ""
    throw value.fail("names the unknown \(what) \(name)", "\(guess)Known here: \(words.joined(separator: ", "))")
  }

  /// The text, with its references checked.
  func text(_ value: YAMLValue) throws(ConfigurationError) -> String {
    let text = try value.string()
    guard let parts = References.parts(text) else {
      throw value.fail("has a reference that is not closed", "Write ${NAME}, or $${ for a literal ${")
    }
    for case .reference(let name) in parts where !names.contains(name) {
      if parties.contains(name) {
        throw value.fail(
          "refers to a whole party with ${\(name)}", "Write ${\(name).account}, .name, .abilities, .member or .folder")
      }
      let guess = Misspelling.closest(to: name, among: names.sorted())
      throw value.fail(
        "refers to ${\(name)}, which no earlier step saves",
        guess.map { "Did you mean ${\($0)}?" } ?? "Save it in an earlier step, or write $${ for a literal ${")
    }
    return text
  }
}
