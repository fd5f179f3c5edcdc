/// One step of a run and how it went.
public struct StepRecord: Sendable, Codable, Equatable {
  public enum Kind: String, Sendable, Codable { case call, fault, wait }
  public enum Outcome: String, Sendable, Codable { case met, unmet, notRun }

  /// `4`, or `4.2` for the second of the parallel steps of step 4.
  public var number: String
  public var kind: Kind
  /// The scenario file's words for it, or the operation or fault.
  public var title: String
  /// Who called, or whom the fault hit; `coordinator` for the coordinator.
  public var party: String?
  /// An operation of the AWS Clean Rooms API; nil for other kinds.
  public var operation: String?
  public var outcome: Outcome
  /// What was answered, in a line: `SUCCESS`, or the refusal's code and message.
  public var answer: String
  /// Set when the outcome is unmet: what was expected and what was seen.
  public var expected: String?
  public var seen: String?
  public var seconds: Double
  /// Of a StartProtectedQuery.
  public var query: QueryRecord?

  public init(
    number: String, kind: Kind, title: String, party: String? = nil, operation: String? = nil, outcome: Outcome,
    answer: String = "", expected: String? = nil, seen: String? = nil, seconds: Double = 0, query: QueryRecord? = nil
  ) {
    self.number = number
    self.kind = kind
    self.title = title
    self.party = party
    self.operation = operation
    self.outcome = outcome
    self.answer = answer
    self.expected = expected
    self.seen = seen
    self.seconds = seconds
    self.query = query
  }
}

/// One protected query, from its text to its result.
public struct QueryRecord: Sendable, Codable, Equatable {
  /// nil when it was refused: nothing was created.
  public var id: String?
  public var sql: String
  /// Party ids.
  public var runner: String
  public var receivers: [String]
  public var isPermitted: Bool
  public var reasons: [ReasonRecord]
  /// What each owner would release, as planned; and how the coordinator combines it.
  public var plan: [PlannedRelease]
  public var combination: String?
  public var thresholds: [ThresholdRecord]
  /// What really left, by the owners' ledgers.
  public var released: [ReleaseRecord]
  /// SUCCESS, FAILED, …; nil when refused.
  public var status: String?
  public var error: String?
  public var result: ResultRecord?

  public init(
    id: String? = nil, sql: String, runner: String, receivers: [String] = [], isPermitted: Bool,
    reasons: [ReasonRecord] = [], plan: [PlannedRelease] = [], combination: String? = nil,
    thresholds: [ThresholdRecord] = [], released: [ReleaseRecord] = [], status: String? = nil, error: String? = nil,
    result: ResultRecord? = nil
  ) {
    self.id = id
    self.sql = sql
    self.runner = runner
    self.receivers = receivers
    self.isPermitted = isPermitted
    self.reasons = reasons
    self.plan = plan
    self.combination = combination
    self.thresholds = thresholds
    self.released = released
    self.status = status
    self.error = error
    self.result = result
  }
}

/// Why a query was refused; line and column count from 1 in its text.
public struct ReasonRecord: Sendable, Codable, Equatable {
  public var message: String
  public var line: Int?
  public var column: Int?

  public init(message: String, line: Int? = nil, column: Int? = nil) {
    self.message = message
    self.line = line
    self.column = column
  }
}

/// A column that leaves its owner: `TOKEN` (keyed hash), `VALUE` (in clear), or another kind of the plan.
public struct ReleasedColumn: Sendable, Codable, Equatable {
  public var name: String
  public var kind: String

  public init(name: String, kind: String) {
    self.name = name
    self.kind = kind
  }
}

public struct PlannedRelease: Sendable, Codable, Equatable {
  /// Party id of the owner.
  public var party: String
  public var table: String
  public var columns: [ReleasedColumn]
  /// What the owner's engine runs.
  public var sql: String

  public init(party: String, table: String, columns: [ReleasedColumn], sql: String) {
    self.party = party
    self.table = table
    self.columns = columns
    self.sql = sql
  }
}

public struct ThresholdRecord: Sendable, Codable, Equatable {
  public var table: String
  public var column: String
  public var minimum: Int

  public init(table: String, column: String, minimum: Int) {
    self.table = table
    self.column = column
    self.minimum = minimum
  }
}

/// What left an owner for one table of a query.
public struct ReleaseRecord: Sendable, Codable, Equatable {
  public var party: String
  public var table: String
  public var columns: [ReleasedColumn]
  public var rows: Int
  public var bytes: Int

  public init(party: String, table: String, columns: [ReleasedColumn], rows: Int, bytes: Int) {
    self.party = party
    self.table = table
    self.columns = columns
    self.rows = rows
    self.bytes = bytes
  }
}

/// A delivered result as its first receiver holds it.
public struct ResultRecord: Sendable, Codable, Equatable {
  public var columns: [String]
  /// At most `ResultRecord.limit` rows; nil is NULL.
  public var rows: [[String?]]
  public var totalRows: Int

  public static let limit = 200

  public init(columns: [String], rows: [[String?]], totalRows: Int) {
    self.columns = columns
    self.rows = rows
    self.totalRows = totalRows
  }
}
