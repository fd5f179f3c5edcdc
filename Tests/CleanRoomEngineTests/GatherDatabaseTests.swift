import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomEngine

@Suite struct GatherDatabaseTests {
  /// A column of every type, each with a NULL in row 1.
  static let columns: [(ColumnContent, ColumnVector.Storage)] = [
    (.token, .int128([.max, 0, .min])),
    (.value(.boolean), .int8([1, 0, 0])),
    (.value(.tinyint), .int8([-128, 0, 127])),
    (.value(.smallint), .int16([-32_768, 0, 32_767])),
    (.value(.integer), .int32([.min, 0, .max])),
    (.value(.bigint), .int64([.min, 0, .max])),
    (.value(.decimal(precision: 4, scale: 2)), .int16([-9999, 0, 9999])),
    (.value(.decimal(precision: 9, scale: 0)), .int32([-999_999_999, 0, 999_999_999])),
    (.value(.decimal(precision: 18, scale: 18)), .int64([-1, 0, 1])),
    (.value(.decimal(precision: 38, scale: 10)), .int128([-12_345_678_901_234_567_890, 0, 1])),
    (.value(.real), .float([-1.5, 0, 3.25])),
    (.value(.double), .double([-1e300, 0, 0.1])),
    (.value(.string), .bytes(offsets: [0, 5, 5, 25], data: Array("kürzmore than twelve ...".utf8))),
    (.value(.date), .int32([-719_162, 0, 20_423])),
    (.value(.timestamp), .int64([-1, 0, 1_764_590_400_123_456])),
    (.value(.binary), .bytes(offsets: [0, 3, 3, 3], data: [0, 255, 10])),
  ]

