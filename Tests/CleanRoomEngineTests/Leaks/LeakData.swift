/// Rows of the three tables that random queries read, as engine literals.
struct LeakData {
  typealias Row = [String]

  var rows: [String: [Row]] = [:]

  /// - Parameter people: how many different identities a table may have.
  static func random(people: Int, rows count: Int, _ random: inout SplitMix) -> LeakData {
    var data = LeakData()
    for table in RandomCustomTables.all {
      data.rows[table.name] = (0..<random.below(count + 1)).map { _ in
        table.columns.map { column in
          if column.name == "mail" { return random.chance(12) ? "NULL" : "'m\(random.below(people))'" }
          if random.chance(10) { return "NULL" }
          return column.isText ? "'r\(random.below(4))'" : "\(random.below(7))"
        }
      }
    }
    return data
  }

  func identities(of table: String) -> Set<String> { Set((rows[table] ?? []).map { $0[0] }).subtracting(["NULL"]) }

  func without(_ table: String) -> LeakData {
    var data = self
    data.rows[table] = []
    return data
  }

  /// Nobody but these identities has such texts.
  func marking(_ identities: Set<String>, of table: String, as marker: String) -> LeakData {
    var data = self
    let texts = RandomCustomTables.all.first { $0.name == table }?.columns.map { $0.isText && $0.name != "mail" } ?? []
    data.rows[table] = rows[table]?.map { row in
      guard identities.contains(row[0]) else { return row }
      return zip(row, texts).map { $1 ? "'\(marker)'" : $0 }
    }
    return data
  }

  /// Every value of `mail` by another one, equal ones by equal ones; their order is another.
  var renamed: LeakData {
    var data = self
    for (table, rows) in rows {
      data.rows[table] = rows.map { row in
        guard row[0] != "NULL" else { return row }
        return [
          "'q" + String(repeating: "z", count: 9 - (Int(row[0].filter(\.isNumber)) ?? 0) % 10) + row[0].dropFirst()
        ]
          + row.dropFirst()
      }
    }
    return data
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// True once in `number` times.
  mutating func chance(_ number: Int) -> Bool { below(number) == 0 }

  mutating func below(_ number: Int) -> Int { Int(next() % UInt64(number)) }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  mutating func pick<Element>(anyOf choices: [Element]) -> Element? { choices.isEmpty ? nil : pick(choices) }
}
