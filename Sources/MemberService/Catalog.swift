import CleanRoomEngine
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomStore

/// A catalog table's name; like Glue, it does not tell upper case from lower case.
struct CatalogName: Hashable, Sendable, CustomStringConvertible {
  let database: String
  let table: String

  init(_ database: String, _ table: String) {
    self.database = database.lowercased()
    self.table = table.lowercased()
  }

  var description: String { "\(database).\(table)" }
}

extension CatalogTable {
  var name: CatalogName { CatalogName(databaseName, tableName) }
}

extension ConfiguredTableRecord {
  var catalogName: CatalogName { CatalogName(databaseName, tableName) }
}

/// A column that a catalog table has.
struct CatalogColumn: Sendable, Equatable {
  /// Lower case.
  var name: String
  /// Nil where the source's type has no counterpart: the column cannot be used.
  var type: ColumnType?
  var keyForm: KeyForm?
}

/// The organization's raw tables: the only way to their rows.
struct Catalog: Sendable {
  private let tables: [CatalogName: CatalogTable]
  private let database: SourceDatabase
  private let store: DocumentStore

  init(tables: [CatalogTable], limits: EngineLimits, store: DocumentStore) throws(EngineError) {
    self.tables = Dictionary(tables.map { ($0.name, $0) }) { first, _ in first }
    self.store = store
    database = try SourceDatabase(sources: tables.map(\.source), limits: limits)
  }

  var names: [CatalogName] { tables.keys.sorted { $0.description < $1.description } }

  func has(_ name: CatalogName) -> Bool { tables[name] != nil }

  /// The columns that the table's source has at this moment.
  func columns(of name: CatalogName) async throws(SourceProblem) -> [CatalogColumn] {
    let table = try table(name)
    return try await describe(table).columns.map {
      CatalogColumn(name: $0.name, type: $0.type, keyForm: table.keyForms[$0.name])
    }
  }

  /// Reads what a fragment releases. The engine is shown the allowed columns only, so that a withheld one can be
  /// neither read nor filtered by, whatever the fragment says.
  func scan(_ fragment: Fragment, of collaboration: CollaborationID) async throws -> SourceReader {
    guard let record = try configuredTable(named: fragment.table, in: collaboration) else {
      throw ReleaseRefusal(reason: "The table \(fragment.table) is not associated any more.")
    }
    let allowed = Set(record.allowedColumns)
    guard fragment.columns.allSatisfy({ $0.use == .presence || allowed.contains($0.column) }) else {
      throw ReleaseRefusal(
        reason: "The query needs a column of \(fragment.table) that is not allowed any more.")
    }
    var description = try await describe(try table(record.catalogName))
    description.columns.removeAll { !allowed.contains($0.name) }
    return try await database.scan(
      fragment.sql(relation: description.sql), columns: Set(description.columns.map(\.name)))
  }

  private func configuredTable(named name: String, in collaboration: CollaborationID) throws
    -> ConfiguredTableRecord?
  {
    try store.read { reader in
      let association = try reader.list(.associations).map(\.value)
        .first { $0.collaboration == collaboration && $0.name == name }
      return try association.flatMap { try reader.get(.configuredTables, $0.configuredTable.value)?.value }
    }
  }

  private func table(_ name: CatalogName) throws(SourceProblem) -> CatalogTable {
    guard let table = tables[name] else {
      throw SourceProblem(
        ownerMessage:
          "Table \(name) is not in the catalog of this member daemon. Add it under catalog in member.yaml and start the daemon again.",
        publicMessage: "its owner's catalog does not have the table")
    }
    return table
  }

  private func describe(_ table: CatalogTable) async throws(SourceProblem) -> SourceDescription {
    try await Self.describe(table, in: database)
  }

  static func describe(_ table: CatalogTable, in database: SourceDatabase) async throws(SourceProblem)
    -> SourceDescription
  {
    let description: SourceDescription
    do {
      description = try await database.describe(table.source)
    } catch let problem as SourceProblem {
      throw problem
    } catch {
      throw SourceProblem(
        ownerMessage: "The member's engine could not open the source of table \(table.name).",
        publicMessage: "the owner's engine could not read its source")
    }
    for key in table.keyForms.keys.sorted() where !description.columns.contains(where: { $0.name == key }) {
      throw SourceProblem(
        ownerMessage: "The source of table \(table.name) has no column \(key), which keys.\(key) describes.",
        publicMessage: "its source does not have the configured columns")
    }
    return description
  }
}
