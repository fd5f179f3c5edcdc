import CleanRoomModel

/// Why bytes are not a batch. Says nothing about their content.
public enum BatchError: Error, Sendable, Equatable {
  case truncated
  case trailingBytes
  case unknownFormat
  case unexpectedColumns
  case tooLarge
  case malformedColumn(Int)
}

public struct BatchLimits: Sendable {
  public var rows = 1 << 20
  /// Bytes of one whole batch.
  public var bytes = 64 << 20

  public init() {}
  public static let standard = BatchLimits()
}

/// Batches as bytes: a small header, then for every column its validity and raw little-endian values.
///
///     "CRB1"  u64 sequence  u32 rows  u32 columns
///     per column: u8 physical type, u8 has validity, u16 zero, u32 data bytes,
///                 [validity: 8 bytes for every 64 rows], [offsets: u32 for every row and one more], data
public enum BatchCodec {
  static let magic = Array("CRB1".utf8)

  public static func encode(_ batch: ColumnBatch, columns: [ColumnContent], sequence: UInt64) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(batch.byteCount + 32 + columns.count * 8)
    output += magic
    append(sequence, to: &output)
    append(UInt32(batch.rowCount), to: &output)
    append(UInt32(batch.columns.count), to: &output)
    for (column, content) in zip(batch.columns, columns) { append(column, content.physical, to: &output) }
    return output
  }

  private static func append(_ column: ColumnVector, _ physical: PhysicalType, to output: inout [UInt8]) {
    output += [physical.rawValue, column.validity == nil ? 0 : 1, 0, 0]
    append(UInt32(dataSize(column.storage)), to: &output)
    if let validity = column.validity { append(values: validity, to: &output) }
    switch column.storage {
    case .int8(let values): append(values: values, to: &output)
    case .int16(let values): append(values: values, to: &output)
    case .int32(let values): append(values: values, to: &output)
    case .int64(let values): append(values: values, to: &output)
    case .int128(let values): append(values: values, to: &output)
    case .float(let values): append(values: values, to: &output)
    case .double(let values): append(values: values, to: &output)
    case .bytes(let offsets, let data):
      append(values: offsets, to: &output)
      output += data
    }
  }

  private static func dataSize(_ storage: ColumnVector.Storage) -> Int {
    switch storage {
    case .int8(let values): values.count
    case .int16(let values): values.count * 2
    case .int32(let values): values.count * 4
    case .int64(let values): values.count * 8
    case .int128(let values): values.count * 16
    case .float(let values): values.count * 4
    case .double(let values): values.count * 8
    case .bytes(_, let data): data.count
    }
  }

  /// All supported machines are little-endian, so memory is already in wire order.
  private static func append<Value>(values: [Value], to output: inout [UInt8]) {
    values.withUnsafeBytes { output.append(contentsOf: $0) }
  }

  private static func append<Value: FixedWidthInteger>(_ value: Value, to output: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) }
  }

  /// - Returns: the batch and its place in the stream. Every count, length and offset has been checked.
  public static func decode(
    _ bytes: [UInt8], expecting columns: [ColumnContent], limits: BatchLimits = .standard
  ) throws(BatchError) -> (batch: ColumnBatch, sequence: UInt64) {
    guard bytes.count <= limits.bytes else { throw .tooLarge }
    var reader = BatchReader(bytes)
    guard try reader.bytes(4) == magic[...] else { throw .unknownFormat }
    let sequence: UInt64 = try reader.integer()
    let rows = Int(try reader.integer() as UInt32)
    guard rows <= limits.rows else { throw .tooLarge }
    guard Int(try reader.integer() as UInt32) == columns.count else { throw .unexpectedColumns }
    var vectors: [ColumnVector] = []
    for (index, content) in columns.enumerated() {
      vectors.append(try reader.column(index, content, rows: rows))
    }
    guard reader.isAtEnd else { throw .trailingBytes }
    return (ColumnBatch(rowCount: rows, columns: vectors), sequence)
  }
}
