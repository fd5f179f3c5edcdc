/// FROM of a random query: tables, common and derived tables, every kind of join.
struct RandomCustomFrom {
  typealias Column = RandomCustomQuery.Column

  var query: RandomCustomQuery
  let common: [(name: String, columns: [Column])]
  private(set) var columns: [Column] = []
  private(set) var isSingleTable = true

  init(query: RandomCustomQuery, common: [(name: String, columns: [Column])]) {
    self.query = query
    self.common = common
  }

  mutating func text(depth: Int) -> String {
    var text = ""
    let outer = query.outer
    (text, columns) = source(depth: depth)
    let joins = query.random.pick([0, 0, 1, 1, 1, 2])
    for _ in 0..<joins {
      isSingleTable = false
      let (next, added) = source(depth: depth)
      text += join(next, added, isFirst: joins == 1)
    }
    query.outer = outer
    return text
  }

  private mutating func source(depth: Int) -> (text: String, columns: [Column]) {
    let alias = query.name("t")
    if let table = query.random.pick(anyOf: common), query.random.chance(2) {
      isSingleTable = false
      return ("\(table.name) \(alias)", table.columns.map { $0.of(alias) })
    }
    if depth > 0, query.random.chance(4) {
      isSingleTable = false
      let shape = query.shape()
      let inner = query.inside { $0.query(depth: depth - 1, shape) }
      return ("(\(inner.text)) \(query.random.pick(["", "AS "]))\(alias)", inner.columns.map { $0.of(alias) })
    }
    let table = query.random.pick(RandomCustomTables.all)
    let columns = table.columns.map {
      Column(written: $0.name, name: $0.name, isText: $0.isText, isOpaque: $0.name == query.habits.opaque)
    }
    return ("\(table.name) \(alias)", columns.map { $0.of(alias) })
  }

  private mutating func join(_ next: String, _ added: [Column], isFirst: Bool) -> String {
    let both = [columns, added].allSatisfy { side in side.filter { $0.name == "mail" }.count == 1 }
    if isFirst, both, query.random.chance(4) {
      let kind = query.random.pick(["JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN"])
      columns += added
      return " \(kind) \(next) USING (mail)"
    }
    if query.random.chance(12) {
      columns += added
      return query.random.pick([" CROSS JOIN ", ", "]) + next
    }
    let left = columns
    let condition = on(left, added)
    if query.rarely() { return " LEFT \(query.random.pick(["SEMI", "ANTI"])) JOIN \(next) ON \(condition)" }
    columns += added
    return " \(query.random.pick(["JOIN", "JOIN", "INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])) \(next)"
      + " ON \(condition)"
  }

  private mutating func on(_ left: [Column], _ right: [Column]) -> String {
    let keys = [left, right].map { side in query.random.pick(anyOf: side.filter { $0.name == "mail" }) }
    var condition: String
    if let one = keys[0], let other = keys[1], !query.random.chance(5) {
      condition = "\(one.written) = \(other.written)"
    } else {
      condition = "\(query.pick(true, of: left) ?? "'a'") = \(query.pick(true, of: right) ?? "'a'")"
    }
    if query.random.chance(6) {
      query.scope = left + right
      condition += query.random.pick([" AND ", " OR "]) + query.condition(depth: 0)
    }
    return condition
  }
}

extension RandomCustomQuery.Column {
  func of(_ alias: String) -> Self {
    Self(written: "\(alias).\(written)", name: name, isText: isText, isOpaque: isOpaque)
  }
}

/// Three tables of two organizations; `mail` identifies people.
enum RandomCustomTables {
  struct Table {
    let name: String
    let columns: [(name: String, isText: Bool)]
  }

  static let all = [
    Table(name: "people", columns: [("mail", true), ("region", true), ("age", false), ("spend", false)]),
    Table(name: "visits", columns: [("mail", true), ("page", true), ("age", false)]),
    Table(name: "cards", columns: [("mail", true), ("region", true), ("grade", false), ("note", true)]),
  ]
}
