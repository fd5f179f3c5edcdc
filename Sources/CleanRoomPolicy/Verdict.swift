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
