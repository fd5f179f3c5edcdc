/// Rows by column: the form in which data moves between an engine, the release gate and the link.
public struct ColumnBatch: Sendable, Equatable {
  public var rowCount: Int
  public var columns: [ColumnVector]

  public init(rowCount: Int, columns: [ColumnVector]) {
    self.rowCount = rowCount
    self.columns = columns
  }

  /// Size of the values in memory, in bytes.
  public var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}

/// One column of a batch.
public struct ColumnVector: Sendable, Equatable {
  /// Bit `i % 64` of word `i / 64` is set when row `i` holds a value; nil when every row does.
  /// Bits past the last row are zero. Storage under a cleared bit is zero (or empty).
  public var validity: [UInt64]?
  public var storage: Storage

  public enum Storage: Sendable, Equatable {
    /// BOOLEAN (0 or 1) and TINYINT.
    case int8([Int8])
    /// SMALLINT, and DECIMAL up to 4 digits (unscaled).
    case int16([Int16])
    /// INT, DATE (days since 1970-01-01), and DECIMAL up to 9 digits (unscaled).
    case int32([Int32])
    /// BIGINT, TIMESTAMP (microseconds), and DECIMAL up to 18 digits (unscaled).
    case int64([Int64])
    /// DECIMAL up to 38 digits (unscaled), and match tokens.
    case int128([Int128])
    case float([Float])
    case double([Double])
    /// STRING (UTF-8) and BINARY: row `i` is `data[offsets[i]..<offsets[i + 1]]`; one more offset than rows.
    case bytes(offsets: [UInt32], data: [UInt8])
  }

  public init(validity: [UInt64]? = nil, storage: Storage) {
    self.validity = validity
    self.storage = storage
  }

  public func isValid(_ row: Int) -> Bool {
    guard let validity else { return true }
    return validity[row >> 6] & (1 << UInt64(row & 63)) != 0
  }

  public var count: Int {
    switch storage {
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .int128(let values): values.count
    case .float(let values): values.count
    case .double(let values): values.count
    case .bytes(let offsets, _): max(offsets.count - 1, 0)
    }
  }

  public var byteCount: Int {
    let size =
      switch storage {
      case .int8(let values): values.count
      case .int16(let values): values.count * 2
      case .int32(let values): values.count * 4
      case .int64(let values): values.count * 8
      case .int128(let values): values.count * 16
      case .float(let values): values.count * 4
      case .double(let values): values.count * 8
      case .bytes(let offsets, let data): offsets.count * 4 + data.count
      }
    return size + (validity?.count ?? 0) * 8
  }
}

/// What a column of a batch holds: a value of a type, or the match tokens of a key column.
public enum ColumnContent: Hashable, Sendable, Codable {
  case value(ColumnType)
  case token

  /// How the content is stored in a `ColumnVector`.
  public var physical: PhysicalType {
    switch self {
    case .token: .int128
    case .value(let type): type.physical
    }
  }
}

/// The storage case that a type uses.
public enum PhysicalType: UInt8, Sendable {
  case int8 = 1
  case int16 = 2
  case int32 = 3
  case int64 = 4
  case int128 = 5
  case float = 6
  case double = 7
  case bytes = 8
}

extension ColumnType {
  /// How values of this type are stored in a `ColumnVector`.
  public var physical: PhysicalType {
    switch self {
    case .boolean, .tinyint: .int8
    case .smallint: .int16
    case .integer, .date: .int32
    case .bigint, .timestamp: .int64
    case .decimal(let precision, _):
      precision <= 4 ? .int16 : precision <= 9 ? .int32 : precision <= 18 ? .int64 : .int128
    case .real: .float
    case .double: .double
    case .string, .binary: .bytes
    }
  }
}

/// Name and content of a batch's column.
public struct ColumnDescription: Hashable, Sendable, Codable {
  public var name: String
  public var content: ColumnContent

  public init(name: String, content: ColumnContent) {
    self.name = name
    self.content = content
  }
}
