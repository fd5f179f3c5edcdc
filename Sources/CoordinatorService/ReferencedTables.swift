import CleanRoomSQL

/// The tables that a query was meant to read, whatever the rules say about it.
enum ReferencedTables {
  /// In text order; none for text that is no query.
  static func names(in sql: String) -> [String] {
    ((try? SQLParser.parse(sql))?.referencedTables ?? []).map(\.name)
  }
}
