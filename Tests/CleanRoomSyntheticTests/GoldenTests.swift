import Testing

@testable import CleanRoomSynthetic

/// Exact bytes: they may never change for a seed, on any machine.
struct GoldenTests {
  private static func sample(seed: UInt64) throws -> DataGenerator {
    let customers = table(
      "retailer.customers", people: .count(6),
      [
        ColumnSpecification("customer_id", .id(pattern: "CUST-{8 digits}")),
        ColumnSpecification("full_name", .fullName),
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
      seed: seed, people: 10, locales: [Weighted(.enGB, 1), Weighted(.deDE, 1), Weighted(.frFR, 1)],
      [customers, orders])
  }

  @Test func customers() throws {
    let made = try Self.sample(seed: 2025).tables[0]
    #expect(
      String(decoding: made.header(), as: UTF8.self) + made.text() == """
        customer_id,full_name,email,phone,address,vip,tier
        CUST-71595621,George Whitfield,whitfield.george8353@webmail.example,+447817746051,"52 Victoria Terrace, Little Marston MB3 7CT",false,gold
        CUST-07445046,George Hartley,george.hartley8487@inbox.example,+447794164004,"34 Church Lane, Glen Morven GJ0 8EV",true,gold
        CUST-28930023,Fatma Tannhäuser,tannhaeuser.fatma2713@post.example,+4915068144407,"Lindenweg 72, 27897 Falkenau",false,gold
        CUST-90375016,Marie Hartmann,marie.hartmann854@mail.example,+4915374057694,"Kirchplatz 21, 27391 Falkenau",false,"a ""b"", c"
        CUST-77390926,Phoebe Hartley,phartley4535@mail.example,+447424848850,"61 Victoria Terrace, Dunmere DJ3 6GE",false,"a ""b"", c"
        CUST-59263769,Marie Voß,marie.voss7266@letters.example,+4915870152726,"Rosenweg 46, 02558 Königshain",true,gold

        """)
  }

  @Test func orders() throws {
    let made = try Self.sample(seed: 2025).tables[1]
    #expect(
      String(decoding: made.header(), as: UTF8.self) + made.text() == """
        order,customer_id,email,at,amount,weight,tier
        100,CUST-71595621,wwhitfield.george8353@webmail.example,2024-02-28 12:48:05,33.11,-0.429,gold
        101,CUST-77390926,PHARTLEY4535@MAIL.EXAMPLE,2024-03-02 12:31:02,66.96,4.436,"a ""b"", c"
        102,CUST-90375016,marie.hartmann854@mail.example,2024-03-02 17:02:58,14.15,0.399,"a ""b"", c"
        101,CUST-77390926,PHARTLEY4535@MAIL.EXAMPLE,2024-03-02 12:31:02,66.96,4.436,"a ""b"", c"
        103,CUST-07445046,george.hartleyy8487@inbox.example,2024-03-01 15:18:26,223.38,-1.022,gold
        104,CUST-59263769,,2024-03-02 05:13:23,13.12,-0.524,gold
        102,CUST-90375016,marie.hartmann854@mail.example,2024-03-02 17:02:58,14.15,0.399,"a ""b"", c"
        105,CUST-71595621,,2024-02-28 16:42:02,111.32,-0.591,gold
        106,CUST-28930023,tannhaeuser.fatma2713@post.example,2024-03-02 00:02:43,38.28,-4.448,gold
        107,CUST-59263769,marie.voss7266@letters.example,2024-03-02 03:10:29,89.49,-2.460,gold
        108,CUST-59263769,marie.voss7266@letters.example,2024-02-29 08:10:31,15.10,-2.047,gold
        109,CUST-59263769,MARIE.VOSS7266@LETTERS.EXAMPLE,2024-02-28 13:58:40,11.37,-0.550,gold

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
