import CleanRoomModel
import CleanRoomSQL

/// A column that a query can name.
struct ScopeColumn {
  /// The table's name or alias, in lower case; nil for a column that USING or NATURAL made of two.
  let qualifier: String?
  /// As it is shown; names are compared without regard to case.
  let name: String
  let expression: ResolvedExpression
}

/// The columns of one FROM and how names find them.
struct CustomScope {
  /// What `*` stands for, in order.
  private(set) var columns: [ScopeColumn]
  /// Columns that only their qualifier reaches, because USING or NATURAL merged them.
  private var merged: [ScopeColumn]
  private var byName: [String: [ScopeColumn]] = [:]
  private var byQualifier: [String: [String: [ScopeColumn]]] = [:]
  private(set) var qualifiers: Set<String>

  init(columns: [ScopeColumn] = [], merged: [ScopeColumn] = [], qualifiers: Set<String> = []) {
    self.columns = columns
    self.merged = merged
    self.qualifiers = qualifiers
    for column in columns { byName[column.name.lowercased(), default: []].append(column) }
    for column in columns + merged {
      guard let qualifier = column.qualifier else { continue }
      byQualifier[qualifier, default: [:]][column.name.lowercased(), default: []].append(column)
    }
  }

  /// - Returns: every column of that name; more than one is ambiguous.
  func columns(named name: Identifier, of qualifier: Identifier?) -> [ScopeColumn] {
    guard let qualifier else { return byName[name.name.lowercased()] ?? [] }
    return byQualifier[qualifier.name.lowercased()]?[name.name.lowercased()] ?? []
  }

  /// Columns by whatever name, merged ones included.
  var size: Int { columns.count + merged.count }

  /// For `t.*`.
  func columns(of qualifier: Identifier) -> [ScopeColumn]? {
    let name = qualifier.name.lowercased()
    guard qualifiers.contains(name) else { return nil }
    return (columns + merged).filter { $0.qualifier == name }
  }

  func has(_ qualifier: Identifier) -> Bool { qualifiers.contains(qualifier.name.lowercased()) }

  /// Two sides of a join, before USING.
  func joined(with other: CustomScope) -> CustomScope {
    CustomScope(
      columns: columns + other.columns, merged: merged + other.merged,
      qualifiers: qualifiers.union(other.qualifiers))
  }

  /// USING and NATURAL: one column for each name comes first, then what is left of both sides.
  func joined(with other: CustomScope, merging shared: [(name: String, expression: ResolvedExpression)])
    -> CustomScope
  {
    let names = Set(shared.map { $0.name.lowercased() })
    let all = columns + other.columns
    let hidden = all.filter { names.contains($0.name.lowercased()) && $0.qualifier != nil }
    let rest = all.filter { !names.contains($0.name.lowercased()) }
    return CustomScope(
      columns: shared.map { ScopeColumn(qualifier: nil, name: $0.name, expression: $0.expression) } + rest,
      merged: merged + other.merged + hidden, qualifiers: qualifiers.union(other.qualifiers))
  }
}

extension TableExpression {
  /// How many tables the join names.
  var sourceCount: Int {
    guard case .join(let join) = self else { return 1 }
    return join.left.sourceCount + join.right.sourceCount
  }
}

extension JoinKind {
  /// Semi and anti joins.
  var showsLeftOnly: Bool { self == .leftSemi || self == .leftAnti }
}
