import CleanRoomReport
import Foundation
import Yams

/// The results that a party's daemon has written.
struct ResultFiles: Sendable {
  /// Folders of the buckets.
  private let folders: [String]

  init(configuration: String) {
    let base = (configuration as NSString).deletingLastPathComponent
    let text = (try? String(contentsOfFile: configuration, encoding: .utf8)) ?? ""
    let buckets = (try? Yams.compose(yaml: text))?["results"]?["buckets"]?.mapping
    folders = (buckets.map { Array($0.values) } ?? []).compactMap { $0["directory"]?.string }.map {
      $0.hasPrefix("/") ? $0 : base + "/" + $0
    }
  }

  /// Every finished result.
  var all: [String] {
    folders.flatMap { folder in
      (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
        .filter { name in
          let file = (name as NSString).lastPathComponent
          return !file.hasPrefix(".") && (file.hasSuffix(".csv") || file.hasSuffix(".parquet"))
        }
        .map { folder + "/" + $0 }
    }.sorted()
  }

  func result(of query: String) -> String? {
    all.first { (($0 as NSString).lastPathComponent as NSString).deletingPathExtension == query }
  }

  /// - Returns: nil for what is no CSV.
  static func read(_ path: String) -> (columns: [String], rows: [[String?]])? {
    guard path.hasSuffix(".csv"), let data = FileManager.default.contents(atPath: path) else { return nil }
    var reader = CSVRecordReader()
    let records = reader.read(data) + reader.finish()
    guard let header = records.first else { return nil }
    let rows = records.dropFirst().map { record in
      record.fields.map { $0.bytes.isEmpty && !$0.isQuoted ? nil : String(decoding: $0.bytes, as: UTF8.self) }
    }
    return (header.fields.map { String(decoding: $0.bytes, as: UTF8.self) }, rows)
  }
}
