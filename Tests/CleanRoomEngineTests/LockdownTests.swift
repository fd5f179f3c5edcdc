import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomEngine

/// An engine touches the catalog's folders and nothing else, and no statement can change that.
@Suite struct LockdownTests {
  private struct Fixture {
    let folder: ScratchFolder
    let outside: String
    let database: SourceDatabase

    init() throws {
      folder = try ScratchFolder()
      let inside = try folder.write("inside/t.csv", "id\n1\n")
      outside = try folder.write("outside/t.csv", "id\n2\n")
      database = try SourceDatabase(sources: [.csv(inside)], limits: .testing())
    }

    func refuses(_ sql: String) async -> Bool {
      await problem(SourceProblem.self) {
        let reader = try await database.scan(sql)
        while try await reader.next() != nil {}
      } != nil
    }
  }

  @Test func readsInsideTheFolder() async throws {
    let fixture = try Fixture()
    #expect(await !fixture.refuses("SELECT * FROM read_csv('\(fixture.folder.path)/inside/t.csv')"))
  }

  @Test func readsNothingOutside() async throws {
    let fixture = try Fixture()
    for path in [
      fixture.outside, "/etc/passwd", fixture.folder.path + "/inside/../outside/t.csv",
      fixture.folder.path + "/*/t.csv",
    ] {
      #expect(await fixture.refuses("SELECT * FROM read_csv('\(path)')"), "\(path)")
      #expect(await fixture.refuses("SELECT * FROM read_text('\(path)')"), "\(path)")
      #expect(await fixture.refuses("SELECT * FROM glob('\(path)')"), "\(path)")
    }
  }

  @Test func neighbourWithTheSameBeginningIsOutside() async throws {
    let fixture = try Fixture()
    let path = try fixture.folder.write("inside-too/t.csv", "id\n3\n")
    #expect(await fixture.refuses("SELECT * FROM read_csv('\(path)')"))
  }

  @Test(arguments: [
    "SET enable_external_access = true", "SET lock_configuration = false", "SET memory_limit = '100GB'",
    "SET allowed_directories = ['/']", "RESET temp_directory", "SET temp_file_encryption = false",
    "ATTACH 'PLACE/out.db'", "COPY (SELECT 1) TO 'PLACE/out.csv'",
    "EXPORT DATABASE 'PLACE/out'", "INSTALL httpfs", "LOAD httpfs",
    "SELECT * FROM read_csv('https://localhost/t.csv')",
  ])
  func statementsThatReachOut(sql: String) async throws {
    let fixture = try Fixture()
    #expect(await fixture.refuses(sql.replacing("PLACE", with: fixture.folder.path)))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).sorted() == [
        "inside", "outside",
      ])
  }

  @Test func oneStatementAtATime() async throws {
    let fixture = try Fixture()
    for sql in ["SELECT 1; SELECT 2", "", "SELECT"] { #expect(await fixture.refuses(sql)) }
  }

  @Test func withoutSourcesNothingCanBeRead() async throws {
    let database = try SourceDatabase(sources: [], limits: .testing())
    let problem = await problem(SourceProblem.self) {
      _ = try await database.scan("SELECT * FROM read_text('/etc/hostname')")
    }
    #expect(problem != nil)
  }

  @Test func theGatheringEngineReadsAndWritesNoFile() async throws {
    let folder = try ScratchFolder()
    let file = try folder.write("t.txt", "x")
    let database = try GatherDatabase.open(limits: .testing())
    for sql in ["SELECT * FROM read_text('\(file)')", "COPY (SELECT 1) TO '\(folder.path)/out.csv'"] {
      let error = await problem(EngineError.self) { _ = try await database.query(sql) }
      #expect(error?.kind == .sourceUnreadable)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["t.txt"])
  }

  @Test func engineErrorsQuoteNothing() async throws {
    let database = try GatherDatabase.open(limits: .testing())
    let error = await problem(EngineError.self) {
      _ = try await database.query("SELECT CAST('zanzibar-4711' AS INTEGER)").all()
    }
    #expect(error?.kind == .conversionFailed)
    #expect(error.map { "\($0)".contains("zanzibar") } == false)
  }
}
