import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomModel

/// A table that the configuration lets a `tableReference` name.
public struct CatalogTable: Sendable, Equatable {
  public var databaseName: String
  public var tableName: String
  public var source: TableSource
  /// By lower-case column name.
  var keyForms: [String: KeyForm]
}

/// Reads the `catalog` of a `member.yaml`.
enum CatalogConfiguration {
  static func tables(_ catalog: ConfigurationReader) throws(ConfigurationError) -> [CatalogTable] {
    var tables: [CatalogTable] = []
    for databaseName in catalog.keys {
      let database = try catalog.mapping(databaseName)
      for tableName in database.keys {
        let table = try table(tableName, in: databaseName, try database.mapping(tableName))
        guard !tables.contains(where: { $0.name == table.name }) else {
          throw database.fail(tableName, "occurs twice: names differ only in case", "Rename one")
        }
        tables.append(table)
      }
    }
    return tables
  }

  private static func table(
    _ tableName: String, in databaseName: String, _ reader: ConfigurationReader
  ) throws(ConfigurationError) -> CatalogTable {
    let (format, file) = try source(try reader.mapping("source"))
    var source = TableSource(format: format, files: [file], types: [:], derived: [])
    var keyForms: [String: KeyForm] = [:]
    if let columns = try reader.optionalMapping("columns") {
      for name in columns.keys { try add(name, try columns.mapping(name), to: &source, &keyForms) }
    }
    if let keys = try reader.optionalMapping("keys") {
      for name in keys.keys { keyForms[name.lowercased()] = try keyForm(try keys.mapping(name)) }
    }
    try reader.finish()
    return CatalogTable(databaseName: databaseName, tableName: tableName, source: source, keyForms: keyForms)
  }

  private static let laterSources = ["sqlite", "postgres", "duckdb", "s3"]

  private static func source(_ reader: ConfigurationReader) throws(ConfigurationError) -> (
    TableSource.Format, String
  ) {
    for name in laterSources where reader.has(name) {
      throw reader.fail(name, "is not available in this version", "Use a csv, parquet or json source")
    }
    let formats: [TableSource.Format] = [.csv, .parquet, .json]
    let named = formats.filter { reader.has($0.rawValue) }
    try reader.finish()
    guard named.count == 1 else {
      throw reader.fail(
        "csv", "should be the only source, or parquet or json instead", "Name exactly one source")
    }
    return (named[0], try reader.path(named[0].rawValue))
  }

  /// `{type: …}` overrides a type; `{sha256: COLUMN, normalize: FORM}` derives a key column.
  private static func add(
    _ name: String, _ column: ConfigurationReader, to source: inout TableSource,
    _ keyForms: inout [String: KeyForm]
  ) throws(ConfigurationError) {
    if let origin = try column.optionalString("sha256") {
      let form = try column.optionalString("normalize") ?? KeyForm.none.rawValue
      guard let normalize = KeyForm(rawValue: form), normalize != .sha256Hex else {
        throw column.fail("normalize", "should be none, email, phone, lowercase or trim", "Correct it")
      }
      source.derived.append(.init(name: name.lowercased(), source: origin, normalize: normalize))
      keyForms[name.lowercased()] = .sha256Hex
    } else {
      guard let type = ColumnType(name: try column.string("type")) else {
        throw column.fail(
          "type", "is not a known column type", "Use one such as string, bigint, decimal(12,2) or date")
      }
      source.types[name.lowercased()] = type
    }
    try column.finish()
  }

  private static func keyForm(_ key: ConfigurationReader) throws(ConfigurationError) -> KeyForm {
    guard let form = KeyForm(rawValue: try key.string("form")) else {
      let known = KeyForm.allCases.map(\.rawValue).joined(separator: ", ")
      throw key.fail("form", "is not a known key form", "Use one of: \(known)")
    }
    try key.finish()
    return form
  }
}
