import CleanRoomModel
import CleanRoomSQL

/// Why a query is refused, at its place in the text.
public struct RefusalReason: Sendable, Hashable {
  public enum Code: String, Sendable, Hashable, CaseIterable {
    case syntax, limitExceeded, unknownTable, unknownColumn, ambiguousName, typeMismatch
    case notASelect, unsupportedConstruct, functionNotAllowed, columnNotAllowed, aggregateNotAllowed
    case joinNotAllowed, joinRequired, groupingMismatch, missingAggregate, distinctRequired
    case ruleMissing, ruleTypesNotCompatible, tableUnavailable, receiverNotAllowed, keyFormMismatch
  }

  public let code: Code
  /// One sentence for the analyst: what is refused, which rule and owner forbid it, what is permitted instead.
  public let message: String
  public let position: SourcePosition?

  public init(code: Code, message: String, position: SourcePosition?) {
    self.code = code
    self.message = message
    self.position = position
  }
}

/// The outcome of checking a query against every rule it touches.
public enum Verdict: Sendable {
  case approved(ApprovedQuery)
  /// All reasons, in text order; never empty.
  case refused([RefusalReason])
}

/// Everything a verdict depends on besides the text. Equal contexts give equal verdicts on every machine.
public struct PolicyContext: Sendable {
  /// The runner: the account whose tables satisfy `joinRequired`.
  public var runner: AccountID
  /// The tables of the collaboration, each with its own owner's rule.
  public var tables: [PublishedTable]
  public var receivers: [AccountID]
  /// False when the collaboration sets `allowJoinsOnColumnsWithDifferentNames` to false.
  public var joinsDifferentNames: Bool
  /// False in strict mode: refuse what AWS Clean Rooms refuses.
  public var extended: Bool
  /// What `CURRENT_DATE` and `GETDATE` give: the moment the runner signed the query.
  public var now: Timestamp

  public init(
    runner: AccountID, tables: [PublishedTable], receivers: [AccountID], joinsDifferentNames: Bool,
    extended: Bool, now: Timestamp
  ) {
    self.runner = runner
    self.tables = tables
    self.receivers = receivers
    self.joinsDifferentNames = joinsDifferentNames
    self.extended = extended
    self.now = now
  }
}
