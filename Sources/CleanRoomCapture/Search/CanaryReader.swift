import CleanRoomEngine
import CleanRoomModel
import CleanRoomWire

/// Reads the parties' sources, and makes of every cell that must not travel what is searched for.
struct CanaryReader {
  private(set) var columns: [CanaryColumn] = []
  private(set) var patterns: [CanaryPattern] = []
  /// Columns of types that no query can name, and that are not searched for.
  private(set) var unreadable: [String] = []

  private static let limits = EngineLimits(memory: 1 << 30, threads: 1, spillFolder: nil, spill: 0)

  static func database(_ table: CanaryTable) throws -> SourceDatabase {
    try SourceDatabase(sources: [table.source], limits: limits)
  }

  mutating func read(_ table: CanaryTable) async throws(CaptureError) {
    do {
      let database = try Self.database(table)
      let description = try await database.describe(table.source)
      for column in description.columns {
        guard let standing = table.standing(of: column.name) else { continue }
        guard let type = column.type else {
          unreadable.append("\(table.party): \(table.name).\(column.name)")
          continue
        }
        columns.append(
          CanaryColumn(party: table.party, table: table.name, name: column.name, standing: standing))
        try await read(CellSelection(column.name, type, from: description.sql), database)
      }
    } catch {
      throw CaptureError(
        "The table \(table.name) of \(table.party) cannot be read, so its cells cannot be searched for. Check its source."
      )
    }
  }

  private mutating func read(_ cells: CellSelection, _ database: SourceDatabase) async throws {
    let place = columns.count - 1
    let values = try await database.scan(cells.distinct)
    while let batch = try await values.next() {
      for row in 0..<batch.rowCount {
        guard let text = batch.columns[0].bytes(row) else { continue }
        add(text, native: batch.columns.count > 1 ? batch.columns[1].littleEndian(row) : nil, place)
      }
    }
    var runs = cells.runs
    guard columns[place].tooShort > 0 || cells.isNumber else { return }
    let rows = try await database.scan(cells.inOrder)
    while let batch = try await rows.next() {
      for row in 0..<batch.rowCount { runs.append(batch, row) }
    }
    runs.forEach { add($0, .run, place) }
  }

  private mutating func add(_ text: ArraySlice<UInt8>, native: [UInt8]?, _ place: Int) {
    columns[place].values += 1
    if text.count < Fingerprint.minimum { columns[place].tooShort += 1 }
    CanaryForms.ofText(Array(text)) { form, bytes in add(bytes, form, place) }
    for form in native.map(CanaryForms.binary) ?? [] { add(form, .number, place) }
  }

  private mutating func add(_ bytes: [UInt8], _ form: CanaryForm, _ place: Int) {
    if let pattern = CanaryPattern(bytes, column: place, form: form) { patterns.append(pattern) }
  }
}

/// How a column's cells are asked for.
private struct CellSelection {
  let distinct: String
  /// As the source has them.
  let inOrder: String
  let isNumber: Bool
  private let widths: Set<Int>

  init(_ column: String, _ type: ColumnType, from relation: String) {
    let name = "\"" + column.replacing("\"", with: "\"\"") + "\""
    let isText = type == .string || type == .binary
    let cells = isText ? "\(name) AS cell" : "CAST(\(name) AS VARCHAR) AS cell, \(name) AS number"
    distinct = "SELECT DISTINCT \(cells) FROM \(relation)"
    inOrder = "SELECT \(cells) FROM \(relation) LIMIT \(CellRuns.rowLimit)"
    isNumber = !isText
    widths =
      switch type.physical {
      case .bytes, .int128: []
      case .float: [4]
      case .double: [8]
      case .int32, .int64: [4, 8]
      case .int16: [2, 4, 8]
      case .int8: [1, 4, 8]
      }
  }

  var runs: ColumnRuns { ColumnRuns(widths: widths.sorted()) }
}

/// Runs of a column's cells as text, and as numbers of each width that a leak would give them.
private struct ColumnRuns {
  private var text = CellRuns()
  private var numbers: [(width: Int, runs: CellRuns)]

  init(widths: [Int]) { numbers = widths.map { ($0, CellRuns(width: $0)) } }

  mutating func append(_ batch: ColumnBatch, _ row: Int) {
    text.append(batch.columns[0].bytes(row))
    for index in numbers.indices {
      let cell = batch.columns[1].littleEndian(row)?.resized(to: numbers[index].width)
      numbers[index].runs.append(cell.map { $0[...] })
    }
  }

  func forEach(_ body: ([UInt8]) -> Void) {
    text.forEach(body)
    for number in numbers { number.runs.forEach(body) }
  }
}

extension [UInt8] {
  /// A little-endian integer in another width; nil when it does not fit.
  fileprivate func resized(to width: Int) -> [UInt8]? {
    let kept = prefix(width)
    let sign: UInt8 = (kept.last ?? 0) & 0x80 == 0 ? 0 : 0xFF
    guard dropFirst(width).allSatisfy({ $0 == sign }) else { return nil }
    return kept + Array(repeating: sign, count: Swift.max(width - count, 0))
  }
}