  @Test func everyTypeComesBack() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    let descriptions = Self.columns.enumerated().map { ColumnDescription(name: "c\($0)", content: $1.0) }
    try database.create(
      table: "t", columns: [ColumnDescription(name: "row", content: .value(.integer))] + descriptions)
    let values = Self.columns.map { ColumnVector(validity: [0b101], storage: $1) }
    let batch = ColumnBatch(rowCount: 3, columns: [ColumnVector(storage: .int32([0, 1, 2]))] + values)
    try await database.append(batch, to: "t")
    // Tokens have no type of a result: they are there to be compared.
    let selected = descriptions.dropFirst().map(\.name).joined(separator: ", ")
    let result = try await database.query("SELECT \(selected) FROM t ORDER BY row").all()
    #expect(result.count == 1)
    #expect(result.first?.columns == Array(values.dropFirst()))
  }

  @Test func tokensJoinAndNullsDoNot() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    for table in ["a", "b"] {
      try database.create(
        table: table,
        columns: [
          ColumnDescription(name: "k", content: .token),
          ColumnDescription(name: "v", content: .value(.integer)),
        ])
    }
    let keys = ColumnVector(validity: [0b0111], storage: .int128([.min, -1, .max, 0]))
    try await database.append(
      ColumnBatch(rowCount: 4, columns: [keys, ColumnVector(storage: .int32([1, 2, 3, 4]))]), to: "a")
    let others = ColumnVector(validity: [0b0101], storage: .int128([.max, 0, -1, 0]))
    try await database.append(
      ColumnBatch(rowCount: 4, columns: [others, ColumnVector(storage: .int32([10, 20, 30, 40]))]), to: "b")
    let rows = try await database.query("SELECT a.v AS x, b.v AS y FROM a JOIN b ON a.k = b.k ORDER BY 1")
      .all()
    #expect(rows.first?.columns.map(\.storage) == [.int32([2, 3]), .int32([30, 10])])
  }

  @Test func batchesBeyondOneVectorKeepTheirNulls() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    try database.create(table: "t", columns: [ColumnDescription(name: "v", content: .value(.bigint))])
    let rows = 5000
    var validity = [UInt64](repeating: 0, count: (rows + 63) / 64)
    for row in 0..<rows where row % 3 != 0 { validity[row / 64] |= 1 << UInt64(row % 64) }
    let values = (0..<rows).map { $0 % 3 == 0 ? Int64(0) : Int64($0) }
    try await database.append(
      ColumnBatch(rowCount: rows, columns: [ColumnVector(validity: validity, storage: .int64(values))]),
      to: "t")
    let result = try await database.query("SELECT v FROM t ORDER BY v").all()
    let seen = result.flatMap { batch in (0..<batch.rowCount).map { batch.columns[0].isValid($0) } }
    #expect(seen.filter { $0 }.count == rows - (rows + 2) / 3)
    #expect(seen.count == rows)
    let sum = try await database.query("SELECT CAST(sum(v) AS BIGINT) AS s FROM t").all()
    #expect(sum.first?.columns[0].storage == .int64([values.reduce(0, +)]))
  }

  @Test func emptyTablesAndNamesWithQuotes() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    try database.create(
      table: "a \"b\"", columns: [ColumnDescription(name: "x\"y", content: .value(.string))])
    #expect(try await database.query("SELECT \"x\"\"y\" FROM \"a \"\"b\"\"\"").all().isEmpty)
  }

  @Test func outOfMemoryIsSaid() async throws {
    let database = try GatherDatabase.open(limits: .testing(memory: 32 << 20))
    try database.create(table: "t", columns: [ColumnDescription(name: "v", content: .value(.bigint))])
    let batch = ColumnBatch(
      rowCount: 100_000,
      columns: [ColumnVector(storage: .int64((0..<100_000).map { Int64($0) &* 0x1E37_79B9_7F4A_7C15 }))])
    let error = await problem(EngineError.self) {
      for _ in 0..<200 { try await database.append(batch, to: "t") }
      _ = try await database.query("SELECT v, count(*) AS n FROM t GROUP BY v").all()
    }
    #expect(error?.kind == .outOfMemory)
  }

  @Test func spillingLeavesNothingReadable() async throws {
    let folder = try ScratchFolder()
    let spill = folder.path + "/spill"
    let word = "zanzibar-4711-"
    let database = try GatherDatabase.open(limits: .testing(memory: 64 << 20, spillFolder: spill))
    try database.create(table: "t", columns: [ColumnDescription(name: "v", content: .value(.string))])
    let texts = (0..<20_000).map { Array("\(word)\($0 &* 7919 % 20_011)-padding-padding".utf8) }
    let offsets = texts.reduce(into: [UInt32(0)]) { $0.append(($0.last ?? 0) + UInt32($1.count)) }
    let batch = ColumnBatch(
      rowCount: 20_000,
      columns: [ColumnVector(storage: .bytes(offsets: offsets, data: Array(texts.joined())))])
    for _ in 0..<40 { try await database.append(batch, to: "t") }
    let reader = try await database.query("SELECT v FROM t ORDER BY v DESC")
    _ = try await reader.next()
    let files = (try? FileManager.default.subpathsOfDirectory(atPath: spill)) ?? []
    #expect(!files.isEmpty, "the query was meant to spill")
    for file in files {
      let data = FileManager.default.contents(atPath: spill + "/" + file) ?? Data()
      #expect(data.range(of: Data(word.utf8)) == nil, "spilled rows must be encrypted")
    }
  }

  @Test func interruptStopsAQuery() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    let error = await problem(EngineError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          let sql =
            "SELECT CAST(sum(a.range * b.range % 7) AS BIGINT) AS s FROM range(10000000) a, range(100000) b"
          _ = try await database.query(sql).all()
        }
        group.addTask {
          try await Task.sleep(for: .milliseconds(300))
          database.interrupt()
        }
        try await group.waitForAll()
      }
    }
    #expect(error?.kind == .interrupted)
  }

  @Test func closedMeansForgotten() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    try database.create(table: "t", columns: [ColumnDescription(name: "v", content: .value(.bigint))])
    weak let engine = database.engine
    #expect(engine != nil)
    database.close()
    #expect(engine == nil, "the engine, and with it the data, must be gone")
    let error = await problem(EngineError.self) { _ = try await database.query("SELECT 1") }
    #expect(error != nil)
    #expect(throws: EngineError.self) { try database.create(table: "u", columns: []) }
  }
}
