import Testing

@testable import CleanRoomSynthetic

struct RowTests {
  private static let email = ColumnSpecification("email", .email)

  private func counts(_ cells: [String?]) -> [Int] {
    Dictionary(grouping: cells) { $0 }.map(\.value.count).sorted(by: >)
  }

  @Test func rowsAreSpreadEvenly() throws {
    let made = try generator([table("a.t", people: .count(300), rows: 1000, [Self.email])]).tables[0]
    #expect(counts(made.cells(0)) == Array(repeating: 4, count: 100) + Array(repeating: 3, count: 200))
  }

  @Test func everybodyHasAConstantNumberOfRows() throws {
    let made = try generator([table("a.t", people: .count(300), spread: .constant(5), [Self.email])]).tables[0]
    #expect(counts(made.cells(0)) == Array(repeating: 5, count: 300))
  }

  @Test func zipfIsSkewedAndLeavesNobodyOut() throws {
    let made = try generator(
      people: 5000, [table("a.t", people: .count(5000), rows: 105_000, spread: .zipf(1), [Self.email])])
    let counts = counts(made.tables[0].cells(0))
    #expect(counts.count == 5000)
    // 100,000 rows by 1/rank, whose sum over 5000 ranks is 9.09; one row for everybody beside them.
    for (rank, expected) in [(0, 10_996.0), (1, 5498), (9, 1100), (99, 111)] {
      #expect(abs(Double(counts[rank]) - expected) < 5 * expected.squareRoot() + 1)
    }
  }

  @Test func heavyPeopleAreNoLikelierToBeShared() throws {
    let made = try generator(
      people: 4000,
      [
        table("a.t", people: .count(2000), rows: 100_000, spread: .zipf(0.5), [Self.email]),
        table("b.t", people: .count(2000), overlaps: ["a.t": .share(0.5)], [Self.email]),
      ]
    ).tables
    let shared = Set(made[1].cells(0))
    let rows = made[0].cells(0).count { shared.contains($0) }
    #expect(abs(rows - 50_000) < 5000)
  }

  @Test(arguments: [0.001, 0.1, 0.37, 0.5])
  func duplicatesAreExactCopies(share: Double) throws {
    let made = try generator(
      people: 1000,
      [
        table(
          "a.t", people: .count(900), rows: 4000, duplicates: share,
          [
            ColumnSpecification("number", .sequence(start: 1)), Self.email,
            ColumnSpecification("n", .integer(0...99_999)),
          ])
      ]
    ).tables[0]
    let lines = made.text().split(separator: "\n")
    let copies = Int((4000 * share).rounded())
    #expect(lines.count == 4000)
    #expect(Set(lines).count == 4000 - copies)
    // A copy comes after what it copies, which come in order.
    let numbers = made.cells(0).compactMap { $0.flatMap { Int($0) } }
    var highest = 0
    for number in numbers {
      #expect(number <= highest + 1)
      highest = max(highest, number)
    }
    #expect(highest == 4000 - copies)
    #expect(Set(made.cells(1)).count == 900)
  }

  @Test func duplicatesAddToAConstantNumberOfRows() throws {
    let made = try generator([table("a.t", people: .count(300), spread: .constant(3), duplicates: 0.1, [Self.email])])
      .tables[0]
    #expect(made.rows == 1000)
  }

  @Test func referencesAreValuesOfTheOtherTable() throws {
    let made = try generator(
      [
        table(
          "a.stores", rows: 50,
          [ColumnSpecification("store", .id(pattern: "S{4 digits}")), ColumnSpecification("region", .integer(1...7))]),
        table(
          "a.sales", rows: 20_000,
          [
            ColumnSpecification("store", .reference(table: TableName("a.stores")!, column: "store", zipf: 0)),
            ColumnSpecification("region", .reference(table: TableName("a.stores")!, column: "region", zipf: 0)),
            ColumnSpecification("amount", .integer(1...5)),
          ]),
      ]
    ).tables
    let stores = made[0].text().split(separator: "\n").map(String.init)
    let sales = made[1].text().split(separator: "\n").map {
      String($0.prefix { $0 != "," } + "," + $0.split(separator: ",")[1])
    }
    #expect(Set(stores) == Set(sales))
    #expect(counts(sales.map { $0 }).allSatisfy { (300...500).contains($0) })
  }
}
