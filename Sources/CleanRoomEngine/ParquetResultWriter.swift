import CleanRoomModel
import Foundation

/// Writes result rows to one Parquet file, through an engine that may touch that file's folder only.
public final class ParquetResultWriter: Sendable {
  private let connection: EngineConnection
  private let appender: TableAppender
  private let path: String
  private let columns: [ResultField]

  /// - Parameter path: a file of ours in a folder of ours; it is overwritten.
  public init(path: String, columns: [ResultField], limits: EngineLimits) throws(EngineError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let engine = try EngineDatabase(limits: limits, folders: [folder], ordered: true)
    connection = try engine.connect()
    self.path = path
    self.columns = columns
    let list = columns.indices.map { "c\($0) \(EngineTypes.sql(columns[$0].type))" }
    try connection.execute("CREATE TABLE result (\(list.joined(separator: ", ")))")
    appender = try TableAppender(
      try connection.appender(for: "result"), contents: columns.map { .value($0.type) })
  }

  public func append(_ batch: ColumnBatch) async throws {
    try await connection.onQueue { _ in try self.appender.append(batch) }
  }

  /// The file is written in place, so that it keeps the mode it was made with.
  public func finish() async throws {
    let list = zip(columns.indices, Self.uniqueNames(columns)).map { "c\($0) AS \(EngineSQL.identifier($1))" }
    let sql =
      "COPY (SELECT \(list.joined(separator: ", ")) FROM result) TO \(EngineSQL.string(path)) (FORMAT parquet, USE_TMP_FILE false)"
    try await connection.onQueue { connection in
      try self.appender.flush()
      try connection.execute(sql)
    }
  }

  /// Parquet knows no two columns of one name.
  private static func uniqueNames(_ columns: [ResultField]) -> [String] {
    var seen: [String: Int] = [:]
    return columns.map { column in
      seen[column.name, default: 0] += 1
      let count = seen[column.name] ?? 1
      return count == 1 ? column.name : "\(column.name)_\(count)"
    }
  }
}
