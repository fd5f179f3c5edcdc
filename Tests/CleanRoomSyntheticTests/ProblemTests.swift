import Testing

@testable import CleanRoomSynthetic

/// What cannot be made is refused, with the keys that lead there.
struct ProblemTests {
  private func path(people: Int = 100, _ tables: [TableSpecification]) -> String? {
    do {
      _ = try generator(people: people, tables)
      return nil
    } catch {
      return (error as? DataProblem)?.path.joined(separator: "/")
    }
  }

  private func path(_ column: ColumnSpecification) -> String? {
    path([table("a.t", rows: 200, [column, ColumnSpecification("other", .sequence(start: 1))])])
  }

  @Test func tables() {
    let email = ColumnSpecification("e", .email)
    let number = ColumnSpecification("n", .sequence(start: 1))
    #expect(path([]) == "tables")
    #expect(path([table("a.t", rows: 1, [number]), table("a.T", rows: 1, [number])]) == "tables/a.T")
    #expect(path([table("a.t", [number])]) == "tables/a.t/rows")
    #expect(path([table("a.t", rows: 0, [number])]) == "tables/a.t/rows")
    #expect(path([table("a.t", rows: 99, [email])]) == "tables/a.t/rows")
    #expect(path([table("a.t", rows: 100, [email])]) == nil)
    #expect(path([table("a.t", rows: 100, duplicates: 0.01, [email])]) == "tables/a.t/rows")
    #expect(path([table("a.t", rows: 100, spread: .constant(2), [email])]) == "tables/a.t/rows")
    #expect(path([table("a.t", spread: .zipf(1), [email])]) == "tables/a.t/rows")
    #expect(path([table("a.t", rows: 100, spread: .zipf(5), [email])]) == "tables/a.t/rowsPerPerson")
    #expect(path([table("a.t", rows: 100, spread: .zipf(1), [number])]) == "tables/a.t/rowsPerPerson")
    #expect(path([table("a.t", rows: 100, duplicates: 0.51, [number])]) == "tables/a.t/duplicates")
    #expect(path(people: 0, [table("a.t", rows: 100, [email])]) == "people")
    #expect(path(people: -1, [table("a.t", rows: 100, [email])]) == "people")
    #expect(path([table("a.t", rows: 1, [])]) == "tables/a.t/columns")
    #expect(path([table("a.t", rows: 1, [number, ColumnSpecification("N", .email)])]) == "tables/a.t/rows")
    #expect(path([table("a.t", rows: 1, [number, ColumnSpecification("N", .boolean(1))])]) == "tables/a.t/columns/N")
    #expect(
      path([table("a.t", rows: 9, [ColumnSpecification("n", .integer(1...2), nulls: 0.1)])])
        == "tables/a.t/columns/n/nulls")
  }

  @Test func references() throws {
    let stores = table(
      "a.stores", rows: 5, [ColumnSpecification("s", .integer(1...9)), ColumnSpecification("n", .boolean(0.5))])
    func reference(_ column: String, _ zipf: Double, _ dirty: [Weighted<DirtySpelling>] = []) -> ColumnSpecification {
      ColumnSpecification(column, .reference(table: stores.name, column: column, zipf: zipf), dirty: dirty)
    }
    #expect(path([stores, table("a.t", rows: 5, [reference("s", 1), reference("n", 1)])]) == nil)
    #expect(
      path([stores, table("a.t", rows: 5, [reference("s", 1), reference("n", 0)])]) == "tables/a.t/columns/s/zipf")
    #expect(
      path([stores, table("a.t", rows: 5, [reference("s", 0, [Weighted(.typo, 0.1)])])])
        == "tables/a.t/columns/s/dirty")
    #expect(path([stores, table("a.t", rows: 5, [reference("x", 0)])]) == "tables/a.t/columns/x/to")
  }

  @Test(arguments: [
    (ColumnSpecification("c", .id(pattern: "X")), "pattern"),
    (ColumnSpecification("c", .id(pattern: "X{2 digits}")), "pattern"),
    (ColumnSpecification("c", .id(pattern: "X{3 figures}")), "pattern"),
    (ColumnSpecification("c", .id(pattern: "X{3 digits")), "pattern"),
    (ColumnSpecification("c", .id(pattern: "{10 digits}{9 digits}")), "pattern"),
    (ColumnSpecification("c", .email, per: .row), "per"),
    (ColumnSpecification("c", .email, nulls: 1.1), "nulls"),
    (ColumnSpecification("c", .email, dirty: [Weighted(.format, 0.1)]), "dirty"),
    (ColumnSpecification("c", .email, dirty: [Weighted(.typo, 0.6), Weighted(.blanks, 0.6)]), "dirty"),
    (ColumnSpecification("c", .boolean(2)), "share"),
    (ColumnSpecification("c", .category([Weighted("a", 0)])), "values"),
    (ColumnSpecification("c", .category([Weighted("a", -1), Weighted("b", 2)])), "values"),
    (ColumnSpecification("c", .date(DayRange(from: day("2025-01-02"), to: day("2025-01-01")))), "to"),
    (
      ColumnSpecification("c", .date(DayRange(from: day("2025-01-01"), to: day("2025-01-02"), months: [13: 1]))),
      "months"
    ),
    (
      ColumnSpecification("c", .date(DayRange(from: day("2025-01-01"), to: day("2025-01-02"), months: [1: 0]))),
      "months"
    ),
    (ColumnSpecification("c", .amount(AmountRange(.exponential(mean: 0)))), "distribution"),
    (ColumnSpecification("c", .amount(AmountRange(.exponential(mean: .infinity)))), "distribution"),
    (ColumnSpecification("c", .amount(AmountRange(.exponential(mean: 1), decimals: 7))), "decimals"),
    (ColumnSpecification("c", .amount(AmountRange(.uniform(from: 0, to: 1), min: 2, max: 3))), "min"),
    (ColumnSpecification("c", .amount(AmountRange(.uniform(from: 0, to: 1), min: 1, max: 0))), "max"),
    (ColumnSpecification("c", .reference(table: TableName("a.u")!, column: "x", zipf: 0)), "to"),
  ])
  func columns(_ sample: (ColumnSpecification, String)) {
    #expect(path(sample.0) == "tables/a.t/columns/c/\(sample.1)")
  }

  @Test func names() {
    for text in ["", "a", "a.", ".b", "a.b.c", "a b.c", "ä.b", "a/b.c"] { #expect(TableName(text) == nil) }
    #expect(TableName("retail-er.pur_chases2")?.description == "retail-er.pur_chases2")
  }
}
