import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomEngine

@Suite struct SourceProblemTests {
  /// No test data may be quoted in what others, or even the owner, are told.
  private static let cell = "zanzibar-4711"

  private func describe(_ source: TableSource) async -> SourceProblem? {
    await problem(SourceProblem.self) {
      _ = try await SourceDatabase(sources: [source], limits: .testing()).describe(source)
    }
  }

  @Test func missingFile() async throws {
    let folder = try ScratchFolder()
    let problem = await describe(.csv(folder.path + "/nowhere.csv"))
    #expect(problem?.ownerMessage.contains("/nowhere.csv") == true)
    #expect(problem?.publicMessage.contains("nowhere") == false)
  }

  @Test func globWithoutFiles() async throws {
    let folder = try ScratchFolder()
    let problem = await describe(.csv(folder.path + "/*.csv"))
    #expect(problem?.ownerMessage.contains("No file matches") == true)
    #expect(problem?.publicMessage.contains(folder.path) == false)
  }

  @Test func notParquet() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.parquet", Self.cell)
    let problem = await describe(TableSource(format: .parquet, files: [file], types: [:], derived: []))
    #expect(problem?.ownerMessage.contains("is not a PARQUET file") == true)
    #expect(problem.map { "\($0)".contains(Self.cell) } == false)
  }

  @Test func typeOfAMissingColumn() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "id,v\n1,x\n")
    let problem = await describe(.csv(file, types: ["amount": .date]))
    #expect(problem?.ownerMessage.contains("columns.amount") == true)
    #expect(problem?.publicMessage.contains("amount") == false)
  }

  @Test func derivedFromAMissingColumn() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.csv", "id,v\n1,x\n")
    let problem = await describe(.csv(file, derived: [.init(name: "h", source: "email", normalize: .email)]))
    #expect(problem?.ownerMessage.contains("no column email") == true)
  }

  @Test func columnsThatDifferInCaseOnly() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.parquet", "")
    let shape = SourceShape(
      source: TableSource(format: .parquet, files: [file], types: [:], derived: []),
      raw: [("A", .string, "VARCHAR"), ("a", .string, "VARCHAR")])
    #expect(throws: SourceProblem.self) { try shape.description() }
  }

  @Test(arguments: [
    ("id,n\n1,2\n2,zanzibar-4711\n", "in line 3: its value in column n does not fit"),
    ("id,n\n1,2\n2,3,zanzibar-4711\n", "in line 3: it has more or fewer fields"),
    ("id,n\n1,2\n2,\"zanzibar-4711\n", "in line 3: a quoted field is not closed"),
  ])
  func rowsThatDoNotParse(text: String, words: String) async throws {
    let folder = try ScratchFolder()
    let source = TableSource.csv(try folder.write("t.csv", text), types: ["id": .bigint, "n": .bigint])
    let problem = await problem(SourceProblem.self) {
      let database = try SourceDatabase(sources: [source], limits: .testing())
      let sql = try await database.describe(source).sql
      _ = try await SourceDatabase.text(
        try await database.scan("SELECT sum(n) AS s FROM \(sql)", columns: ["id", "n"]))
    }
    #expect(problem?.ownerMessage.contains(words) == true, "\(problem?.ownerMessage ?? "no problem")")
    #expect(problem?.publicMessage.contains("line") == false)
    #expect(problem.map { "\($0)".contains(Self.cell) } == false)
  }

  @Test func badRowAfterTheSample() async throws {
    let folder = try ScratchFolder()
    let rows = (0..<60_000).map { "\($0),\($0)" }.joined(separator: "\n")
    let source = TableSource.csv(try folder.write("t.csv", "id,n\n\(rows)\n60000,\(Self.cell)\n"))
    let problem = await problem(SourceProblem.self) {
      let database = try SourceDatabase(sources: [source], limits: .testing())
      let sql = try await database.describe(source).sql
      let reader = try await database.scan("SELECT id, n FROM \(sql)")
      while try await reader.next() != nil {}
    }
    #expect(problem?.ownerMessage.contains("does not parse") == true)
    #expect(problem.map { "\($0)".contains(Self.cell) } == false)
  }

  @Test func fileThatDisappears() async throws {
    let folder = try ScratchFolder()
    let source = TableSource.csv(try folder.write("t.csv", "id,n\n1,2\n"))
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let sql = try await database.describe(source).sql
    try FileManager.default.removeItem(atPath: source.files[0])
    let problem = await problem(SourceProblem.self) { _ = try await database.scan("SELECT id FROM \(sql)") }
    #expect(problem?.publicMessage == "its source file cannot be read")
  }
}
