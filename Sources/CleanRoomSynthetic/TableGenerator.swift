/// The record of a number in a table, with its person.
struct RecordReader: Sendable {
  let assignment: RowAssignment
  /// Nil in tables about nobody.
  let people: People?

  @inline(__always)
  func record(_ number: Int, withPerson: Bool = true) -> Record {
    guard withPerson, let people else { return Record(number: number, person: 0) }
    return Record(number: number, person: people[assignment.place(ofRecord: number)])
  }
}

/// Makes any rows of one table as CSV (RFC 4180, but lines end with a single line feed; nothing is NULL, `""` an empty
/// text). Which rows are asked for at once changes nothing.
public struct TableGenerator: Sendable {
  public struct Column: Sendable, Equatable {
    public let name: String
    public let type: DataColumnType
  }

  public let name: TableName
  public let columns: [Column]
  let cells: [ColumnCells]
  let records: RecordReader
  private let needsPerson: Bool

  init(name: TableName, columns: [(name: String, cells: ColumnCells)], records: RecordReader) {
    self.name = name
    self.columns = columns.map { Column(name: $0.name, type: $0.cells.writer.type) }
    self.records = records
    cells = columns.map(\.cells)
    needsPerson = cells.contains { $0.writer.needsPerson }
  }

  public var rows: Int { records.assignment.rows }

  /// How many people occur. Nil in a table about nobody.
  public var people: Int? { records.people?.count }

  /// How many people occur in both tables.
  public func sharedPeople(with other: TableGenerator) -> Int {
    guard let mine = records.people, let theirs = other.records.people else { return 0 }
    return mine.shared(with: theirs)
  }

  public func header() -> [UInt8] {
    var line: [UInt8] = []
    for (index, column) in columns.enumerated() {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      let start = line.count
      line.append(contentsOf: column.name.utf8)
      line.quoteField(from: start)
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// Appends rows, counted from 0, in order.
  public func append(rows: Range<Int>, to out: inout [UInt8]) {
    for row in rows {
      let number = records.assignment.record(ofRow: row)
      let record = records.record(number, withPerson: needsPerson)
      for index in cells.indices {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        cells[index].append(record, to: &out)
      }
      out.append(UInt8(ascii: "\n"))
    }
  }
}

/// A column's cells: values, NULLs and dirty spellings.
final class ColumnCells: Sendable {
  let writer: any CellWriter
  private let nulls: Chance
  private let dirty: Chance
  private let spellings: [DirtySpelling]
  private let table: AliasTable
  private let needsQuotes: Bool
  private let fate: RandomStream

  init(_ writer: any CellWriter, _ column: ColumnSpecification, seed: UInt64, table name: TableName) {
    self.writer = writer
    nulls = Chance(column.nulls)
    let share = column.dirty.reduce(0) { $0 + $1.weight }
    dirty = Chance(share)
    spellings = column.dirty.map(\.value)
    table = AliasTable(weights: share > 0 ? column.dirty.map(\.weight) : [1])
    needsQuotes = writer.mayNeedQuotes || spellings.contains(.format)
    fate = RandomStream(seed: seed, "fate \(name) \(column.name)")
  }

  @inline(__always)
  func append(_ record: Record, to out: inout [UInt8]) {
    guard nulls.isPossible || dirty.isPossible || needsQuotes else { return writer.write(record, to: &out) }
    appendSpoiled(record, to: &out)
  }

  private func appendSpoiled(_ record: Record, to out: inout [UInt8]) {
    var bits = fate[record.number]
    if nulls.happens(bits) { return }
    let start = out.count
    bits = bits.next
    if dirty.happens(bits) {
      bits = bits.next
      let spelling = spellings[table.draw(bits)]
      if spelling == .format {
        writer.writeReformatted(record, bits.next, to: &out)
      } else {
        writer.write(record, to: &out)
        Spelling.apply(spelling, bits.next, to: &out, from: start)
      }
    } else {
      writer.write(record, to: &out)
    }
    if needsQuotes { out.quoteField(from: start) }
  }
}
