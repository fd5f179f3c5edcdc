import CleanRoomReport

/// What must hold at the end of a run.
struct ClosingChecks: Sendable {
  let room: RunRoom
  let ledgers: [(record: LedgerRecord, problem: String?)]
  /// Daemons that did not run before they were stopped.
  let down: [Down]
  /// nil when the run was not captured.
  let disclosure: DisclosureRecord?

  struct Down: Sendable {
    var name: String
    var reason: String
    /// Nobody had asked for it.
    var isAccident: Bool

    var text: String { "\(name): \(reason)" }
  }

  /// The file's checks, and what nobody should have to ask for.
  func run() -> [CheckRecord] {
    var records = room.scenario.checks.map(run)
    let accidents = down.filter(\.isAccident).map(\.text)
    if !room.scenario.checks.contains(.allRunning), !accidents.isEmpty {
      records.append(record(Self.name(.allRunning), accidents, good: ""))
    }
    if !room.scenario.checks.contains(.nothingDisclosed), disclosure != nil {
      records.append(disclosed(Self.name(.nothingDisclosed)))
    }
    return records
  }

  /// As it is before anything has been looked at.
  static func notRun(_ scenario: Scenario) -> [CheckRecord] {
    scenario.checks.map { CheckRecord(name: name($0), outcome: .notRun, detail: "the run ended before") }
  }

  private static func name(_ check: ScenarioCheck) -> String {
    switch check {
    case .ledgersIntact: "ledgers"
    case .nothingDisclosed: "disclosure"
    case .results: "results"
    case .allRunning: "daemons"
    }
  }

  private func run(_ check: ScenarioCheck) -> CheckRecord {
    let name = Self.name(check)
    switch check {
    case .ledgersIntact:
      let broken = ledgers.compactMap { ledger in ledger.problem.map { "\(ledger.record.party): \($0)" } }
      let lines = ledgers.map(\.record.lines).reduce(0, +)
      return record(name, broken, good: "intact, \(lines) lines of \(ledgers.count) parties")
    case .nothingDisclosed: return disclosed(name)
    case .results(let counts):
      let wrong = counts.sorted { $0.key < $1.key }.compactMap { party, count in miscounted(party, count) }
      return record(name, wrong, good: "every party holds the results it should")
    case .allRunning: return record(name, down.map(\.text), good: "all \(room.daemons.count) serve")
    }
  }

  static func down(_ room: RunRoom) -> [Down] {
    room.daemons.values.filter { !$0.isRunning }.sorted { $0.name < $1.name }.map { daemon in
      Down(
        name: daemon.name, reason: daemon.accident ?? "it does not run", isAccident: daemon.accident != nil)
    }
  }

  private func record(_ name: String, _ problems: [String], good: String) -> CheckRecord {
    CheckRecord(
      name: name, outcome: problems.isEmpty ? .met : .unmet,
      detail: problems.isEmpty ? good : problems.joined(separator: "; "))
  }

  private func miscounted(_ party: String, _ count: Int) -> String? {
    guard let found = try? ResultFiles(configuration: room.folder.configuration(of: room.party(party))).all.count,
      found != count
    else { return nil }
    return "\(party) should hold \(count) results and holds \(found)"
  }

  private func disclosed(_ name: String) -> CheckRecord {
    guard let disclosure else {
      return CheckRecord(name: name, outcome: .notRun, detail: "nothing was captured; run with --capture")
    }
    let bytes = disclosure.links.map(\.clearBytesSent).reduce(0, +)
    let found = disclosure.findings.map { "\($0.party) \($0.table).\($0.column) in \($0.encoding) at \($0.place)" }
    return record(
      name, found + disclosure.unlisted, good: "nothing withheld was found in \(bytes) bytes that were sent")
  }
}
