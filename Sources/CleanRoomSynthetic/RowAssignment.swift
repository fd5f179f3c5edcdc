/// Which record each of a table's rows shows, and whom it is about. Records are the rows that are no copies.
struct RowAssignment: Sendable {
  let rows: Int
  let records: Int
  /// 0 in tables about nobody.
  private let people: Int
  private let duplicates: Int
  private let copies: RandomStream
  private let shuffle: Permutation
  private let places: Permutation
  private let ranks: ZipfRanks?
  private let choices: RandomStream

  /// - Parameters:
  ///   - people: at most `rows` - `duplicates`.
  ///   - duplicates: at most half of the rows.
  init(rows: Int, duplicates: Int, people: Int, zipf: Double?, seed: UInt64, name: TableName) {
    self.rows = rows
    self.people = people
    self.duplicates = duplicates
    records = rows - duplicates
    copies = RandomStream(seed: seed, "copies \(name)")
    choices = RandomStream(seed: seed, "choices \(name)")
    shuffle = Permutation(size: max(1, records), seed: seed, "shuffle \(name)")
    places = Permutation(size: max(1, people), seed: seed, "places \(name)")
    ranks = zipf.map { ZipfRanks(count: max(1, people), exponent: $0) }
  }

  /// Copies are spread evenly: one in each of as many stretches of rows, at a random place of it.
  func record(ofRow row: Int) -> Int {
    guard duplicates > 0 else { return row }
    let stretch = Self.scaled(row, duplicates, rows)
    let copy = rowOfCopy(stretch)
    let before = row > copy ? stretch + 1 : stretch
    let record = row - before
    return row == copy ? copies[row].index(below: record) : record
  }

  private func rowOfCopy(_ stretch: Int) -> Int {
    let first = start(stretch)
    let row = first + copies[-1 - stretch].index(below: start(stretch + 1) - first)
    // There is nothing to copy before the first row.
    return max(1, row)
  }

  /// The first row that `record(ofRow:)` counts to this stretch.
  private func start(_ stretch: Int) -> Int {
    let (quotient, rest) = UInt64(duplicates).dividingFullWidth(UInt64(stretch).multipliedFullWidth(by: UInt64(rows)))
    return Int(quotient) + (rest > 0 ? 1 : 0)
  }

  /// `value * factor / divisor` without overflow.
  private static func scaled(_ value: Int, _ factor: Int, _ divisor: Int) -> Int {
    Int(UInt64(divisor).dividingFullWidth(UInt64(value).multipliedFullWidth(by: UInt64(factor))).quotient)
  }

  /// The place of the record's person among the table's people. Everybody has a record; who has many is left to chance.
  @inline(__always)
  func place(ofRecord record: Int) -> Int {
    guard people > 1 else { return 0 }
    let turn = shuffle[record]
    if turn < people { return places[turn] }
    guard let ranks else { return places[turn % people] }
    return places[ranks.draw(choices[record])]
  }
}
