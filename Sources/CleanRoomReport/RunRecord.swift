/// All that happened in one run of a scenario: what the report is made from.
public struct RunRecord: Sendable, Codable, Equatable {
  public var title: String
  /// The situation in a few sentences, as the scenario file tells it.
  public var story: String
  /// Name of the scenario file, and its SHA-256 in hexadecimal.
  public var file: String
  public var fileSHA256: String
  public var seed: UInt64
  /// Program and library versions by name: `cleanroom`, `DuckDB`, `Swift`, …
  public var versions: [String: String]
  /// Seconds since 1970.
  public var startedAt: Double
  public var seconds: Double
  public var isIsolated: Bool
  public var parties: [PartyRecord]
  public var steps: [StepRecord]
  public var checks: [CheckRecord]
  public var ledgers: [LedgerRecord]
  /// nil when the run was not captured.
  public var disclosure: DisclosureRecord?

  public init(
    title: String, story: String, file: String, fileSHA256: String, seed: UInt64, versions: [String: String],
    startedAt: Double, seconds: Double = 0, isIsolated: Bool = false, parties: [PartyRecord] = [],
    steps: [StepRecord] = [], checks: [CheckRecord] = [], ledgers: [LedgerRecord] = [],
    disclosure: DisclosureRecord? = nil
  ) {
    self.title = title
    self.story = story
    self.file = file
    self.fileSHA256 = fileSHA256
    self.seed = seed
    self.versions = versions
    self.startedAt = startedAt
    self.seconds = seconds
    self.isIsolated = isIsolated
    self.parties = parties
    self.steps = steps
    self.checks = checks
    self.ledgers = ledgers
    self.disclosure = disclosure
  }

  /// Every step and check was as expected.
  public var isAsExpected: Bool {
    steps.allSatisfy { $0.outcome == .met } && checks.allSatisfy { $0.outcome != .unmet }
  }
}

/// One organization and what it brought.
public struct PartyRecord: Sendable, Codable, Equatable {
  /// The scenario file's name for it.
  public var id: String
  public var account: String
  public var name: String
  public var abilities: [String]
  public var tables: [TableRecord]

  public init(id: String, account: String, name: String, abilities: [String], tables: [TableRecord] = []) {
    self.id = id
    self.account = account
    self.name = name
    self.abilities = abilities
    self.tables = tables
  }
}

/// A table as it lies at its owner; names and counts only, never a value.
public struct TableRecord: Sendable, Codable, Equatable {
  /// As associated with the collaboration; the source's name when it never was.
  public var name: String
  public var rows: Int?
  public var columns: [ColumnRecord]
  public var rule: String?

  public init(name: String, rows: Int? = nil, columns: [ColumnRecord], rule: String? = nil) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.rule = rule
  }
}

public struct ColumnRecord: Sendable, Codable, Equatable {
  public var name: String
  public var type: String?
  /// Whether it was among the allowed columns of a configured table.
  public var isAllowed: Bool

  public init(name: String, type: String? = nil, isAllowed: Bool) {
    self.name = name
    self.type = type
    self.isAllowed = isAllowed
  }
}

/// A closing check.
public struct CheckRecord: Sendable, Codable, Equatable {
  public enum Outcome: String, Sendable, Codable { case met, unmet, notRun }

  public var name: String
  public var outcome: Outcome
  public var detail: String

  public init(name: String, outcome: Outcome, detail: String) {
    self.name = name
    self.outcome = outcome
    self.detail = detail
  }
}

/// A party's release ledger at the end.
public struct LedgerRecord: Sendable, Codable, Equatable {
  public var party: String
  public var lines: Int
  /// Hash of the last line, hexadecimal.
  public var head: String
  public var isIntact: Bool

  public init(party: String, lines: Int, head: String, isIntact: Bool) {
    self.party = party
    self.lines = lines
    self.head = head
    self.isIntact = isIntact
  }
}
