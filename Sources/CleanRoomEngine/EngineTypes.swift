import CDuckDB
import CleanRoomModel

/// The correspondence between the engine's types and ours.
enum EngineTypes {
  static func columnType(_ type: cdb_type?) -> ColumnType? {
    switch cdb_type_id(type) {
    case id(CDB_BOOLEAN): .boolean
    case id(CDB_TINYINT): .tinyint
    case id(CDB_SMALLINT): .smallint
    case id(CDB_INTEGER): .integer
    case id(CDB_BIGINT): .bigint
    case id(CDB_FLOAT): .real
    case id(CDB_DOUBLE): .double
    case id(CDB_TIMESTAMP): .timestamp
    case id(CDB_DATE): .date
    case id(CDB_VARCHAR): .string
    case id(CDB_BLOB): .binary
    case id(CDB_DECIMAL):
      .decimal(precision: Int(cdb_decimal_width(type)), scale: Int(cdb_decimal_scale(type)))
    default: nil
    }
  }

  /// The engine's type for a column of a batch. The caller destroys it.
  static func create(_ content: ColumnContent) -> cdb_type? {
    switch content {
    case .token: cdb_create_type(id(CDB_HUGEINT))
    case .value(.decimal(let precision, let scale)): cdb_create_decimal_type(UInt8(precision), UInt8(scale))
    case .value(let type): cdb_create_type(identifier(of: type))
    }
  }

  private static func identifier(of type: ColumnType) -> Int32 {
    switch type {
    case .boolean: id(CDB_BOOLEAN)
    case .tinyint: id(CDB_TINYINT)
    case .smallint: id(CDB_SMALLINT)
    case .integer: id(CDB_INTEGER)
    case .bigint: id(CDB_BIGINT)
    case .decimal: id(CDB_DECIMAL)
    case .real: id(CDB_FLOAT)
    case .double: id(CDB_DOUBLE)
    case .string: id(CDB_VARCHAR)
    case .date: id(CDB_DATE)
    case .timestamp: id(CDB_TIMESTAMP)
    case .binary: id(CDB_BLOB)
    }
  }

  /// The type's name in engine SQL.
  static func sql(_ content: ColumnContent) -> String {
    switch content {
    case .token: "HUGEINT"
    case .value(let type): sql(type)
    }
  }

  static func sql(_ type: ColumnType) -> String {
    switch type {
    case .boolean: "BOOLEAN"
    case .tinyint: "TINYINT"
    case .smallint: "SMALLINT"
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
    case .real: "FLOAT"
    case .double: "DOUBLE"
    case .string: "VARCHAR"
    case .date: "DATE"
    case .timestamp: "TIMESTAMP"
    case .binary: "BLOB"
    }
  }

  private static func id<Constant: BinaryInteger>(_ constant: Constant) -> Int32 { Int32(constant) }
}
