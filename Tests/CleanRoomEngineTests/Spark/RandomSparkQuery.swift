import CleanRoomModel

/// Random queries over two small tables, each as Spark SQL and as the engine's own SQL over the raw tables. They use
/// what both agree on.
struct RandomSparkQuery {
  var random: SeededRandom

  static let tables: [QueryBench.Table] = [
    .init(
      name: "people",
      columns: [
        ("email", .string), ("region", .string), ("age", .integer), ("spend", .decimal(precision: 12, scale: 2)),
        ("score", .double),
      ]),
    .init(name: "visits", columns: [("email", .string), ("page", .string), ("age", .bigint), ("day", .date)]),
  ]

  init(seed: UInt64) { random = SeededRandom(seed) }

  // MARK: Rows

  mutating func rows(of table: String, _ count: Int) -> [String] {
    (0..<count).map { _ in
      let email = random.pick((0..<8).map { "'u\($0)'" } + ["NULL"])
      let region = random.pick(["'EU'", "'US'", "'a'", "NULL"])
      let age = random.pick((18..<26).map(String.init) + ["NULL"])
      guard table == "people" else {
        return "(\(email), \(random.pick(["'a'", "'b'", "'EU'", "NULL"])), \(age), "
          + random.pick(["DATE '2024-02-29'", "DATE '2024-03-01'", "NULL"]) + ")"
      }
      return "(\(email), \(region), \(age), \(random.pick(["1.25", "99.99", "-0.01", "NULL"])), "
        + random.pick(["0.0", "-0.0", "1.5", "'nan'", "21.0", "NULL"]) + ")"
    }
  }

  // MARK: Queries

  /// The select list's columns are called c0, c1, …
  mutating func next() -> String {
    switch random.next() % 9 {
    case 0: joined()
    case 1: grouped()
    case 2: setOperation()
    case 3: tested()
    case 4: windowed()
    case 5: sets()
    case 6: common()
    case 7: correlated()
    default: limited()
    }
  }

  private mutating func list(_ options: [String], _ count: Int) -> String {
    (0..<count).map { "\(random.pick(options)) AS c\($0)" }.joined(separator: ", ")
  }

  private mutating func condition(_ people: Bool, _ visits: Bool) -> String {
    var options = ["TRUE", "1 = 1"]
    if people {
      options += [
        "p.age > 20", "p.region = 'EU'", "p.region IS NULL", "p.score >= 1.5", "p.spend < 50 OR p.age = 21",
        "NOT (p.region = 'US' AND p.age < 23)", "p.age IN (19, 20, 24)", "p.age BETWEEN 19 AND 22",
        "p.email IS NOT NULL", "coalesce(p.age, 0) + 1 > 20", "p.region LIKE 'E%'",
      ]
    }
    if visits {
      options += [
        "v.age < 23", "v.page IN ('a', 'b')", "v.day = DATE '2024-02-29'", "v.email IS NULL", "v.page <> 'a'",
      ]
    }
    if people && visits {
      options += ["p.age >= v.age", "p.region = v.page", "p.email = v.email", "p.age IS DISTINCT FROM v.age"]
    }
    let first = random.pick(options)
    return random.chance(40) ? "(\(first)) AND (\(random.pick(options)))" : first
  }

  private mutating func equality() -> String {
    random.pick([
      "p.email = v.email", "p.email = v.email AND p.age = v.age", "p.email = v.email AND p.age > v.age",
      "p.age = v.age",
      "p.region = v.page", "p.email = v.email AND v.page = 'a'", "p.email = v.email AND p.region = 'EU'",
    ])
  }

  private static let people = [
    "p.email", "p.region", "p.age", "p.spend", "p.score", "p.age + 1", "coalesce(p.region, '-')",
  ]
  private static let visits = ["v.email", "v.page", "v.age", "v.day", "v.age * 2"]

