import CDuckDB
import CleanRoomModel

/// Appends batches to one table, a vector at a time.
final class TableAppender: @unchecked Sendable {
  // Sound: used on one connection's serial queue only; deinit runs alone.
  private var appender: cdb_appender?
  private var chunk: cdb_chunk?
  private let columns: Int

  init(_ appender: cdb_appender, contents: [ColumnContent]) throws(EngineError) {
    self.appender = appender
    columns = contents.count
    var types = contents.map { EngineTypes.create($0) }
    chunk = cdb_create_chunk(&types, idx_t(types.count))
    for index in types.indices { cdb_destroy_type(&types[index]) }
    guard chunk != nil else { throw EngineError(.internalFailure, "The engine could not make room for a batch.") }
  }

  deinit {
    if chunk != nil { cdb_destroy_chunk(&chunk) }
    cdb_destroy_appender(&appender)
  }

  func append(_ batch: ColumnBatch) throws(EngineError) {
    let step = Int(cdb_vector_size())
    var first = 0
    while first < batch.rowCount {
      let count = min(step, batch.rowCount - first)
      cdb_reset_chunk(chunk)
      for index in 0..<columns {
        Self.fill(cdb_chunk_vector(chunk, idx_t(index)), from: batch.columns[index], first: first, count: count)
      }
      cdb_set_chunk_size(chunk, idx_t(count))
      try check(cdb_append(appender, chunk))
      first += count
    }
  }

  func flush() throws(EngineError) { try check(cdb_flush_appender(appender)) }

  /// The appender reports no kind of error; running out of room is the one that well-typed batches can meet.
  private func check(_ state: Int32) throws(EngineError) {
    guard state == CDB_SUCCESS else { throw EngineConnection.error(Int32(CDB_ERROR_OUT_OF_MEMORY)) }
  }

  private static func fill(_ vector: cdb_vector?, from column: ColumnVector, first: Int, count: Int) {
    if let validity = column.validity {
      cdb_vector_make_validity(vector)
      copyValidity(validity, to: cdb_vector_validity(vector), first: first, count: count)
    }
    guard let target = cdb_vector_data(vector) else { return }
    switch column.storage {
    case .int8(let values): copy(values, first, count, to: target)
    case .int16(let values): copy(values, first, count, to: target)
    case .int32(let values): copy(values, first, count, to: target)
    case .int64(let values): copy(values, first, count, to: target)
    case .int128(let values): copy(values, first, count, to: target)
    case .float(let values): copy(values, first, count, to: target)
    case .double(let values): copy(values, first, count, to: target)
    case .bytes(let offsets, let data):
      data.withUnsafeBufferPointer { data in
        cdb_strings_assign(vector, offsets, data.baseAddress, column.validity, first, count)
      }
    }
  }

  private static func copy<Value>(_ values: [Value], _ first: Int, _ count: Int, to target: UnsafeMutableRawPointer) {
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      target.copyMemory(
        from: UnsafeRawPointer(base + first), byteCount: count * MemoryLayout<Value>.stride)
    }
  }

  /// Batches are cut at multiples of 64 rows, so whole words can be copied.
  private static func copyValidity(
    _ validity: [UInt64], to target: UnsafeMutablePointer<UInt64>?, first: Int, count: Int
  ) {
    guard let target else { return }
    let word = first >> 6
    for index in 0..<((count + 63) >> 6) { target[index] = validity[word + index] }
  }
}
