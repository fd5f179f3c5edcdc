import Foundation
import Testing

@testable import CleanRoomSQL

/// The texts that fuzzing starts from: queries of every shape, and hostile texts that it found worth keeping.
@Suite struct CorpusReplayTests {
  private static func texts() throws -> [(file: String, bytes: [UInt8])] {
    let folder = try #require(Bundle.module.resourceURL?.appendingPathComponent("Corpus"))
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { file in
      (file, Array(try Data(contentsOf: folder.appendingPathComponent(file))))
    }
  }

  @Test func queriesComeBackFromTheirPrintedText() throws {
    let queries = try Self.texts().filter { $0.file.hasPrefix("case-") }
    #expect(queries.count >= 40)
    for (file, bytes) in queries {
      do throws(SyntaxError) {
        let query = try SQLParser.parse(bytes: bytes)
        #expect(try SQLParser.parse(SQLPrinter.text(query)) == query, "\(file)")
      } catch {
        Issue.record("\(file): \(error.message)")
      }
    }
  }

  @Test func hostileTextsAreAnswered() throws {
    let found = try Self.texts().filter { $0.file.hasPrefix("found-") }
    #expect(!found.isEmpty)
    for (file, bytes) in found {
      guard let query = try? SQLParser.parse(bytes: bytes) else { continue }
      #expect(try SQLParser.parse(SQLPrinter.text(query)) == query, "\(file)")
    }
  }
}