  private mutating func source() -> String {
    let kind = random.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "JOIN"])
    let right = random.chance(30) ? "(SELECT DISTINCT email, page, age, day FROM visits WHERE age < 24) v" : "visits v"
    return "people p \(kind) \(right) ON \(equality())"
  }

  private mutating func joined() -> String {
    if random.chance(25) {
      let kind = random.pick(["SEMI", "ANTI"])
      let inner = "people p LEFT \(kind) JOIN visits v ON \(equality())"
      return "SELECT \(list(Self.people, 3)) FROM \(inner) WHERE \(condition(true, false))"
    }
    if random.chance(20) {
      return "SELECT \(list(Self.people, 2)), v.page AS c2 FROM people p, visits v WHERE \(equality()) AND "
        + condition(true, true)
    }
    return "SELECT \(list(Self.people + Self.visits, 3)) FROM \(source()) WHERE \(condition(true, true))"
  }

  private static let aggregates = [
    "COUNT(*)", "COUNT(p.email)", "COUNT(DISTINCT p.email)", "SUM(p.age)", "SUM(p.spend)", "MIN(p.age)", "MAX(p.spend)",
    "COUNT(DISTINCT p.region)", "SUM(DISTINCT p.age)", "MAX(p.region)", "MIN(p.email)", "AVG(p.age)",
    "COUNT(*) FILTER (WHERE p.age > 20)", "COUNT(DISTINCT p.email, p.age)",
  ]

  private mutating func grouped() -> String {
    let key = random.pick(["p.region", "p.email", "p.age", "v.page", "p.age % 2", "p.score"])
    let having =
      random.chance(40)
      ? " HAVING \(random.pick(["COUNT(*) > 1", "COUNT(DISTINCT p.email) >= 2", "SUM(p.age) > 30"]))" : ""
    return
      "SELECT \(key) AS k, \(list(Self.aggregates, 2)) FROM \(source()) WHERE \(condition(true, true)) GROUP BY \(key)"
      + having
  }

  private mutating func setOperation() -> String {
    let operation = random.pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"])
    let (left, right) = random.pick([
      ("p.email", "v.email"), ("p.region", "v.page"), ("p.age", "v.age"), ("p.region, p.age", "v.page, v.age"),
      ("p.email, p.age", "v.email, v.age"),
    ])
    return
      "SELECT \(left) FROM people p WHERE \(condition(true, false)) \(operation) SELECT \(right) FROM visits v WHERE "
      + condition(false, true)
  }

  private mutating func tested() -> String {
    let test = random.pick([
      "p.email IN (SELECT v.email FROM visits v WHERE v.page = 'a')",
      "p.email NOT IN (SELECT v.email FROM visits v WHERE v.email IS NOT NULL AND v.page = 'a')",
      "p.email NOT IN (SELECT v.email FROM visits v WHERE v.page = 'b')",
      "(p.email, p.age) IN (SELECT v.email, v.age FROM visits v)",
      "EXISTS (SELECT 1 FROM visits v WHERE v.email = p.email AND v.age > p.age)",
      "NOT EXISTS (SELECT 1 FROM visits v WHERE v.email = p.email)",
      "p.age > (SELECT AVG(v.age) FROM visits v)",
      "p.region IN (SELECT v.page FROM visits v WHERE v.email = p.email)",
    ])
    return "SELECT \(list(Self.people, 2)) FROM people p WHERE \(random.pick([test, "(\(test)) OR p.age = 20"])) AND "
      + condition(true, false)
  }

  private mutating func windowed() -> String {
    let call = random.pick([
      "RANK() OVER (PARTITION BY p.region ORDER BY p.age NULLS FIRST)", "COUNT(*) OVER (PARTITION BY p.email)",
      "SUM(p.age) OVER (PARTITION BY p.region)", "MAX(p.spend) OVER (ORDER BY p.age NULLS FIRST)",
      "DENSE_RANK() OVER (ORDER BY p.region DESC NULLS LAST)", "SUM(COUNT(*)) OVER ()",
      "COUNT(p.age) OVER (ORDER BY p.age NULLS FIRST RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING)",
      "FIRST_VALUE(p.age) OVER (PARTITION BY p.region ORDER BY p.age NULLS FIRST)",
    ])
    if call.hasPrefix("SUM(COUNT") { return "SELECT p.region AS c0, \(call) AS c1 FROM people p GROUP BY p.region" }
    return "SELECT \(list(Self.people, 1)), \(call) AS w FROM \(random.pick(["people p", source()])) WHERE "
      + condition(true, false)
  }

  private mutating func sets() -> String {
    let by = random.pick([
      "ROLLUP (p.region, p.age)", "CUBE (p.region, v.page)", "GROUPING SETS ((p.region), (v.page, p.age), ())",
    ])
    let keys = by.contains("CUBE") ? "p.region AS k0, v.page AS k1" : "p.region AS k0, p.age AS k1"
    guard by.hasPrefix("GROUPING") else {
      return "SELECT \(keys), \(list(Self.aggregates, 1)) FROM \(source()) GROUP BY \(by)"
    }
    return "SELECT \(keys), v.page AS k2, \(list(Self.aggregates, 1)) FROM \(source()) GROUP BY \(by)"
  }

  private mutating func common() -> String {
    "WITH a AS (SELECT email, COUNT(*) AS n, MAX(age) AS m FROM visits GROUP BY email), "
      + "b AS (SELECT p.email AS email, p.region AS region, a.n AS n FROM people p JOIN a ON p.email = a.email WHERE "
      + "\(condition(true, false))) SELECT \(random.pick(["b.region", "b.n", "x.m"])) AS c0, COUNT(*) AS c1, "
      + "COUNT(DISTINCT b.email) AS c2 FROM b JOIN a x ON b.email = x.email GROUP BY 1"
  }

  private mutating func correlated() -> String {
    let value = random.pick([
      "(SELECT COUNT(*) FROM visits v WHERE v.email = p.email)",
      "(SELECT MAX(v.age) FROM visits v WHERE v.email = p.email)",
      "(SELECT MIN(v.page) FROM visits v WHERE v.email = p.email AND v.age > p.age)",
      "(SELECT COUNT(DISTINCT v.page) FROM visits v WHERE v.page = p.region)",
    ])
    return "SELECT \(list(Self.people, 2)), \(value) AS s FROM people p WHERE \(condition(true, false))"
  }

  /// The order is total, so that the rows kept are the same ones.
  private mutating func limited() -> String {
    let order =
      "ORDER BY p.age NULLS FIRST, p.region NULLS FIRST, p.email NULLS FIRST, p.spend NULLS FIRST, p.score NULLS FIRST"
    let inner =
      "SELECT p.age, p.region, p.email, p.spend, p.score FROM people p WHERE \(condition(true, false)) \(order)"
    return
      "SELECT \(list(Self.aggregates, 2)) FROM (\(inner) LIMIT \(random.next() % 9 + 1) OFFSET \(random.next() % 3)) p"
  }
}
