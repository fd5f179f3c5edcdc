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
  /// How the key is written; an undeclared form is the text as it is.
  public var effectiveForm: KeyForm { type.keyFamily == .text ? keyForm ?? KeyForm.none : KeyForm.none }

  /// Equal identifiers give equal tokens in both columns.
  func matches(_ other: PublishedColumn) -> Bool {
    guard let family = type.keyFamily else { return false }
    return family == other.type.keyFamily && effectiveForm == other.effectiveForm
  }
}
