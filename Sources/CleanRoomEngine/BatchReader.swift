import CDuckDB
import CleanRoomModel

/// A column of a query's result.
public struct ResultField: Sendable, Hashable {
  public var name: String
  public var type: ColumnType

  public init(name: String, type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// Reads a streaming result batch by batch, so that memory does not grow with it.
public final class BatchReader: @unchecked Sendable {
  // Sound: `result` is touched on the connection's serial queue only.
  private var result: EngineResult?
  private let connection: EngineConnection
  public let columns: [ResultField]

  /// A batch ends at whichever comes first.
  static let rowsPerBatch = 32_768
  static let bytesPerBatch = 1 << 20

  init(_ result: EngineResult, on connection: EngineConnection) throws(EngineError) {
    self.result = result
    self.connection = connection
    var columns: [ResultField] = []
    for column in result.columns {
      guard let type = column.type else {
        throw EngineError(.internalFailure, "The result has a column of a type that cannot be carried.")
      }
      columns.append(ResultField(name: column.name, type: type))
    }
    self.columns = columns
  }

  /// - Returns: the next batch, or nil at the end.
  public func next() async throws -> ColumnBatch? {
    try await connection.onQueue { _ in try self.readBlocking() }
  }

  public func interrupt() { connection.interrupt() }

  func readBlocking() throws(EngineError) -> ColumnBatch? {
    guard let result else { return nil }
    var builders = columns.map { VectorBuilder($0.type) }
    var rows = 0
    var bytes = 0
    while rows < Self.rowsPerBatch, bytes < Self.bytesPerBatch {
      let more = try result.fetch { chunk, count in
        for index in builders.indices { builders[index].append(cdb_chunk_vector(chunk, idx_t(index)), count: count) }
        rows += count
      }
      guard more else {
        self.result = nil
        break
      }
      bytes = builders.reduce(0) { $0 + $1.byteCount }
    }
    return rows == 0 ? nil : ColumnBatch(rowCount: rows, columns: builders.map { $0.finish() })
  }
}
