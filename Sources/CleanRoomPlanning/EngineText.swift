import CleanRoomModel
import CleanRoomPolicy

/// The one place that writes engine SQL for names and constants.
enum EngineText {
  static func identifier(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// NUL would end the text early on its way through C, so it is written as a call.
  static func string(_ value: String) -> String {
    let parts = value.split(separator: "\0", omittingEmptySubsequences: false)
      .map { "'" + $0.replacing("'", with: "''") + "'" }
    return parts.count == 1 ? parts[0] : "(" + parts.joined(separator: " || chr(0) || ") + ")"
  }

  static func type(_ type: ColumnType) -> String {
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

  static func literal(_ literal: TypedLiteral) -> String {
    switch literal {
    case .null(let type): "CAST(NULL AS \(self.type(type)))"
    case .boolean(let value): value ? "TRUE" : "FALSE"
    case .integer(let value): value < 0 ? "(\(value))" : "\(value)"
    case .decimal(let digits, let precision, let scale):
      "CAST('\(digits)' AS DECIMAL(\(precision),\(scale)))"
    case .double(let value): "CAST('\(value)' AS DOUBLE)"
    case .string(let value): string(value)
    case .date(let days): "(DATE '1970-01-01' + CAST(\(days) AS INTEGER))"
    case .timestamp(let microseconds): "make_timestamp(CAST(\(microseconds) AS BIGINT))"
    }
  }
}
