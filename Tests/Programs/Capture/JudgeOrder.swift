import CleanRoomCapture
import CleanRoomEngine
import CleanRoomModel
import CleanRoomReport

/// What a test wants judged.
struct JudgeOrder: Decodable {
  struct Table: Decodable {
    struct Derived: Decodable {
      var name: String
      var source: String
      var normalize: String
    }

    var party: String
    var name: String
    var format: String
    var file: String
    var permitted: [String]
    var identifiers: [String]
    var derived: [Derived]?

    var canaries: CanaryTable {
      CanaryTable(
        party: party, name: name,
        source: TableSource(
          format: .init(rawValue: format) ?? .csv, files: [file], types: [:],
          derived: (derived ?? []).map {
            .init(name: $0.name, source: $0.source, normalize: KeyForm(rawValue: $0.normalize) ?? .none)
          }),
        permitted: Set(permitted), identifiers: Set(identifiers))
    }
  }

  var folder: String
  var parties: [String]
  var tables: [Table]
  var ledgers: [String: String]
  var texts: [String]?

  func record() async throws -> DisclosureRecord {
    try DuckDBLibrary.load()
    return try await CaptureSession(folder: CaptureFolder(path: folder)).finish(
      parties: parties, tables: tables.map(\.canaries), ledgers: ledgers, permittedTexts: texts ?? [])
  }
}
