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
    try SourceFiles.check(source)
    let connection = try engine.connect()
    let raw: [(name: String, type: ColumnType?, engineType: String)]
    do {
      raw = try await connection.onQueue { connection in try Self.rawColumns(source, connection) }
    } catch {
      let row = try? await connection.onQueue { connection in Self.firstBadRow(of: source, connection) }
      throw SourceFiles.unreadable(source, row ?? nil)
    }
    return try SourceShape(source: source, raw: raw.map { ($0.name, $0.type, $0.engineType) }).description()
  }

  /// Runs a query that our planner printed over `description.sql`.
  /// - Parameter columns: names that a message to the owner may give; lower case.
  public func scan(_ sql: String, columns: Set<String> = []) async throws -> SourceReader {
    let connection = try engine.connect()
    do {
      return SourceReader(
        try await connection.onQueue { connection in try BatchReader(try connection.run(sql), on: connection) },
        columns: columns)
    } catch let error as EngineError {
      throw SourceReader.problem(error, columns)
    }
  }

  /// Sniffing does not say what it stumbled over: reads a CSV file with the columns of its header, all of them text.
  private static func firstBadRow(of source: TableSource, _ connection: EngineConnection) -> RowFault? {
    guard source.format == .csv, let file = source.files.first, let names = SourceFiles.header(of: file) else {
      return nil
    }
    do {
      try connection.execute("SELECT count(*) FROM \(SourceShape.text(source, columns: names))")
      return nil
    } catch {
      return error.row
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
}

/// Batches of a scan; failures come as problems of the source.
public struct SourceReader: Sendable {
  private let reader: BatchReader
  private let knownColumns: Set<String>

  init(_ reader: BatchReader, columns: Set<String>) {
    self.reader = reader
    knownColumns = columns
  }

  public var columns: [ResultField] { reader.columns }

  public func next() async throws -> ColumnBatch? {
    do {
      return try await reader.next()
    } catch let error as EngineError {
      throw Self.problem(error, knownColumns)
    }
  }

  static func problem(_ error: EngineError, _ columns: Set<String>) -> SourceProblem {
    switch error.kind {
    case .sourceUnreadable:
      SourceProblem(
        ownerMessage:
          "A file of the source cannot be read. Check that it exists, that the member daemon may read it, and that it is in the folder the catalog of member.yaml names.",
        publicMessage: "its source file cannot be read")
    case .conversionFailed:
      SourceProblem(
        ownerMessage:
          "A row of the source does not parse with the table's column types\(error.row.map { ", \($0.words(columns: columns))" } ?? ""). Correct the file, or the types in the catalog of member.yaml.",
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
