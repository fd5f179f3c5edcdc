import CleanRoomModel
import CleanRoomSQL

/// The sentences of refusals: what is refused, whose rule forbids it, what is permitted instead.
enum ReasonText {
  /// Names in a sentence, few enough to read.
  static func names(_ names: some Sequence<String>) -> String {
    let sorted = names.sorted()
    if sorted.isEmpty { return "none" }
    return sorted.prefix(20).joined(separator: ", ") + (sorted.count > 20 ? ", …" : "")
  }

  /// A name from the query's text, short and without control characters.
  static func quoted(_ name: String) -> String {
    let clean = name.unicodeScalars.prefix(128).filter { $0.value >= 0x20 && $0.value != 0x7F }
    return String(String.UnicodeScalarView(clean))
  }

  // MARK: The query

  static func notAccepted(_ what: String) -> String {
    "\(what) is not accepted under AGGREGATION and LIST analysis rules."
  }
  static let noTable = "The query reads no table; name a table of the collaboration in FROM."
  static let notUnderstood = "The query is not understood."
  static let badLimit = "LIMIT takes a positive whole number."

  // MARK: Tables

  static func unknownTable(_ name: String) -> String {
    "Table \(quoted(name)) is not associated with the collaboration."
  }
  static func ambiguousTable(_ name: String) -> String {
    "Table \(quoted(name)) is associated more than once under this name; quote the name exactly, or have one renamed."
  }
  static func sameTableName(_ name: String) -> String {
    "Two tables of the query are called \(quoted(name)); give each its own alias."
  }
  static func unavailable(_ table: PublishedTable, _ problem: String) -> String {
    "Table \(table.name) cannot be read: \(problem). Account \(table.owner), its owner, has to correct this."
  }
  static func noRule(_ table: PublishedTable) -> String {
    "Table \(table.name) has no analysis rule and cannot be queried until account \(table.owner), its owner, adds one."
  }
  static func templateNeedsCustom(_ table: PublishedTable, _ rule: AnalysisRule) -> String {
    "Table \(table.name) has a rule of type \(rule.type.rawValue); analysis templates need tables with CUSTOM rules. Send "
      + "the query itself, or ask account \(table.owner), its owner, for a CUSTOM rule."
  }
  static func noThreshold(_ table: PublishedTable) -> String {
    "Table \(table.name) cannot be queried: its AGGREGATION rule needs output constraints, all of them on its allowed "
      + "columns. Account \(table.owner), its owner, has to correct the rule."
  }
  static let noReceiver = "The query names no member to receive its result."
  static func noAssociationRule(_ table: PublishedTable) -> String {
    "Table \(table.name) has no association analysis rule; account \(table.owner), its owner, has to add one that "
      + "names the members who may receive results."
  }
  static func receiver(_ receiver: AccountID, _ table: PublishedTable) -> String {
    "Account \(receiver) may not receive results from table \(table.name); account \(table.owner), its owner, permits "
      + "results to: \(names((table.allowedResultReceivers ?? []).map(\.value)))."
  }
  static func mixedTypes(_ first: BoundTable, _ other: BoundTable) -> String {
    "Tables \(first.published.name) and \(other.published.name) have analysis rules of different types; a query may "
      + "only use tables whose rules have the same type."
  }
  /// AWS Clean Rooms' own words.
  static func joinRequired(_ table: String) -> String {
    "Inner join to query runner table required for table \(table)"
  }

  // MARK: Columns

  /// AWS Clean Rooms' own words.
  static func select(_ column: String) -> String { "Column(s) [\(quoted(column))] is not allowed in select" }
  static func unknownColumn(_ column: String, _ clause: Clause) -> String {
    "Column \(quoted(column)) is not allowed in \(clause.rawValue): it is not an allowed column of the query's tables."
  }
  static func ambiguousColumn(_ column: String, _ tables: [String]) -> String {
    "Column \(quoted(column)) is in tables \(names(tables)); write the table's name or alias before it."
  }
  static func ambiguousAlias(_ name: String) -> String {
    "Several columns of the result are called \(quoted(name)); use distinct aliases."
  }
  static func unknownQualifier(_ name: String) -> String {
    "\(quoted(name)) is not a table or alias of the query."
  }
  static func useAlias(_ table: String, _ alias: String) -> String {
    "Table \(table) has the alias \(quoted(alias)) in this query; write \(quoted(alias)) before its columns."
  }
  static func notADimension(_ column: String, _ table: BoundTable, _ clause: Clause) -> String {
    let grants = table.grants
    return
      "Column \(column) of \(table.label) is not allowed in \(clause.rawValue); its \(rule(table)) rule permits "
      + "there only \(grants?.dimensionsName ?? ""): \(names(grants?.dimensions ?? []))."
  }
  static let star = "* is not accepted; name each column."

  static func rule(_ table: BoundTable) -> String { table.grants?.type.rawValue ?? "analysis" }
}
