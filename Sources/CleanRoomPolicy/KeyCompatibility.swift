import CleanRoomModel

extension ColumnType {
  /// Types whose equality a match token expresses exactly. Columns of different families never match.
  public enum KeyFamily: String, Sendable {
    case text = "string"
    case integer = "whole number"
    case date = "date"
  }

  /// Nil for types that have no token.
  public var keyFamily: KeyFamily? {
    switch self {
    case .string: .text
    case .tinyint, .smallint, .integer, .bigint: .integer
    case .date: .date
    case .boolean, .decimal, .real, .double, .timestamp, .binary: nil
    }
  }
}

extension PublishedColumn {
  /// How the key's text is written, as its owner declares it; nil where it does not, or the type is not text.
  public var declaredForm: KeyForm? { type.keyFamily == .text ? keyForm : nil }
}

/// Columns that the query equates, directly or through others. Equal identifiers give equal tokens in all of them: an
/// undeclared column is taken to be written as the declared ones are, and those must agree.
struct KeyClasses {
  private var parents: [ColumnReference: ColumnReference] = [:]
  private var declared: [ColumnReference: BoundColumn] = [:]

  /// - Returns: two columns whose declared forms exclude each other.
  mutating func unite(_ left: BoundColumn, _ right: BoundColumn) -> (BoundColumn, BoundColumn)? {
    let (first, second) = (root(of: left), root(of: right))
    let (one, other) = (declared[first], declared[second])
    if let one, let other, one.published.declaredForm != other.published.declaredForm { return (one, other) }
    parents[first] = second
    declared[second] = other ?? one
    return nil
  }

  private mutating func root(of column: BoundColumn) -> ColumnReference {
    if parents[column.reference] == nil {
      parents[column.reference] = column.reference
      if column.published.declaredForm != nil { declared[column.reference] = column }
    }
    var current = column.reference
    while let parent = parents[current], parent != current { current = parent }
    return current
  }
}
