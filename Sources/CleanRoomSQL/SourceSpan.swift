/// A place in a query's text.
public struct SourcePosition: Sendable, Hashable {
  // Three small numbers: every node of a tree carries two places.
  private let storedOffset: Int32
  private let storedLine: Int32
  private let storedColumn: Int32

  /// Bytes from the beginning of the text.
  public var offset: Int { Int(storedOffset) }
  /// Counted from 1.
  public var line: Int { Int(storedLine) }
  /// Characters (Unicode scalars) from the beginning of the line, counted from 1.
  public var column: Int { Int(storedColumn) }

  public init(offset: Int, line: Int, column: Int) {
    storedOffset = Int32(clamping: offset)
    storedLine = Int32(clamping: line)
    storedColumn = Int32(clamping: column)
  }

  public static let start = SourcePosition(offset: 0, line: 1, column: 1)
}

/// A piece of a query's text. Two spans always compare equal, so that trees compare by meaning, not by layout.
public struct SourceSpan: Sendable, Hashable {
  public var start: SourcePosition
  public var end: SourcePosition

  public init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }

  public static let none = SourceSpan(start: .start, end: .start)
  public static func == (left: SourceSpan, right: SourceSpan) -> Bool { true }
  public func hash(into hasher: inout Hasher) {}
}
