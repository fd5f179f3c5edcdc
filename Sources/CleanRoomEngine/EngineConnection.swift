import CDuckDB
import CleanRoomModel
import Dispatch

/// One connection. Its blocking calls run on a queue of its own, never on the threads of Swift's concurrency.
final class EngineConnection: @unchecked Sendable {
  // Sound: `handle` is used by calls on `queue` (or before the object is shared) and by `interrupt`, which the engine
  // allows from any thread; deinit runs alone. `database` keeps the engine alive.
  private var handle: cdb_connection?
  private let database: EngineDatabase
  private let queue = DispatchQueue(label: "cleanroom.engine")

  init(_ handle: cdb_connection, of database: EngineDatabase) {
    self.handle = handle
    self.database = database
  }

  deinit { cdb_disconnect(&handle) }

  func interrupt() { cdb_interrupt(handle) }

  func onQueue<Result: Sendable>(
    _ body: @escaping @Sendable (EngineConnection) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try body(self) }) }
    }
  }

  // MARK: Blocking

  /// Runs one statement and drops what it returns.
  func execute(_ sql: String) throws(EngineError) {
    let result = try run(sql)
    while try result.fetch({ _, _ in }) {}
  }

  /// The first cell of a one-column VARCHAR result.
  func text(_ sql: String) throws(EngineError) -> String? {
    let result = try run(sql)
    var found: String?
    _ = try result.fetch { chunk, count in
      guard count > 0 else { return }
      let vector = VectorReader.read(cdb_chunk_vector(chunk, 0), count: count, type: .string)
      if case .bytes(let offsets, let data) = vector.storage, vector.isValid(0) {
        found = String(decoding: data[0..<Int(offsets[1])], as: UTF8.self)
      }
    }
    return found
  }

  func run(_ sql: String) throws(EngineError) -> EngineResult {
    var result = cdb_result()
    let error = cdb_run(handle, sql, &result)
    guard error == 0 else {
      cdb_destroy_result(&result)
      throw Self.error(error)
    }
    return EngineResult(result, of: self)
  }

  func appender(for table: String) throws(EngineError) -> cdb_appender {
    var appender: cdb_appender?
    guard cdb_create_appender(handle, table, &appender) == CDB_SUCCESS, let appender else {
      cdb_destroy_appender(&appender)
      throw EngineError(.internalFailure, "The engine has no such table.")
    }
    return appender
  }

  /// Of the error that this thread's last engine call gave.
  private static func lastRowFault() -> RowFault? {
    let fault = cdb_last_row_fault()
    guard fault.line > 0 else { return nil }
    let reason: RowFault.Reason =
      switch Int(fault.reason) {
      case CDB_ROW_WIDTH: .width
      case CDB_ROW_ENCODING: .encoding
      case CDB_ROW_QUOTE: .quote
      case CDB_ROW_VALUE: .value
      default: .unknown
      }
    let column = withUnsafeBytes(of: fault.column) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return RowFault(line: fault.line, reason: reason, claimedColumn: column)
  }

  /// Only the kind of an engine error is kept, and the place of the row that it is about.
  static func error(_ type: Int32) -> EngineError {
    switch Int(type) {
    // The engine calls a CSV row that does not parse an invalid input.
    case CDB_ERROR_CONVERSION, CDB_ERROR_OUT_OF_RANGE, CDB_ERROR_INVALID_INPUT:
      EngineError(.conversionFailed, "A value does not fit the type it should have.", row: lastRowFault())
    case CDB_ERROR_IO, CDB_ERROR_PERMISSION:
      EngineError(.sourceUnreadable, "A file could not be read or written.")
    case CDB_ERROR_INTERRUPT: EngineError(.interrupted, "The work was stopped.")
    case CDB_ERROR_OUT_OF_MEMORY:
      EngineError(.outOfMemory, "The configured memory and spill limits are too small for this query.")
    default: EngineError(.internalFailure, "The engine could not run the query.")
    }
  }
}

/// A streaming result; used by one thread at a time.
final class EngineResult {
  private var result: cdb_result
  private let connection: EngineConnection

  init(_ result: cdb_result, of connection: EngineConnection) {
    self.result = result
    self.connection = connection
  }

  deinit { cdb_destroy_result(&result) }

  /// Names and types; a type that has no place in a batch is nil.
  var columns: [(name: String, type: ColumnType?)] {
    (0..<cdb_column_count(&result)).map { index in
      var type = cdb_column_type(&result, index)
      defer { cdb_destroy_type(&type) }
      return (cdb_column_name(&result, index).map { String(cString: $0) } ?? "", EngineTypes.columnType(type))
    }
  }

  /// Hands the next chunk to `body`; false at the end.
  func fetch(_ body: (cdb_chunk, Int) -> Void) throws(EngineError) -> Bool {
    var error: Int32 = 0
    var chunk = cdb_fetch(&result, &error)
    guard error == 0 else { throw EngineConnection.error(error) }
    guard let current = chunk else { return false }
    let count = Int(cdb_chunk_size(current))
    if count > 0 { body(current, count) }
    cdb_destroy_chunk(&chunk)
    return count > 0
  }
}
