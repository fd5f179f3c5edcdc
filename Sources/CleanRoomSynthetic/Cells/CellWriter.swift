/// Whom and what a row is about.
struct Record: Sendable {
  /// Counted from 0 in its table.
  let number: Int
  /// A number of the population; 0 in tables about nobody.
  let person: Int
}

/// Writes the cells of one column.
protocol CellWriter: Sendable {
  /// A cell may hold what RFC 4180 wants quoted.
  var mayNeedQuotes: Bool { get }
  var needsPerson: Bool { get }
  var type: DataColumnType { get }
  /// Appends the value as it is, without quotes.
  func write(_ record: Record, to out: inout [UInt8])
  /// The same value in another shape, which `bits` choose.
  func writeReformatted(_ record: Record, _ bits: UInt64, to out: inout [UInt8])
}

extension CellWriter {
  var mayNeedQuotes: Bool { false }
  var needsPerson: Bool { true }
  var type: DataColumnType { .string }

  func writeReformatted(_ record: Record, _ bits: UInt64, to out: inout [UInt8]) { write(record, to: &out) }
}

/// The random bits behind a cell: of its row, or of its person.
struct Draw: Sendable {
  private let stream: RandomStream
  let isPerPerson: Bool

  /// A person's value depends on the column's name alone, so that it is the same in every table.
  init(seed: UInt64, table: TableName, column: String, per: Subject) {
    isPerPerson = per == .person
    stream = RandomStream(seed: seed, isPerPerson ? "person \(column)" : "row \(table) \(column)")
  }

  @inline(__always)
  subscript(record: Record) -> UInt64 { stream[isPerPerson ? record.person : record.number] }

  @inline(__always)
  func number(_ record: Record) -> Int { isPerPerson ? record.person : record.number }
}
