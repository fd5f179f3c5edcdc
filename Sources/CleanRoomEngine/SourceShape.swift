import CleanRoomModel

/// Writes the engine SQL that reads a source: how its columns are found, and how they are read once known.
struct SourceShape {
  private let source: TableSource
  private let raw: [(name: String, type: ColumnType?, engineType: String)]
  /// The catalog's types by lower-case name: columns are the same whatever case they are written in.
  private let types: [String: ColumnType]

  init(source: TableSource, raw: [(name: String, type: ColumnType?, engineType: String)]) {
    self.source = source
    self.raw = raw
    types = Dictionary(source.types.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// An empty unquoted CSV field is NULL, `""` is an empty string; RFC 4180 fixes the rest.
  private static let csvForm =
    "auto_detect = true, files_to_sniff = -1, header = true, skip = 0, comment = '', delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false"

  static func sniffing(_ source: TableSource) -> String {
    let files = list(source.files)
    switch source.format {
    case .csv: return "read_csv(\(files), \(csvForm))"
    case .parquet: return "read_parquet(\(files))"
    case .json: return "read_json(\(files))"
    }
  }

  /// The rows of a CSV source as text.
  static func text(_ source: TableSource, columns: [String]) -> String {
    let list = columns.map { "\(EngineSQL.string($0)): 'VARCHAR'" }.joined(separator: ", ")
    return "read_csv(\(Self.list(source.files)), \(csvForm), auto_detect = false, columns = {\(list)})"
  }

  func description() throws -> SourceDescription {
    let names = raw.map { $0.name.lowercased() }
    guard Set(names).count == names.count else {
      throw problem("has two columns whose names differ only in case, or not at all. Rename one.")
    }
    for name in source.types.keys.sorted() where !names.contains(name.lowercased()) {
      throw problem(
        "has no column \(name), which columns.\(name) gives a type. Correct or remove it in the catalog of member.yaml."
      )
    }
    var columns = zip(names, raw).map { name, column in
      let type = types[name] ?? column.type
      return SourceDescription.Column(name: name, type: type, expression: expression(column, type))
    }
    for derived in source.derived {
      guard let index = names.firstIndex(of: derived.source.lowercased()) else {
        throw problem(
          "has no column \(derived.source), from which columns.\(derived.name) is derived. Correct it in the catalog of member.yaml."
        )
      }
      let name = derived.name.lowercased()
      columns.removeAll { $0.name == name }
      columns.append(
        SourceDescription.Column(
          name: name, type: .string,
          expression: "sha256(\(Self.normalized(EngineSQL.identifier(raw[index].name), derived.normalize)))"))
    }
    return SourceDescription(columns: columns, relation: reading())
  }

  /// CSV is read with the types pinned, so that a scan never infers again. Types go with names, not with places: a file
  /// whose columns stand in another order must not pass one column off as another.
  private func reading() -> String {
    switch source.format {
    case .csv:
      let columns = raw.map { column in
        let type = types[column.name.lowercased()] ?? column.type
        return "\(EngineSQL.string(column.name)): \(EngineSQL.string(type.map { EngineTypes.sql($0) } ?? "VARCHAR"))"
      }
      return
        "read_csv(\(Self.list(source.files)), \(Self.csvForm), types = {\(columns.joined(separator: ", "))})"
    case .parquet, .json: return Self.sniffing(source)
    }
  }

  private func expression(_ column: (name: String, type: ColumnType?, engineType: String), _ type: ColumnType?)
    -> String
  {
    let name = EngineSQL.identifier(column.name)
    guard source.format != .csv, let type, EngineTypes.sql(type) != column.engineType else { return name }
    return "CAST(\(name) AS \(EngineTypes.sql(type)))"
  }

  /// The engine's spelling of `KeyNormalizer`.
  static func normalized(_ column: String, _ form: KeyForm) -> String {
    let text = "CAST(\(column) AS VARCHAR)"
    let trimmed = "trim(\(text), E' \\t\\n\\r\\x0B\\x0C')"
    return switch form {
    case .none, .sha256Hex: text
    case .trim: trimmed
    // The engine lowers this letter to one scalar, Unicode to two.
    case .email, .lowercase: "lower(replace(\(trimmed), chr(304), 'i' || chr(775)))"
    case .phone:
      "(CASE WHEN starts_with(\(trimmed), '+') THEN '+' ELSE '' END || regexp_replace(\(text), '[^0-9]', '', 'g'))"
    }
  }

  /// The engine's type names that have a counterpart, and those that are read as one.
  static func columnType(named name: String) -> ColumnType? {
    switch name {
    case "UTINYINT": .smallint
    case "USMALLINT": .integer
    case "UINTEGER": .bigint
    case "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE": .timestamp
    case "UUID": .string
    case "BLOB": .binary
    default: name.hasPrefix("ENUM") ? .string : name.hasSuffix("]") ? nil : ColumnType(name: name)
    }
  }

  private static func list(_ files: [String]) -> String {
    "[" + files.map(EngineSQL.string).joined(separator: ", ") + "]"
  }

  private func problem(_ text: String) -> SourceProblem {
    SourceProblem(
      ownerMessage: "The source \(source.files.joined(separator: ", ")) \(text)",
      publicMessage: "its source does not have the configured columns")
  }
}
