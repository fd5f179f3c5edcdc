import CleanRoomModel
import Foundation

/// Turns a CSV stream into a Parquet file, through an engine that may touch the two files' folder only. Memory stays
/// within the limits however long the stream is.
public struct ParquetConverter: Sendable {
  private let connection: EngineConnection
  private let sql: String

  /// - Parameters:
  ///   - csv: a file or a named pipe with a header line; an empty unquoted field is NULL.
  ///   - parquet: in the same folder; it is overwritten.
  ///   - columns: all of the stream's columns, in order.
  public init(
    csv: String, parquet: String, columns: [ResultField], limits: EngineLimits
  ) throws(EngineError) {
    let folder = URL(fileURLWithPath: parquet).deletingLastPathComponent().path
    // One reader keeps the rows in order, so that equal streams give equal files.
    let engine = try EngineDatabase(limits: limits, folders: [folder], ordered: true)
    connection = try engine.connect()
    let types = columns.map { column in
      "\(EngineSQL.string(column.name)): \(EngineSQL.string(EngineTypes.sql(column.type)))"
    }
    sql = """
      COPY (SELECT * FROM read_csv(\(EngineSQL.string(csv)), auto_detect = false, header = true, delim = ',', \
      quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, parallel = false, \
      columns = {\(types.joined(separator: ", "))})) \
      TO \(EngineSQL.string(parquet)) (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)
      """
  }

  /// Reads the stream to its end. Blocks until somebody has opened a named pipe for writing.
  public func convert() async throws {
    let sql = sql
    try await connection.onQueue { connection in try connection.execute(sql) }
  }

  /// Ends `convert` early.
  public func interrupt() { connection.interrupt() }
}
