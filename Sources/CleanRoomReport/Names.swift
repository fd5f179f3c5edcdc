/// What the parties are called, by the scenario file's short names.
struct Names: Sendable {
  private let names: [String: String]

  init(_ parties: [PartyRecord]) {
    names = Dictionary(parties.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(_ id: String) -> String { names[id] ?? (id == "coordinator" ? "Coordinator" : id) }

  /// `A`, `A and B`, `A, B and C`.
  func list(_ ids: [String]) -> String { Self.list(ids.map { self[$0] }) }

  static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "nobody" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
