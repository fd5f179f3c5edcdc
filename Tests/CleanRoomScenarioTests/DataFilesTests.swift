import CleanRoomScenario
import CleanRoomSynthetic
import Foundation
import Testing

@testable import CleanRoomEngine

@Suite struct DataFilesTests {
  private let folder = NSTemporaryDirectory() + "cleanroom-data-\(UUID().uuidString)"

  private func plan(rows: Int, _ files: [String]) throws -> DataPlan {
    let tables = files.map { file in
      """
          - party: shop
            file: \(file)
            people: 900
            rows: \(rows)
            columns:
              number: {kind: sequence, nulls: 10%}
              name: {kind: fullName, dirty: {format: 20%, blanks: 20%}}
              day: {kind: date, from: 2025-01-01, to: 2025-12-31}
              at: {kind: timestamp, from: 2025-01-01, to: 2025-12-31}
              price: {kind: amount, distribution: normal, mean: 0, deviation: 50}
              word: {kind: category, values: ["", "two\\nlines", "a \\"b\\""]}
              flag: {kind: boolean, nulls: 0.5}
      """
    }.joined(separator: "\n")
    let reader = try YAMLReader(text: "data:\n  people: 1000\n  tables:\n" + tables, file: "f.yaml")
    return try DataSpecificationReader.read(try reader.required("data"), seed: 1)
  }

  private func write(_ plan: DataPlan, replacing: Bool = false) async throws -> [DataFiles.Written] {
    try await DataFiles(plan, replacing: replacing) { "\(folder)/\($0)" }.write()
  }

  private func names() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/shop")) ?? []).sorted()
  }

  @Test func csvHoldsWhatTheGeneratorMakes() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = try plan(rows: 20_000, ["a.csv", "b.csv", "c.csv"])
    let written = try await write(plan)
    #expect(written.map(\.path) == ["a", "b", "c"].map { "\(folder)/shop/\($0).csv" })
    for (file, table) in zip(written, plan.generator.tables) {
      var expected = table.header()
      table.append(rows: 0..<table.rows, to: &expected)
      #expect(FileManager.default.contents(atPath: file.path).map(Array.init) == expected)
      #expect(file.bytes == expected.count)
    }
    #expect(names() == ["a.csv", "b.csv", "c.csv"])
    #expect(throws: DataFileProblem.self) { try DataFiles(plan) { "\(folder)/\($0)" } }
    _ = try await write(plan, replacing: true)
  }

  /// Cell for cell what the CSV holds, NULLs and empty texts apart, in its order, with the types of the columns.
  @Test func parquetHoldsTheSame() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try await write(try plan(rows: 30_000, ["t.csv"]))
    let parquet = try await write(try plan(rows: 30_000, ["t.parquet"]))[0]
    #expect(names() == ["t.csv", "t.parquet"])
    let limits = EngineLimits(memory: 256 << 20, threads: 1, spillFolder: nil, spill: 0)
    let connection = try EngineDatabase(limits: limits, folders: [folder], ordered: true).connect()
    let text = """
      (SELECT * FROM read_csv('\(folder)/shop/t.csv', header = true, auto_detect = false, quote = '"', escape = '"', \
      nullstr = '', allow_quoted_nulls = false, columns = {'number': 'BIGINT', 'name': 'VARCHAR', 'day': 'DATE', \
      'at': 'TIMESTAMP', 'price': 'DECIMAL(18,2)', 'word': 'VARCHAR', 'flag': 'BOOLEAN'}))
      """
    let rows = "SELECT row_number() OVER () AS row, * FROM"
    for (one, other) in [(text, "'\(parquet.path)'"), ("'\(parquet.path)'", text)] {
      let left = try connection.text("SELECT count(*)::VARCHAR FROM (\(rows) \(one) EXCEPT ALL \(rows) \(other))")
      #expect(left == "0")
    }
    let counts = try connection.text(
      "SELECT concat_ws(' ', count(*), count(flag), count(word), count(*) FILTER (word = ''), typeof(any_value(price))) FROM '\(parquet.path)'"
    )
    let words = try #require(counts).split(separator: " ")
    #expect(words[0] == "30000")
    #expect(words[2] == "30000")
    #expect(abs((Int(words[1]) ?? 0) - 15_000) < 500)
    #expect(abs((Int(words[3]) ?? 0) - 10_000) < 500)
    #expect(words[4] == "DECIMAL(18,2)")
  }

  @Test func equalSeedsGiveEqualParquetFiles() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try await write(try plan(rows: 300_000, ["one.parquet"]))
    let first = try #require(FileManager.default.contents(atPath: files[0].path))
    _ = try await write(try plan(rows: 300_000, ["one.parquet"]), replacing: true)
    #expect(FileManager.default.contents(atPath: files[0].path) == first)
  }

  @Test(arguments: ["t.csv", "t.parquet"])
  func cancellingLeavesNothing(file: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = try plan(rows: 1_000_000_000, [file])
    let work = Task { try await write(plan) }
    while names().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    try await Task.sleep(for: .milliseconds(200))
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
    #expect(names().isEmpty)
  }

  @Test func aFolderThatCannotBeMadeIsNamed() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(FileManager.default.createFile(atPath: folder, contents: nil))
    await #expect(throws: DataFileProblem.self) { try await write(try plan(rows: 1000, ["t.csv"])) }
  }
}
