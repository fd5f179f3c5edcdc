import CleanRoomDaemon
import CleanRoomScenario
import CleanRoomSynthetic
import Testing

@Suite struct DataSpecificationReaderTests {
  private static func read(_ text: String, seed: UInt64 = 5) throws -> DataPlan {
    let reader = try YAMLReader(text: text, file: "f.yaml")
    return try DataSpecificationReader.read(try reader.required("data"), seed: seed)
  }

  @Test func everyKey() throws {
    let plan = try Self.read(
      """
      data:
        people: 1000
        locales: {en-US: 3, de-DE: 1}
        tables:
          - party: shop
            file: data/stores.csv
            rows: 20
            columns: {store_id: {kind: id, pattern: "S-{4 digits}"}}
          - party: shop
            file: data/orders.csv
            people: 60%
            rows: 2000
            rowsPerPerson: {zipf: 1.1}
            duplicates: 2%
            columns:
              email: {kind: email, nulls: 1%, dirty: {upperCase: 5%, typo: 0.01}}
              phone: {kind: phone, format: national, dirty: 9%}
              day: {kind: date, from: 2025-01-01, to: 2025-12-31, months: {12: 3}, weekdays: {sunday: 0}, trend: 0.5}
              price: {kind: amount, distribution: lognormal, median: 40, sigma: 0.8, min: 1, max: 900, decimals: 3}
              store: {kind: reference, to: shop.stores.store_id, zipf: 0.7}
              tier: {kind: category, values: {gold: 1, basic: 9}, per: person}
          - party: media
            file: viewers.parquet
            people: 500
            overlap: {shop.orders: 40%}
            columns: {email: email, age: {kind: integer, from: 18, to: 90, per: person}, member: boolean}
      """)
    func name(_ text: String) throws -> TableName { try #require(TableName(text)) }
    func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }
    let stores = TableSpecification(
      name: try name("shop.stores"), rows: 20, columns: [ColumnSpecification("store_id", .id(pattern: "S-{4 digits}"))])
    let orders = TableSpecification(
      name: try name("shop.orders"), people: .share(0.6), rows: 2000, rowsPerPerson: .zipf(1.1), duplicates: 0.02,
      columns: [
        ColumnSpecification("email", .email, nulls: 0.01, dirty: [Weighted(.upperCase, 0.05), Weighted(.typo, 0.01)]),
        ColumnSpecification(
          "phone", .phone(.national), dirty: [.blanks, .typo, .format].map { Weighted($0, 0.09 / 3) }),
        ColumnSpecification(
          "day",
          .date(
            DayRange(
              from: try day("2025-01-01"), to: try day("2025-12-31"), months: [12: 3], weekdays: [7: 0], trend: 0.5))
        ),
        ColumnSpecification(
          "price", .amount(AmountRange(.lognormal(median: 40, sigma: 0.8), decimals: 3, min: 1, max: 900))),
        ColumnSpecification("store", .reference(table: try name("shop.stores"), column: "store_id", zipf: 0.7)),
        ColumnSpecification("tier", .category([Weighted("gold", 1), Weighted("basic", 9)]), per: .person),
      ])
    let viewers = TableSpecification(
      name: try name("media.viewers"), file: "viewers.parquet", people: .count(500),
      overlaps: [Overlap(with: try name("shop.orders"), .share(0.4))],
      columns: [
        ColumnSpecification("email", .email), ColumnSpecification("age", .integer(18...90), per: .person),
        ColumnSpecification("member", .boolean(0.5)),
      ])
    #expect(
      plan.specification
        == DataSpecification(
          seed: 5, people: 1000, locales: [Weighted(.enUS, 3), Weighted(.deDE, 1)], tables: [stores, orders, viewers]))
    #expect(plan.generator.tables[2].sharedPeople(with: plan.generator.tables[1]) == 200)
  }

  private static func problem(_ table: String, column: String = "n: {kind: sequence}") -> String {
    do {
      _ = try read("data:\n  people: 100\n  tables:\n    - {party: a, file: t.csv, \(table)columns: {\(column)}}")
      return "no problem"
    } catch {
      return "\(error)"
    }
  }

  private static let place = "f.yaml:4:"

  @Test(
    arguments: [
      (
        "rows: 5, ", "n: {kind: e-mail}",
        "data.tables[0].columns.n.kind has the unknown value e-mail. Did you mean email?"
      ),
      ("rows: 5, ", "n: {kind: id}", "data.tables[0].columns.n.pattern is missing. Add it."),
      ("rows: 5, ", "n: id", "data.tables[0].columns.n needs pattern. Write {kind: id, pattern: …}."),
      (
        "rows: 5, ", "n: {kind: email, nuls: 1%}",
        "data.tables[0].columns.n.nuls is not a known key. Did you mean nulls?"
      ),
      ("rows: 5, ", "n: {kind: sequence, from: 1}", "data.tables[0].columns.n.from is not a known key."),
      (
        "rows: 5, ", "n: {kind: date, from: 2025-02-30, to: 2025-03-01}",
        "data.tables[0].columns.n.from should be a day. Write it as YYYY-MM-DD"
      ),
      (
        "rows: 5, ", "n: {kind: date, from: 2025-03-02, to: 2025-03-01}",
        "data.tables[0].columns.n.to cannot be made. The last day is before the first."
      ),
      (
        "rows: 5, ", "n: {kind: amount, distribution: pareto}",
        "data.tables[0].columns.n.distribution has the unknown value pareto."
      ),
      (
        "rows: 5, ", "n: {kind: sequence, dirty: {case: 1%}}", "data.tables[0].columns.n.dirty.case is not a known key."
      ),
      (
        "rows: 5, ", "n: {kind: sequence, dirty: {typo: 1%}}",
        "data.tables[0].columns.n.dirty cannot be made. Columns of this kind have no dirty spellings."
      ),
      ("rows: 99, ", "n: email", "data.tables[0].rows cannot be made. Everybody occurs, so 100 people need"),
      ("people: 101, ", "n: email", "data.tables[0].people cannot be made. Of 100 people in all, 101 cannot occur."),
      ("people: 120%, ", "n: email", "data.tables[0].people should be a share such as 0.25 or 25%, not 120%."),
      ("overlap: {b.t: 10%}, ", "n: email", "data.tables[0].overlap cannot be made. b.t is no earlier table"),
      ("overlap: {b: 10%}, ", "n: email", "data.tables[0].overlap.b is not the name of a table. Write PARTY.TABLE"),
      ("", "n: sequence", "data.tables[0] cannot be made. Say how many rows the table has."),
      (
        "rowsPerPerson: {zip: 1}, ", "n: email",
        "data.tables[0].rowsPerPerson.zipf is missing. Did you write zip for it?"
      ),
      ("colums: 3, ", "n: email", "data.tables[0].colums is not a known key."),
    ] as [(String, String, String)])
  func whatIsWrongIsNamedWithItsPlace(_ sample: (table: String, column: String, message: String)) {
    let problem = Self.problem(sample.table, column: sample.column)
    #expect(problem.hasPrefix(Self.place))
    #expect(problem.contains(" \(sample.message)"))
  }

  @Test(arguments: ["t", "t.txt", "../t.csv", "/t.csv", "a//t.csv", "t.x.csv", "./t.csv"])
  func filesStayInThePartysFolder(file: String) throws {
    let text = "data: {tables: [{party: a, file: \(file), rows: 1, columns: {n: sequence}}]}"
    #expect(throws: ConfigurationError.self) { try Self.read(text) }
    #expect(throws: Never.self) { try Self.read(text.replacing("file: \(file)", with: "file: d/t.csv")) }
  }
}
