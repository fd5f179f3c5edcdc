import Testing

@testable import CleanRoomSynthetic

/// Exact bytes: they may never change for a seed, on any machine.
struct GoldenTests {
  private static func sample(seed: UInt64) throws -> DataGenerator {
    let customers = table(
      "retailer.customers", people: .count(6),
      [
        ColumnSpecification("customer_id", .id(pattern: "CUST-{8 digits}")), ColumnSpecification("full_name", .fullName),
        ColumnSpecification("email", .email), ColumnSpecification("phone", .phone(.e164)),
        ColumnSpecification("address", .address),
        ColumnSpecification("vip", .boolean(0.3)),
        ColumnSpecification("tier", .category([Weighted("gold", 1), Weighted("a \"b\", c", 1)]), per: .person),
      ])
    let orders = table(
      "retailer.orders", people: .count(6), overlaps: ["retailer.customers": .share(1)], rows: 12, spread: .zipf(1),
      duplicates: 0.2,
      [
        ColumnSpecification("order", .sequence(start: 100)),
        ColumnSpecification("customer_id", .id(pattern: "CUST-{8 digits}")),
        ColumnSpecification("email", .email, nulls: 0.2, dirty: [Weighted(.upperCase, 0.3), Weighted(.typo, 0.3)]),
        ColumnSpecification("at", .timestamp(DayRange(from: day("2024-02-28"), to: day("2024-03-02")))),
        ColumnSpecification("amount", .amount(AmountRange(.lognormal(median: 40, sigma: 0.8)))),
        ColumnSpecification("weight", .amount(AmountRange(.normal(mean: 0, deviation: 2), decimals: 3))),
        ColumnSpecification("tier", .category([Weighted("gold", 1), Weighted("a \"b\", c", 1)]), per: .person),
      ])
    return try generator(
      seed: seed, people: 10, locales: [Weighted(.enGB, 1), Weighted(.deDE, 1), Weighted(.frFR, 1)], [customers, orders])
  }

  @Test func customers() throws {
    let made = try Self.sample(seed: 2025).tables[0]
    #expect(
      String(decoding: made.header(), as: UTF8.self) + made.text() == """
        CUSTOMERS
        """)
  }

  @Test func orders() throws {
    let made = try Self.sample(seed: 2025).tables[1]
    #expect(
      String(decoding: made.header(), as: UTF8.self) + made.text() == """
        ORDERS
        """)
  }

  @Test func otherSeedsGiveOtherBytes() throws {
    let (first, second) = (try Self.sample(seed: 1), try Self.sample(seed: 2))
    for (one, other) in zip(first.tables, second.tables) { #expect(one.text() != other.text()) }
  }

  @Test func rowsAreTheSameWhateverIsAskedForAtOnce() throws {
    for made in try Self.sample(seed: 3).tables {
      let parts = (0..<made.rows).map { made.text($0..<$0 + 1) }
      #expect(parts.joined() == made.text())
      #expect(made.text(3..<5) == parts[3] + parts[4])
    }
  }

  @Test func types() throws {
    let made = try Self.sample(seed: 1).tables[1]
    #expect(
      made.columns.map(\.type.description)
        == ["bigint", "string", "string", "timestamp", "decimal(18,2)", "decimal(18,3)", "string"])
  }
}
