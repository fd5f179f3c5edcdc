import CleanRoomModel
import CleanRoomSQL

/// A table of the query, tied to the published table and the rule of its owner. A class, for it is large and looked at
/// for every column.
final class BoundTable: Sendable {
  let published: PublishedTable
  /// What the query calls it: the alias, or the table's name.
  let exposedName: String
  let hasAlias: Bool
  /// In lower case.
  let foldedName: String
  let span: SourceSpan
  let columns: ColumnIndex
  /// Nil where the table cannot be queried; a reason has been given.
  let grants: TableGrants?

  init(_ published: PublishedTable, as name: TableName, grants: TableGrants?) {
    self.published = published
    exposedName = name.alias?.name ?? published.name
    hasAlias = name.alias != nil
    foldedName = exposedName.lowercased()
    span = name.span
    columns = ColumnIndex(published.columns)
    self.grants = grants
  }

  /// The table and whose rule it carries, for messages.
  var label: String { "table \(published.name) (account \(published.owner))" }

  /// A quoted qualifier must be spelled exactly.
  func answers(to qualifier: Identifier) -> Bool {
    qualifier.isQuoted ? exposedName == qualifier.name : foldedName == qualifier.name
  }
}

/// A table's columns by name. Few are looked for one after the other.
struct ColumnIndex: Sendable {
  private let columns: [PublishedColumn]
  private let places: [String: Int]

  init(_ columns: [PublishedColumn]) {
    self.columns = columns
    places =
      columns.count <= 16
      ? [:] : Dictionary(zip(columns.map(\.name), columns.indices), uniquingKeysWith: { first, _ in first })
  }

  subscript(name: String) -> PublishedColumn? {
    let place = places.isEmpty ? columns.firstIndex { $0.name == name } : places[name]
    return place.map { columns[$0] }
  }
}

/// A column of a bound table.
struct BoundColumn {
  let reference: ColumnReference
  let published: PublishedColumn

  var expression: ResolvedExpression { .column(reference, published.type) }
}

/// The tables of the query and how names find their columns.
struct TableScope {
  private(set) var tables: [BoundTable] = []
  /// Columns that USING made one.
  private var merged: [String: ColumnReference] = [:]
  /// Something in FROM could not be bound: names that find nothing may belong there.
  var isIncomplete = false

  enum Lookup {
    case found(BoundColumn)
    case missing
    case ambiguous([Int])
    case unknownQualifier
  }

  mutating func bind(_ table: BoundTable) { tables.append(table) }

  /// Tables that have a column of this name, in FROM order.
  private func holders(of name: String) -> [Int] { tables.indices.filter { tables[$0].columns[name] != nil } }

  mutating func merge(_ name: String, into column: ColumnReference) { merged[name] = column }

  func look(up name: String, qualifier: Identifier?) -> Lookup {
    guard let qualifier else { return look(up: name) }
    guard let index = tables.firstIndex(where: { $0.answers(to: qualifier) }) else {
      return .unknownQualifier
    }
    return column(name, of: index).map(Lookup.found) ?? .missing
  }

  private func look(up name: String) -> Lookup {
    if let reference = merged[name], let column = column(name, of: reference.table) { return .found(column) }
    let indices = holders(of: name)
    guard indices.count <= 1 else { return .ambiguous(indices) }
    return indices.first.flatMap { column(name, of: $0) }.map(Lookup.found) ?? .missing
  }

  /// For USING: the column among all tables but the newest.
  func lookLeft(up name: String) -> Lookup {
    if let reference = merged[name], let column = column(name, of: reference.table) { return .found(column) }
    let indices = holders(of: name).filter { $0 < tables.count - 1 }
    guard indices.count <= 1 else { return .ambiguous(indices) }
    return indices.first.flatMap { column(name, of: $0) }.map(Lookup.found) ?? .missing
  }

  func column(_ name: String, of index: Int) -> BoundColumn? {
    tables[index].columns[name].map {
      BoundColumn(reference: ColumnReference(table: index, name: name), published: $0)
    }
  }

  func hasColumn(named name: String) -> Bool { tables.contains { $0.columns[name] != nil } }
}
