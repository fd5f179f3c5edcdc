import Testing

@testable import CleanRoomSynthetic

struct PeopleTests {
  private static let email = [ColumnSpecification("email", .email)]

  /// Different e-mail addresses that occur in both tables: what a join would find.
  private func matches(_ one: TableGenerator, _ other: TableGenerator) -> Int {
    Set(one.cells(0)).intersection(other.cells(0)).count
  }

  @Test(arguments: [0, 0.25, 0.4, 1] as [Double])
  func overlapIsMetExactly(share: Double) throws {
    let made = try generator(
      people: 10_000,
      [
        table("shop.buyers", people: .count(4000), rows: 9000, spread: .zipf(1.2), Self.email),
        table("media.viewers", people: .count(3000), overlaps: ["shop.buyers": .share(share)], rows: 5000, Self.email),
      ]
    ).tables
    #expect(matches(made[0], made[1]) == Int(3000 * share))
    #expect(made[0].sharedPeople(with: made[1]) == Int(3000 * share))
    #expect(Set(made[0].cells(0)).count == 4000)
    #expect(Set(made[1].cells(0)).count == 3000)
  }

  @Test func tablesAreIndependentWhereNothingIsSaid() throws {
    let made = try generator(
      people: 20_000,
      [
        table("a.t", people: .count(10_000), Self.email), table("b.t", people: .share(0.5), Self.email),
        table("c.t", people: .count(4000), overlaps: ["a.t": .share(0.9)], Self.email),
      ]
    ).tables
    #expect(made[0].sharedPeople(with: made[1]) == 5000)
    #expect(made[2].sharedPeople(with: made[0]) == 3600)
    #expect(made[2].sharedPeople(with: made[1]) == 2000)
  }

  @Test func severalOverlapsHoldAtOnce() throws {
    let made = try generator(
      people: 100_000,
      [
        table("a.t", people: .count(40_000), Self.email),
        table("b.t", people: .count(50_000), overlaps: ["a.t": .share(0.5)], Self.email),
        table("c.t", people: .count(30_000), overlaps: ["a.t": .share(0.7), "b.t": .count(8000)], Self.email),
        table(
          "d.t", people: .count(500), overlaps: ["a.t": .share(0), "b.t": .share(1), "c.t": .share(0.3)], Self.email),
      ]
    ).tables
    #expect(made[1].sharedPeople(with: made[0]) == 25_000)
    #expect(made[2].sharedPeople(with: made[0]) == 21_000)
    #expect(made[2].sharedPeople(with: made[1]) == 8000)
    #expect(made[3].sharedPeople(with: made[0]) == 0)
    #expect(made[3].sharedPeople(with: made[1]) == 500)
    #expect(made[3].sharedPeople(with: made[2]) == 150)
    #expect(matches(made[2], made[1]) == made[2].sharedPeople(with: made[1]))
    #expect(made.map(\.people) == [40_000, 50_000, 30_000, 500])
  }

  /// Nobody can be exchanged: all who are in the first table only, and 6000 of those in both.
  @Test func overlapsAtTheEdgeOfThePossible() throws {
    let made = try generator(
      people: 100_000,
      [
        table("a.t", people: .count(40_000), Self.email),
        table("b.t", people: .count(50_000), overlaps: ["a.t": .share(0.5)], Self.email),
        table("c.t", people: .count(30_000), overlaps: ["a.t": .count(21_000), "b.t": .count(6000)], Self.email),
      ]
    ).tables
    #expect(made[2].sharedPeople(with: made[0]) == 21_000)
    #expect(made[2].sharedPeople(with: made[1]) == 6000)
  }

  @Test func aPersonIsTheSameInEveryTable() throws {
    let traits = [
      ColumnSpecification("email", .email), ColumnSpecification("phone", .phone(.e164)),
      ColumnSpecification("name", .fullName), ColumnSpecification("city", .city),
      ColumnSpecification("age", .integer(18...99), per: .person),
    ]
    let made = try generator(
      people: 500,
      [
        table("a.t", people: .count(400), traits),
        table("b.t", people: .count(300), overlaps: ["a.t": .share(1)], rows: 900, traits),
      ]
    ).tables
    let known = Set(made[0].text().split(separator: "\n"))
    #expect(known.count == 400)
    #expect(known.isSuperset(of: made[1].text().split(separator: "\n")))
  }

  @Test(arguments: PeopleLocale.allCases)
  func identifiersAreUnique(locale: PeopleLocale) throws {
    for kind in [ColumnKind.email, .phone(.e164), .phone(.national), .id(pattern: "{2 letters}-{3 digits}")] {
      #expect(Set(try column(kind, rows: 20_000, people: 20_000, locale: locale)).count == 20_000)
    }
  }

  @Test func partiesKnowAPersonUnderTheirOwnNumber() throws {
    let id = [ColumnSpecification("id", .id(pattern: "P-{6 digits}"))]
    let made = try generator(
      people: 900,
      [table("a.t", people: .share(1), id), table("a.u", people: .share(1), id), table("b.t", people: .share(1), id)]
    ).tables
    #expect(Set(made[0].cells(0)) == Set(made[1].cells(0)))
    #expect(Set(made[0].cells(0)).intersection(made[2].cells(0)).count < 20)
  }

  @Test func aRegistersNumbersAreTheSameForAllParties() throws {
    let id = [ColumnSpecification("id", .id(pattern: "P-{6 digits}", issuer: .common))]
    let made = try generator(
      people: 900, [table("a.t", people: .share(1), id), table("b.t", people: .share(1), id)]
    ).tables
    #expect(Set(made[0].cells(0)) == Set(made[1].cells(0)))
  }

  @Test func impossibleOverlapsAreRefused() {
    func problem(_ people: Int, _ overlaps: [String: PeopleCount]) -> [String]? {
      do {
        _ = try generator(
          people: 1000,
          [
            table("a.t", people: .count(600), Self.email),
            table("b.t", people: .count(600), overlaps: ["a.t": .share(0.5)], Self.email),
            table("c.t", people: .count(people), overlaps: overlaps, Self.email),
          ])
        return nil
      } catch {
        return (error as? DataProblem)?.path
      }
    }
    #expect(problem(500, ["a.t": .share(0.5)]) == nil)
    #expect(problem(700, ["a.t": .share(1)]) == ["tables", "c.t", "overlap"])
    #expect(problem(700, ["a.t": .share(0)]) == ["tables", "c.t", "overlap"])
    #expect(problem(400, ["a.t": .share(0), "b.t": .share(0)]) == ["tables", "c.t", "overlap"])
    #expect(problem(500, ["d.t": .share(0.5)]) == ["tables", "c.t", "overlap"])
    #expect(problem(1001, [:]) == ["tables", "c.t", "people"])
  }
}
