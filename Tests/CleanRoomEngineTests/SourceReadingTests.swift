import CleanRoomModel
import Testing

@testable import CleanRoomEngine

@Suite struct SourceReadingTests {
  @Test func csvIsReadAsRFC4180() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write(
      "t.csv",
      "id,text,note\n1,plain,x\n2,,\"\"\n3,\"\",\"a \"\"quoted\"\" word\"\n4,\"one\ntwo\",\"a,b\"\n5,\" padded \",'single'\n"
    )
    let lines = try await SourceDatabase.lines(
      .csv(file), columns: "id, text, note, text IS NULL AS n, note IS NULL AS m")
    // The fourth row's line break is inside quotes, so it takes two lines here too.
    #expect(
      lines == [
        "1,plain,x,false,false", "2,,\"\",true,false", "3,\"\",\"a \"\"quoted\"\" word\",false,false",
        "4,\"one",
        "two\",\"a,b\",false,false", "5, padded ,'single',false,false",
      ])
  }

  @Test func csvWithCarriageReturns() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "id,text\r\n1,a\r\n2,\"b\r\nc\"\r\n")
    let lines = try await SourceDatabase.lines(
      .csv(file), columns: "id, replace(replace(text, chr(13), 'R'), chr(10), 'N')")
    #expect(lines == ["1,a", "2,bRNc"])
  }

  @Test func inferredTypes() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "I,D,F,S,B\n1,2025-12-01,1.5,x,true\n2,2025-12-31,2.25,y,false\n")
    let source = TableSource.csv(file)
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let columns = try await database.describe(source).columns
    #expect(columns.map(\.name) == ["i", "d", "f", "s", "b"])
    #expect(columns.map(\.type) == [.bigint, .date, .double, .string, .boolean])
  }

  @Test func overridesReplaceInferredTypes() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "id,Amount,zip\n1,10.10,00123\n2,3,04567\n")
    let lines = try await SourceDatabase.lines(
      .csv(file, types: ["amount": .decimal(precision: 12, scale: 2), "ZIP": .string, "id": .integer]))
    #expect(lines == ["1,10.10,00123", "2,3.00,04567"])
  }

  @Test func globReadsEveryFile() async throws {
    let folder = try ScratchFolder()
    try folder.write("days/a.csv", "id,v\n1,x\n")
    try folder.write("days/b.csv", "id,v\n2,y\n")
    try folder.write("days/c.txt", "id,v\n3,z\n")
    #expect(try await SourceDatabase.lines(.csv(folder.path + "/days/*.csv")) == ["1,x", "2,y"])
  }

  @Test func columnsOfOneGlobAreMatchedByName() async throws {
    let folder = try ScratchFolder()
    try folder.write("a.csv", "id,secret,open\n1,s1,o1\n")
    try folder.write("b.csv", "open,id,secret\no2,2,s2\n")
    let lines = try? await SourceDatabase.lines(.csv(folder.path + "/*.csv"), columns: "id, open")
    // Refusing is as good as matching; mixing columns up is not.
    #expect(lines == ["1,o1", "2,o2"] || lines == nil)
  }

  @Test func aFileReplacedLaterIsStillReadByName() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "secret,open\ns1,o1\n")
    let source = TableSource.csv(file)
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let sql = try await database.describe(source).sql
    try folder.write("t.csv", "open,secret\no2,s2\n")
    let text = try? await SourceDatabase.text(try await database.scan("SELECT open FROM \(sql)"))
    #expect(text == "o2\n" || text == nil)
  }

  @Test func parquetIsReadWithItsTypes() async throws {
    let folder = try ScratchFolder()
    let file = folder.path + "/t.parquet"
    let fields = [
      ResultField(name: "ID", type: .integer),
      ResultField(name: "amount", type: .decimal(precision: 12, scale: 2)),
      ResultField(name: "day", type: .date),
    ]
    let writer = try ParquetResultWriter(path: file, columns: fields, limits: .testing())
    try await writer.append(
      ColumnBatch(
        rowCount: 2,
        columns: [
          ColumnVector(storage: .int32([1, 2])), ColumnVector(validity: [0b01], storage: .int64([1010, 0])),
          ColumnVector(storage: .int32([20_423, 0])),
        ]))
    try await writer.finish()
    let source = TableSource(format: .parquet, files: [file], types: ["id": .bigint], derived: [])
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let description = try await database.describe(source)
    #expect(description.columns.map(\.type) == [.bigint, .decimal(precision: 12, scale: 2), .date])
    let reader = try await database.scan("SELECT * FROM \(description.sql) ORDER BY id")
    #expect(try await SourceDatabase.text(reader) == "1,10.10,2025-12-01\n2,,1970-01-01\n")
  }

  @Test func jsonIsRead() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.json", "{\"id\": 1, \"v\": \"a\"}\n{\"id\": 2, \"v\": null}\n")
    let source = TableSource(format: .json, files: [file], types: [:], derived: [])
    #expect(try await SourceDatabase.lines(source) == ["1,a", "2,"])
  }

  @Test func manyRowsArriveInBoundedBatches() async throws {
    let folder = try ScratchFolder()
    let rows = (0..<100_000).map { "\($0),name\($0)" }.joined(separator: "\n")
    let source = TableSource.csv(try folder.write("t.csv", "id,name\n" + rows + "\n"))
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let reader = try await database.scan("SELECT id, name FROM \(try await database.describe(source).sql)")
    var seen = 0
    while let batch = try await reader.next() {
      #expect(batch.byteCount < 4 << 20)
      seen += batch.rowCount
    }
    #expect(seen == 100_000)
  }
}
