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
  /// Which row of a source file the error is about, where the engine says so.
  let row: RowFault?

  init(_ kind: Kind, _ message: String, row: RowFault? = nil) {
    self.kind = kind
    self.message = message
    self.row = row
  }
}

/// A row of a source file that cannot be read, without anything of its content.
struct RowFault: Sendable, Equatable {
  enum Reason: Sendable { case unknown, width, encoding, quote, value }

  /// Counted from 1, the header included.
  let line: UInt64
  let reason: Reason
  /// As the engine gave it, which may be part of a row: only for comparing with the names of known columns.
  let claimedColumn: String

  /// `in line 7: its value in column price does not fit the column's type`.
  func words(columns: Set<String>) -> String {
    let column = columns.contains(claimedColumn.lowercased()) ? " in column \(claimedColumn.lowercased())" : ""
    let what =
      switch reason {
      case .width: "it has more or fewer fields than the header"
      case .encoding: "it is not UTF-8"
      case .quote: "a quoted field is not closed"
      case .value: "its value\(column) does not fit the column's type"
      case .unknown: "it does not parse"
      }
    return "in line \(line): \(what)"
  }
}
