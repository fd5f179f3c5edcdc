/// What went wrong in the engine, in words of ours. The engine's own text may quote data and is never kept.
public struct EngineError: Error, Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// No usable DuckDB library.
    case libraryMissing
    case cannotOpen
    case outOfMemory
    case interrupted
    /// A source file could not be read.
    case sourceUnreadable
    /// A value does not fit its declared type.
    case conversionFailed
    case internalFailure
  }

  public let kind: Kind
  public let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
