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
    let root = root(of: reference)
    let members = parents.keys.filter { self.root(of: $0) == root }.map(label).sorted()
    return "join:" + members.joined(separator: "=")
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
