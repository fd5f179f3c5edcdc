import CleanRoomReport

/// Compares a result table with the rows that are expected.
struct ResultCheck {
  let columns: [String]
  let rows: [[String?]]

  /// How many rows are shown of a table that is not as expected.
  private static let shown = 5

  func mismatch(_ expected: QueryExpectation) -> Mismatch? {
    if let wanted = expected.result, let mismatch = whole(wanted) { return mismatch }
    for row in expected.contains {
      if let mismatch = occurs(row) { return mismatch }
    }
    return nil
  }

  private func whole(_ wanted: [[String?]]) -> Mismatch? {
    for (index, pair) in zip(wanted, rows).enumerated() where pair.0 != pair.1 {
      return Mismatch(expected: "row \(index + 1) to be \(text(pair.0))", seen: text(pair.1))
    }
    guard wanted.count != rows.count else { return nil }
    let expected = "exactly the \(wanted.count) rows listed"
    guard wanted.count < rows.count else {
      return Mismatch(
        expected: expected, seen: "\(rows.count), without row \(rows.count + 1): \(text(wanted[rows.count]))")
    }
    return Mismatch(
      expected: expected, seen: "\(rows.count), the first one too many being \(text(rows[wanted.count]))")
  }

  private func occurs(_ wanted: [String: String?]) -> Mismatch? {
    let places = wanted.compactMap { column, cell in columns.firstIndex(of: column).map { ($0, cell) } }
    guard places.count == wanted.count else {
      let unknown = wanted.keys.filter { !columns.contains($0) }.sorted()
      return Mismatch(
        expected: "a column \(ExpectationCheck.list(unknown))", seen: "the columns \(ExpectationCheck.list(columns))")
    }
    let isThere = rows.contains { row in
      places.allSatisfy { place, cell in row.indices.contains(place) && row[place] == cell }
    }
    guard !isThere else { return nil }
    let row = wanted.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value ?? "NULL")" }.joined(separator: ", ")
    return Mismatch(expected: "a row with \(row)", seen: "\(rows.count) rows without it\(nearest(to: wanted))")
  }

  /// The row that agrees in most cells, or the first few.
  private func nearest(to wanted: [String: String?]) -> String {
    guard !rows.isEmpty else { return "" }
    func agreement(_ row: [String?]) -> Int {
      zip(columns, row).count { column, cell in wanted[column].map { $0 == cell } ?? false }
    }
    let best = rows.max { agreement($0) < agreement($1) }
    if let best, agreement(best) > 0 { return "; the nearest is \(text(best))" }
    return ": " + rows.prefix(Self.shown).map(text).joined(separator: "; ") + (rows.count > Self.shown ? "; …" : "")
  }

  private func text(_ row: [String?]) -> String { "[" + row.map { $0 ?? "NULL" }.joined(separator: ", ") + "]" }
}

/// Compares what left the owners with what may leave.
enum ReleaseCheck {
  static func columns(_ seen: [ReleaseRecord], _ expected: [String: [String: [String: String]]]) -> Mismatch? {
    for (party, tables) in expected.sorted(by: { $0.key < $1.key }) {
      let wanted = words(tables.mapValues { $0.map { "\($0.key) \($0.value)" } })
      var left: [String: [String]] = [:]
      for record in seen where record.party == party {
        left[record.table, default: []] += record.columns.map { "\($0.name) \($0.kind)" }
      }
      guard wanted != words(left) else { continue }
      return Mismatch(expected: "\(party) to release \(wanted), nothing more or less", seen: words(left))
    }
    return nil
  }

  static func rows(_ seen: [ReleaseRecord], _ expected: [String: [String: CountExpectation]]) -> Mismatch? {
    for (party, tables) in expected.sorted(by: { $0.key < $1.key }) {
      for (table, wanted) in tables.sorted(by: { $0.key < $1.key }) {
        let count = seen.filter { $0.party == party && $0.table == table }.reduce(0) { $0 + $1.rows }
        if !wanted.allows(count) {
          return Mismatch(expected: "\(party) to release \(wanted) of \(table)", seen: "\(count)")
        }
      }
    }
    return nil
  }

  /// Tables without columns count for nothing.
  private static func words(_ tables: [String: [String]]) -> String {
    let parts = tables.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { table, columns in
      "\(table) (\(Set(columns).sorted().joined(separator: ", ")))"
    }
    return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
  }
}
