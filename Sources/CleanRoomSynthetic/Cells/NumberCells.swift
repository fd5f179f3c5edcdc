/// Another value for everybody, or for every record, in no order.
struct IDCells: CellWriter {
  let pattern: IDPattern
  let draw: Draw
  let numbers: Permutation

  var mayNeedQuotes: Bool { pattern.mayNeedQuotes }
  var needsPerson: Bool { draw.isPerPerson }

  func write(_ record: Record, to out: inout [UInt8]) { pattern.write(numbers[draw.number(record)], to: &out) }
}

struct SequenceCells: CellWriter {
  let start: Int

  var needsPerson: Bool { false }
  var type: DataColumnType { .bigint }

  func write(_ record: Record, to out: inout [UInt8]) { out.append(decimal: start + record.number) }
}

struct IntegerCells: CellWriter {
  let range: ClosedRange<Int>
  let draw: Draw

  var needsPerson: Bool { draw.isPerPerson }
  var type: DataColumnType { .bigint }

  func write(_ record: Record, to out: inout [UInt8]) {
    out.append(decimal: range.lowerBound + draw[record].index(below: range.upperBound - range.lowerBound + 1))
  }
}

struct BooleanCells: CellWriter {
  let chance: Chance
  let draw: Draw

  var needsPerson: Bool { draw.isPerPerson }
  var type: DataColumnType { .boolean }

  private static let words: [[UInt8]] = [Array("false".utf8), Array("true".utf8)]

  func write(_ record: Record, to out: inout [UInt8]) {
    out.append(contentsOf: Self.words[chance.happens(draw[record]) ? 1 : 0])
  }
}

struct CategoryCells: CellWriter {
  let values: [[UInt8]]
  let table: AliasTable
  let draw: Draw

  var needsPerson: Bool { draw.isPerPerson }
  var mayNeedQuotes: Bool { values.contains { $0.isEmpty || $0.contains { [34, 44, 10, 13].contains($0) } } }

  func write(_ record: Record, to out: inout [UInt8]) { out.append(contentsOf: values[table.draw(draw[record])]) }
}

/// The value that another table's column has in some record of it. References of one row to one table mean the same
/// record.
struct ReferenceCells: CellWriter {
  let cells: any CellWriter
  let records: RecordReader
  let choice: RandomStream
  let ranks: ZipfRanks?
  /// Popular records stand anywhere in their table.
  let places: Permutation

  var needsPerson: Bool { false }
  var mayNeedQuotes: Bool { cells.mayNeedQuotes }
  var type: DataColumnType { cells.type }

  func write(_ record: Record, to out: inout [UInt8]) {
    let bits = choice[record.number]
    let number = ranks.map { places[$0.draw(bits)] } ?? bits.index(below: places.size)
    cells.write(records.record(number), to: &out)
  }
}
