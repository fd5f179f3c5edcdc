/// The type of a column, in the vocabulary of Spark SQL.
public enum ColumnType: Hashable, Sendable {
  case boolean
  case tinyint
  case smallint
  case integer
  case bigint
  /// Exact decimal; precision 1 to 38, scale 0 to precision.
  case decimal(precision: Int, scale: Int)
  case real
  case double
  case string
  case date
  /// Microseconds since 1970-01-01T00:00:00, without a time zone.
  case timestamp
  case binary

  public var isInteger: Bool {
    switch self {
    case .tinyint, .smallint, .integer, .bigint: true
    default: false
    }
  }

  public var isNumeric: Bool {
    switch self {
    case .tinyint, .smallint, .integer, .bigint, .decimal, .real, .double: true
    default: false
    }
  }
}

extension ColumnType: CustomStringConvertible, Codable {
  /// The name in a schema, as AWS Glue and Spark write it: `string`, `int`, `decimal(12,2)`.
  public var description: String {
    switch self {
    case .boolean: "boolean"
    case .tinyint: "tinyint"
    case .smallint: "smallint"
    case .integer: "int"
    case .bigint: "bigint"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .real: "float"
    case .double: "double"
    case .string: "string"
    case .date: "date"
    case .timestamp: "timestamp"
    case .binary: "binary"
    }
  }

  /// Reads a type name in any of its usual spellings (`varchar(20)`, `INTEGER`, `numeric(10,2)`); nil if unknown.
  public init?(name: String) {
    let text = name.lowercased().filter { $0 != " " }
    let base = String(text.prefix { $0 != "(" })
    let arguments = Self.arguments(of: text)
    switch base {
    case "boolean", "bool": self = .boolean
    case "tinyint", "byte": self = .tinyint
    case "smallint", "short": self = .smallint
    case "int", "integer": self = .integer
    case "bigint", "long": self = .bigint
    case "decimal", "numeric", "dec":
      let precision = arguments.first ?? 10
      let scale = arguments.count > 1 ? arguments[1] : 0
      guard (1...38).contains(precision), (0...precision).contains(scale) else { return nil }
      self = .decimal(precision: precision, scale: scale)
    case "real", "float": self = .real
    case "double", "doubleprecision": self = .double
    case "string", "varchar", "char", "character", "text": self = .string
    case "date": self = .date
    case "timestamp", "timestamp_ntz", "datetime": self = .timestamp
    case "binary", "varbyte", "blob": self = .binary
    default: return nil
    }
  }

  private static func arguments(of text: String) -> [Int] {
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return [] }
    return text[text.index(after: open)...].dropLast().split(separator: ",").compactMap { Int($0) }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let type = ColumnType(name: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown column type")
    }
    self = type
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
