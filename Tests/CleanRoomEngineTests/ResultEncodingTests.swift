import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomEngine

@Suite struct ResultEncodingTests {
  private static let fields = [
    ResultField(name: "n", type: .bigint), ResultField(name: "text, quoted", type: .string),
    ResultField(name: "amount", type: .decimal(precision: 12, scale: 2)),
    ResultField(name: "tiny", type: .decimal(precision: 38, scale: 10)),
    ResultField(name: "whole", type: .decimal(precision: 4, scale: 0)),
    ResultField(name: "day", type: .date), ResultField(name: "at", type: .timestamp),
    ResultField(name: "flag", type: .boolean), ResultField(name: "ratio", type: .double),
  ]

  private static let batch = ColumnBatch(
    rowCount: 3,
    columns: [
      ColumnVector(storage: .int64([1, -2, 3])),
      ColumnVector(
        validity: [0b101], storage: .bytes(offsets: [0, 0, 0, 12], data: Array("a \"b\",\nc\rd,e".utf8))),
      ColumnVector(storage: .int64([-5, 100, 1_234_567])),
      ColumnVector(validity: [0b101], storage: .int128([1, 0, -123_456_789_012_345_678_901_234_567_890])),
      ColumnVector(storage: .int16([-9999, 0, 7])),
      ColumnVector(validity: [0b101], storage: .int32([20_423, 0, -719_528])),
      ColumnVector(validity: [0b101], storage: .int64([1_764_590_400_000_000, 0, -1])),
      ColumnVector(storage: .int8([1, 0, 1])), ColumnVector(storage: .double([0.1, -2, 1e100])),
    ])

  @Test func csvGolden() {
    let encoder = CSVResultEncoder(columns: Self.fields)
    let text = String(decoding: encoder.header() + encoder.rows(Self.batch), as: UTF8.self)
    #expect(
      text == """
        n,"text, quoted",amount,tiny,whole,day,at,flag,ratio
        1,"",-0.05,0.0000000001,-9999,2025-12-01,2025-12-01 12:00:00,true,0.1
        -2,,1.00,,0,,,false,-2.0
        3,"a ""b"",
        c\rd,e",12345.67,-12345678901234567890.1234567890,7,0000-01-01,1969-12-31 23:59:59.999999,true,1e+100

        """)
  }

  @Test func resultsAreReadBackFromCSV() async throws {
    let folder = try ScratchFolder()
    let encoder = CSVResultEncoder(columns: Self.fields)
    let file = try folder.write("r.csv", encoder.header() + encoder.rows(Self.batch))
    let lines = try await SourceDatabase.lines(
      .csv(file, types: ["amount": .decimal(precision: 12, scale: 2)]),
      columns: "n, \"text, quoted\" IS NULL, amount", orderBy: "n")
    #expect(lines == ["-2,true,1.00", "1,false,-0.05", "3,false,12345.67"])
  }

  @Test(arguments: 0..<64) func calendarAgreesWithFoundation(step: Int) throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let days = -100_000 + step * 4_001
    let parts = calendar.dateComponents(
      [.year, .month, .day], from: Date(timeIntervalSince1970: Double(days) * 86_400))
    let year = try #require(parts.year)
    guard year > 1600 else { return }
    #expect(
      CalendarText.date(days) == String(format: "%04d-%02d-%02d", year, parts.month ?? 0, parts.day ?? 0))
  }

  @Test func parquetResultIsReadable() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("r.parquet", "")
    chmod(file, 0o600)
    let fields =
      Self.fields + [ResultField(name: "n", type: .string), ResultField(name: "bytes", type: .binary)]
    let writer = try ParquetResultWriter(path: file, columns: fields, limits: .testing())
    let texts = ColumnVector.Storage.bytes(offsets: [0, 1, 2, 3], data: Array("xyz".utf8))
    let batch = ColumnBatch(
      rowCount: 3, columns: Self.batch.columns + [ColumnVector(storage: texts), ColumnVector(storage: texts)])
    try await writer.append(batch)
    try await writer.finish()
    let source = TableSource(format: .parquet, files: [file], types: [:], derived: [])
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let description = try await database.describe(source)
    #expect(description.columns.map(\.type) == fields.map(\.type))
    #expect(description.columns.map(\.name).contains("n_2"))
    let reader = try await database.scan("SELECT amount, \"text, quoted\" FROM \(description.sql) ORDER BY n")
    #expect(try await SourceDatabase.text(reader) == "1.00,\n-0.05,\"\"\n12345.67,\"a \"\"b\"\",\nc\rd,e\"\n")
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600, "the file keeps its mode")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["r.parquet"])
  }

  @Test func parquetOfNoRows() async throws {
    let folder = try ScratchFolder()
    let writer = try ParquetResultWriter(
      path: folder.path + "/r.parquet", columns: Self.fields, limits: .testing())
    try await writer.finish()
    let source = TableSource(format: .parquet, files: [folder.path + "/r.parquet"], types: [:], derived: [])
    #expect(try await SourceDatabase.lines(source) == [])
  }
}
