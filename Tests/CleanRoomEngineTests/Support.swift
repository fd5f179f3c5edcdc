import CleanRoomModel
import Foundation

@testable import CleanRoomEngine

/// A folder that is gone when the test is over.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "cleanroom-engine-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

extension EngineLimits {
  static func testing(memory: Int = 512 << 20, spillFolder: String? = nil, spill: Int = 1 << 30)
    -> EngineLimits
  {
    EngineLimits(memory: memory, threads: 2, spillFolder: spillFolder, spill: spill)
  }
}

extension TableSource {
  static func csv(
    _ files: String..., types: [String: ColumnType] = [:], derived: [Derived] = []
  ) -> TableSource {
    TableSource(format: .csv, files: files, types: types, derived: derived)
  }
}

extension SourceDatabase {
  /// Everything a source holds, as result CSV without its header, one line a row.
  static func lines(_ source: TableSource, columns: String = "*", orderBy: String = "1") async throws
    -> [String]
  {
    let database = try SourceDatabase(sources: [source], limits: .testing())
    let sql = try await database.describe(source).sql
    let reader = try await database.scan("SELECT \(columns) FROM \(sql) ORDER BY \(orderBy)")
    return try await text(reader).split(separator: "\n").map(String.init)
  }

  static func text(_ reader: SourceReader) async throws -> String {
    let encoder = CSVResultEncoder(columns: reader.columns)
    var output: [UInt8] = []
    while let batch = try await reader.next() { output += encoder.rows(batch) }
    return String(decoding: output, as: UTF8.self)
  }
}

extension BatchReader {
  /// All rows in one batch; nil when there are none.
  func all() async throws -> [ColumnBatch] {
    var batches: [ColumnBatch] = []
    while let batch = try await next() { batches.append(batch) }
    return batches
  }
}

/// What a closure throws, or nil.
func problem<Failure: Error>(_ type: Failure.Type, _ body: () async throws -> Void) async -> Failure? {
  do {
    try await body()
    return nil
  } catch {
    return error as? Failure
  }
}
