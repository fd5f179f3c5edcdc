import CleanRoomModel
import CleanRoomPolicy

/// Names the key under which each column's tokens are made: columns that the query joins share one, all others have
/// their own, so that nothing can be matched that the query does not match.
struct TokenDomains {
  private let query: ApprovedQuery
  private let joinsDifferentNames: Bool
  private var parents: [ColumnReference: ColumnReference] = [:]

  init(_ query: ApprovedQuery, joinsDifferentNames: Bool) {
    self.query = query
    self.joinsDifferentNames = joinsDifferentNames
    for condition in query.joins {
      for (left, right) in condition.equalities { unite(left, right) }
    }
  }

  func domain(of reference: ColumnReference) -> String {
    guard parents[reference] != nil else { return "own:" + label(reference) }
    guard joinsDifferentNames else { return "column:" + reference.name }
    return "join:" + joined(to: reference).map(label).sorted().joined(separator: "=")
  }

  /// How the key is written: as its owner declares it, or else as the columns it is joined to are declared, which the
  /// policy has found to agree.
  func form(of reference: ColumnReference) -> KeyForm? {
    declaredForm(of: reference) ?? joined(to: reference).lazy.compactMap(declaredForm).first
  }

  private func declaredForm(of reference: ColumnReference) -> KeyForm? {
    query.tables[reference.table].column(reference.name)?.declaredForm
  }

  /// The columns of one join class.
  private func joined(to reference: ColumnReference) -> [ColumnReference] {
    let root = root(of: reference)
    return parents.keys.filter { self.root(of: $0) == root }
  }

  private func label(_ reference: ColumnReference) -> String {
    query.tables[reference.table].name + "." + reference.name
  }

  private func root(of reference: ColumnReference) -> ColumnReference {
    var current = reference
    while let parent = parents[current], parent != current { current = parent }
    return current
  }

  private mutating func unite(_ left: ColumnReference, _ right: ColumnReference) {
    for reference in [left, right] where parents[reference] == nil { parents[reference] = reference }
    parents[root(of: left)] = root(of: right)
  }
}
