/// Why a text is not a query, and where.
public struct SyntaxError: Error, Sendable, Equatable {
  /// One sentence for the analyst.
  public let message: String
  public let position: SourcePosition
  public let kind: Kind

  public enum Kind: Sendable {
    case wrong
    /// Too long, too deep or too large.
    case limit
    /// A statement, but not a SELECT.
    case otherStatement
  }

  public init(message: String, position: SourcePosition, kind: Kind = .wrong) {
    self.message = message
    self.position = position
    self.kind = kind
  }
}

/// Every dimension of a query text has a bound, so that hostile text costs bounded time, memory and stack.
public struct ParserLimits: Sendable {
  /// In characters (Unicode scalars).
  public var characters = 500_000
  public var tokens = 250_000
  /// Nesting of expressions and queries, in which calls, CASE, CAST, windows and queries count twice; also the height
  /// of the tree that later rooms walk. What is accepted is read, judged, planned and printed on 512 KiB of stack.
  public var depth = 100
  /// Elements of one list.
  public var elements = 50_000

  public init() {}
  public static let standard = ParserLimits()
}
