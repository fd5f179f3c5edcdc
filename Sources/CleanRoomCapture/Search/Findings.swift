import CleanRoomReport

/// What was found in one party's streams, one entry for each column, encoding and connection; never a value.
final class Findings {
  private struct Key: Hashable {
    var column: Int
    var encoding: String
    var stream: String
  }

  private let table: PatternTable
  private let columns: [CanaryColumn]
  private var found: [Key: (first: Int, count: Int)] = [:]

  init(_ table: PatternTable, columns: [CanaryColumn]) {
    self.table = table
    self.columns = columns
  }

  /// A search of one direction of one connection.
  /// - Parameters:
  ///   - shortest: bytes of a pattern that counts in this stream.
  ///   - isMeant: whether a party's cells must not be in this stream.
  func search(_ stream: String, shortest: Int, _ isMeant: @escaping (_ party: String) -> Bool) -> StreamSearch {
    StreamSearch(table) { [self] pattern, encodings, place in
      let column = Int(table[pattern].column)
      guard !table.isExcluded[pattern], Int(table[pattern].length) >= shortest, isMeant(columns[column].party) else {
        return
      }
      let name = (encodings + [table[pattern].form.name]).joined(separator: " of ")
      let key = Key(column: column, encoding: name, stream: stream)
      let earlier = found[key]
      found[key] = (min(earlier?.first ?? place, place), (earlier?.count ?? 0) + 1)
    }
  }

  var records: [FindingRecord] {
    found.map { key, value in
      let column = columns[key.column]
      return FindingRecord(
        party: column.party, table: column.table, column: column.name, encoding: key.encoding,
        place: "\(key.stream), byte \(value.first)\(value.count > 1 ? " and \(value.count - 1) more" : "")")
    }.sorted {
      ($0.party, $0.table, $0.column, $0.encoding, $0.place) < ($1.party, $1.table, $1.column, $1.encoding, $1.place)
    }
  }

  /// Names of all encodings that are searched.
  static var encodings: [String] {
    let forms = CanaryForm.allCases.map(\.name)
    return forms + StreamSearch.decodings.map { "any of these in \($0), also twice encoded" }
  }
}
