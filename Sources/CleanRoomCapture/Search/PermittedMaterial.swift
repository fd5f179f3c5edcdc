import CleanRoomModel
import CleanRoomWire

/// What may travel: patterns that occur in it would be found in an honest run too, so they are not searched for.
struct PermittedMaterial {
  private let columns: [CanaryColumn]
  private(set) var table: PatternTable

  init(_ table: PatternTable, columns: [CanaryColumn]) {
    self.table = table
    self.columns = columns
  }

  /// Patterns left out, by column.
  var excluded: [Int] {
    table.isExcluded.indices.reduce(into: Array(repeating: 0, count: columns.count)) { counts, index in
      if table.isExcluded[index] { counts[Int(table[index].column)] += 1 }
    }
  }

  /// Texts that the parties exchange openly: queries, names, descriptions.
  mutating func permit(_ texts: [String]) {
    for text in texts { permit(Array(text.utf8)) { _ in true } }
  }

  /// The columns that may travel as values, in the form in which they travel. They stand for their own party only.
  mutating func permit(valuesOf table: CanaryTable) async throws(CaptureError) {
    do {
      let database = try CanaryReader.database(table)
      let description = try await database.describe(table.source)
      let permitted = description.columns.filter { $0.type != nil && table.standing(of: $0.name) == nil }
      guard !permitted.isEmpty else { return }
      let list = permitted.map { "\"" + $0.name.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ", ")
      let reader = try await database.scan("SELECT \(list) FROM \(description.sql)")
      let contents = reader.columns.map { ColumnContent.value($0.type) }
      while let batch = try await reader.next() {
        permit(BatchCodec.encode(batch, columns: contents, sequence: 0)) { $0.party == table.party }
      }
    } catch {
      throw CaptureError(
        "The table \(table.name) of \(table.party) cannot be read, so what it permits is not known. Check its source.")
    }
  }

  private mutating func permit(_ bytes: [UInt8], of isMeant: (CanaryColumn) -> Bool) {
    let found = FoundPatterns()
    var search = StreamSearch(table) { pattern, _, _ in found.indices.insert(pattern) }
    search.take(bytes)
    search.finish()
    for index in found.indices where isMeant(columns[Int(table[index].column)]) { table.exclude(index) }
  }
}

private final class FoundPatterns {
  var indices: Set<Int> = []
}
