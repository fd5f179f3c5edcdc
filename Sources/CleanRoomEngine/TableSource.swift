import CleanRoomModel

/// Where the catalog says a table's rows are, and how to read them.
public struct TableSource: Sendable, Equatable {
  public enum Format: String, Sendable { case csv, parquet, json }

  /// A column made from another: the SHA-256 of its normalized value, lower-case hexadecimal.
  public struct Derived: Sendable, Equatable {
    public var name: String
    public var source: String
    public var normalize: KeyForm

    public init(name: String, source: String, normalize: KeyForm) {
      self.name = name
      self.source = source
      self.normalize = normalize
    }
  }

  public var format: Format
  /// Paths or glob patterns, absolute.
  public var files: [String]
  public var types: [String: ColumnType]
  public var derived: [Derived]

  public init(format: Format, files: [String], types: [String: ColumnType], derived: [Derived]) {
    self.format = format
    self.files = files
    self.types = types
    self.derived = derived
  }
}

/// A table's columns as they can be queried.
public struct SourceDescription: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    /// Lower case.
    public var name: String
    /// Nil where the source's type has no counterpart; the column exists but cannot be used.
    public var type: ColumnType?
    /// Engine SQL over the raw relation.
    var expression: String
  }

  public var columns: [Column]
  /// Engine SQL of the raw relation.
  var relation: String

  /// Engine SQL for FROM: every column under its lower-case name and with its type.
  public var sql: String {
    let list = columns.compactMap { column in
      column.type == nil ? nil : "\(column.expression) AS \(EngineSQL.identifier(column.name))"
    }
    return "(SELECT \(list.joined(separator: ", ")) FROM \(relation)) AS source"
  }
}

/// What is wrong with a table's source. Two texts: the owner's people are told paths and columns, others only that
/// and in which way the table cannot be read.
public struct SourceProblem: Error, Sendable, Equatable {
  public let ownerMessage: String
  public let publicMessage: String

  public init(ownerMessage: String, publicMessage: String) {
    self.ownerMessage = ownerMessage
    self.publicMessage = publicMessage
  }
}
