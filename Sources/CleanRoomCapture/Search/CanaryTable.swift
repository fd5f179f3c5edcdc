import CleanRoomEngine

/// A party's table whose cells are searched for in what was recorded.
public struct CanaryTable: Sendable {
  public var party: String
  /// As the report shall name it.
  public var name: String
  public var source: TableSource
  /// Lower-case names of columns that may travel as values. Every column that is named neither here nor in
  /// `identifiers` is withheld.
  public var permitted: Set<String>
  /// Lower-case names of columns that may travel as tokens only.
  public var identifiers: Set<String>

  public init(
    party: String, name: String, source: TableSource, permitted: Set<String>, identifiers: Set<String> = []
  ) {
    self.party = party
    self.name = name
    self.source = source
    self.permitted = permitted
    self.identifiers = identifiers
  }

  /// nil for a column that may travel.
  func standing(of column: String) -> String? {
    if identifiers.contains(column) { return "identifier" }
    if permitted.contains(column) { return nil }
    // What a token is made from identifies as the token's column does.
    let isOrigin = source.derived.contains {
      $0.source.lowercased() == column && identifiers.contains($0.name.lowercased())
    }
    return isOrigin ? "identifier" : "withheld"
  }
}

/// A column that is searched for.
struct CanaryColumn: Sendable {
  var party: String
  var table: String
  var name: String
  var standing: String
  var values = 0
  var tooShort = 0
}
