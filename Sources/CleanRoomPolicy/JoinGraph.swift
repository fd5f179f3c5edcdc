/// Which tables the query's inner joins connect, directly or through others.
struct JoinGraph {
  private var parents: [Int] = []

  mutating func addTable() { parents.append(parents.count) }

  mutating func connect(_ left: Int, _ right: Int) { parents[root(of: left)] = root(of: right) }

  func component(of table: Int) -> [Int] {
    let root = root(of: table)
    return parents.indices.filter { self.root(of: $0) == root }
  }

  private func root(of table: Int) -> Int {
    var current = table
    while parents[current] != current { current = parents[current] }
    return current
  }
}
