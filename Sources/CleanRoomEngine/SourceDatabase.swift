import CleanRoomModel
import Foundation

/// The member's engine: it reads the configured source files, and no others.
public final class SourceDatabase: Sendable {
  private let engine: EngineDatabase
  private let folders: [String]

  /// - Parameter sources: everything the catalog names; their folders are all that the engine may touch.
  public init(sources: [TableSource], limits: EngineLimits) throws(EngineError) {
    folders = Array(Set(sources.flatMap(\.files).map(Self.folder))).sorted()
    engine = try EngineDatabase(
      limits: limits, folders: folders.isEmpty ? ["/nonexistent/"] : folders, ordered: false)
  }

  /// The deepest folder of a pattern that holds no wildcard.
  private static func folder(of pattern: String) -> String {
    var parts = pattern.split(separator: "/", omittingEmptySubsequences: true).dropLast()
    if let wildcard = parts.firstIndex(where: { $0.contains { "*?[{".contains($0) } }) {
      parts = parts[..<wildcard]
    }
    return "/" + parts.map { $0 + "/" }.joined()
  }

  /// Looks at the source: which columns it has and of which types. Types of text formats are inferred from the
  /// beginning of the file unless the catalog gives them, and stay as found for every later scan.
  public func describe(_ source: TableSource) async throws -> SourceDescription {
    try Self.checkFiles(source)
    let connection = try engine.connect()
    let raw: [(name: String, type: ColumnType?, engineType: String)]
    do {
      raw = try await connection.onQueue { connection in try Self.rawColumns(source, connection) }
    } catch {
      throw Self.unreadable(source)
    }
    return try SourceShape(source: source, raw: raw.map { ($0.name, $0.type, $0.engineType) }).description()
  }

  /// Runs a query that our planner printed over `description.sql`.
  public func scan(_ sql: String) async throws -> SourceReader {
    let connection = try engine.connect()
    do {
      return SourceReader(
        try await connection.onQueue { connection in try BatchReader(try connection.run(sql), on: connection) })
    } catch let error as EngineError {
      throw SourceReader.problem(error)
    }
  }

  private static func rawColumns(
    _ source: TableSource, _ connection: EngineConnection
  ) throws -> [(name: String, type: ColumnType?, engineType: String)] {
    let result = try connection.run("DESCRIBE SELECT * FROM \(SourceShape.sniffing(source))")
    var rows: [(name: String, type: ColumnType?, engineType: String)] = []
    let reader = try BatchReader(result, on: connection)
    while let batch = try reader.readBlocking() {
      for row in 0..<batch.rowCount {
        let name = batch.columns[0].text(row)
        let engineType = batch.columns[1].text(row)
        rows.append((name, SourceShape.columnType(named: engineType), engineType))
      }
    }
    return rows
  }

  private static func checkFiles(_ source: TableSource) throws {
    for pattern in source.files {
      let isPattern = pattern.contains { "*?[{".contains($0) }
      if !isPattern {
        guard FileManager.default.fileExists(atPath: pattern) else {
          throw SourceProblem(
            ownerMessage: "There is no file \(pattern). Correct the source's path in the catalog of member.yaml.",
            publicMessage: "its source file does not exist")
        }
        guard FileManager.default.isReadableFile(atPath: pattern) else {
          throw SourceProblem(
            ownerMessage: "The file \(pattern) cannot be read by the member daemon. Give it read permission.",
            publicMessage: "its source file cannot be read")
        }
      }
    }
  }

  private static func unreadable(_ source: TableSource) -> SourceProblem {
    let files = source.files.joined(separator: ", ")
    let isPattern = files.contains { "*?[{".contains($0) }
    let name = source.format.rawValue.uppercased()
    return SourceProblem(
      ownerMessage: isPattern
        ? "\(files) matches no file, or not all of them are \(name) files with the same columns."
        : "\(files) is not a \(name) file that can be read.",
      publicMessage: "its source files do not have the configured format")
  }
}

/// Batches of a scan; failures come as problems of the source.
public struct SourceReader: Sendable {
  private let reader: BatchReader

  init(_ reader: BatchReader) { self.reader = reader }

  public var columns: [ResultField] { reader.columns }

  public func next() async throws -> ColumnBatch? {
    do {
      return try await reader.next()
    } catch let error as EngineError {
      throw Self.problem(error)
    }
  }

  static func problem(_ error: EngineError) -> SourceProblem {
    switch error.kind {
    case .sourceUnreadable:
      SourceProblem(
        ownerMessage:
          "A file of the source cannot be read. Check that it exists, that the member daemon may read it, and that it is in the folder the catalog of member.yaml names.",
        publicMessage: "its source file cannot be read")
    case .conversionFailed:
      SourceProblem(
        ownerMessage:
          "A row of the source does not parse with the table's column types. Correct the file, or the types in the catalog of member.yaml.",
        publicMessage: "a row of its source does not parse with the table's column types")
    case .outOfMemory:
      SourceProblem(
        ownerMessage: "The member's engine ran out of memory. Raise limits.memory or limits.spill in member.yaml.",
        publicMessage: "the owner's engine ran out of memory")
    default:
      SourceProblem(
        ownerMessage:
          "The member's engine could not read the source. Check that its files still have the columns they had.",
        publicMessage: "the owner's engine could not read its source")
    }
  }
}

extension ColumnVector {
  fileprivate func text(_ row: Int) -> String {
    guard case .bytes(let offsets, let data) = storage, isValid(row) else { return "" }
    return String(decoding: data[Int(offsets[row])..<Int(offsets[row + 1])], as: UTF8.self)
  }
}
