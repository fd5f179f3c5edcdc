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
  private struct Member {
    let column: BoundColumn
    var parent: Int
    /// A column of the class whose form is declared; known at the class's root.
    var declared: BoundColumn?
  }

  private var members: [Member] = []

  /// - Returns: two columns whose declared forms exclude each other.
  mutating func unite(_ left: BoundColumn, _ right: BoundColumn) -> (BoundColumn, BoundColumn)? {
    let (first, second) = (root(of: left), root(of: right))
    let (one, other) = (members[first].declared, members[second].declared)
    if let one, let other, one.published.declaredForm != other.published.declaredForm { return (one, other) }
    members[first].parent = second
    members[second].declared = other ?? one
    return nil
  }

  private mutating func root(of column: BoundColumn) -> Int {
    var current = index(of: column)
    while members[current].parent != current { current = members[current].parent }
    return current
  }

  private mutating func index(of column: BoundColumn) -> Int {
    if let known = members.firstIndex(where: { $0.column.reference == column.reference }) { return known }
    let isDeclared = column.published.declaredForm != nil
    members.append(Member(column: column, parent: members.count, declared: isDeclared ? column : nil))
    return members.count - 1
  }
}
