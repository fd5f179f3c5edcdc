import Foundation
import Testing

@testable import CleanRoomPolicy

/// Every `.case` file: what the corpus says is what the policy decides, reasons and places included.
@Suite struct CorpusTests {
  static let folder = Bundle.module.resourceURL?.appendingPathComponent("Cases")

  static func cases() throws -> [PolicyCase] {
    let folder = try #require(folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".case")
    }
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    return try files.sorted().flatMap { try CaseFileReader.read(text($0), file: $0, include: text) }
  }

  @Test func corpusIsComplete() throws {
    let cases = try Self.cases()
    #expect(cases.count >= 1_600)
    let permitted = cases.count { $0.isPermitted == true }
    #expect(permitted * 5 >= cases.count * 2, "permitted cases are rare: \(permitted) of \(cases.count)")
    #expect(Set(cases.map(\.title)).count == cases.count, "titles repeat")
    for test in cases {
      #expect(
        !test.title.isEmpty && !test.query.isEmpty && !test.tables.isEmpty, "\(test.file): \(test.title)")
      #expect(test.isPermitted != nil, "\(test.file): \(test.title) has no verdict")
      #expect(test.isPermitted == test.reasons.isEmpty, "\(test.file): \(test.title)")
    }
  }

  @Test func everyCaseIsDecidedAsWritten() throws {
    for test in try Self.cases() {
      let name = Comment(rawValue: "\(test.file): \(test.title)")
      switch QueryPolicy.check(sql: test.sql, in: test.context) {
      case .approved(let query):
        #expect(test.isPermitted == true, name)
        if let output = test.output { #expect(query.output.map(\.name) == output, name) }
        if let minima = test.minima { #expect(Self.minima(query) == minima, name) }
        if let thresholds = test.thresholds { #expect(Self.thresholds(query) == thresholds, name) }
        if let meaning = test.meaning { #expect(SpelledQuery.text(query) == meaning, name) }
        if let extensions = test.extensions { #expect(query.extensions.map(\.rawValue) == extensions, name) }
      case .refused(let reasons):
        #expect(test.reasons == reasons.map(Self.line), name)
      }
    }
  }

  /// In ascending order.
  static func minima(_ query: ApprovedQuery) -> [String] {
    guard case .custom(let custom) = query.shape else { return [] }
    return custom.thresholds.map(\.minimum).sorted().map { String($0) }
  }

  /// `table.column minimum`, in order.
  static func thresholds(_ query: ApprovedQuery) -> [String] {
    switch query.shape {
    case .custom(let custom):
      custom.thresholds.map { "\(query.tables[$0.table].name).\($0.column) \($0.minimum)" }.sorted()
    default: query.thresholds.map { "\(query.tables[$0.column.table].name).\($0.column.name) \($0.minimum)" }.sorted()
    }
  }

  static func line(_ reason: RefusalReason) -> String {
    let place = reason.position.map { "\($0.line):\($0.column)" } ?? "-"
    return "\(reason.code.rawValue) \(place) \(reason.message)"
  }
}
