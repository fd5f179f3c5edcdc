/// How many rows, records and people a table has, and which people.
struct TablePlanner {
  let specification: DataSpecification
  let table: TableSpecification
  let earlier: [TableGenerator]

  private static let largestTable = 1_000_000_000_000
  /// Runs of people; each needs a little memory and time.
  private static let mostRuns = 1 << 15

  private func problem(_ key: String, _ message: String) -> DataProblem {
    DataProblem(["tables", "\(table.name)", key], message)
  }

  func records(_ draws: inout PeopleDraw) throws(DataProblem) -> RecordReader {
    let people = try people(&draws)
    let (rows, copies) = try rows(people: people?.count ?? 0)
    var zipf: Double?
    if case .zipf(let exponent) = table.rowsPerPerson { zipf = exponent }
    let assignment = RowAssignment(
      rows: rows, duplicates: copies, people: people?.count ?? 0, zipf: zipf, seed: specification.seed,
      name: table.name)
    return RecordReader(assignment: assignment, people: people)
  }

  // MARK: People

  private func people(_ draws: inout PeopleDraw) throws(DataProblem) -> People? {
    guard table.isAboutPeople else {
      draws.skip()
      return nil
    }
    let population = specification.people
    guard population > 0 else {
      throw DataProblem(
        ["people"], "\(table.name) is about people. Say how many there are in all, for instance 100000.")
    }
    let count = table.people?.number(of: population) ?? population
    guard (1...population).contains(count) else {
      throw problem("people", "Of \(population) people in all, \(count) cannot occur. Use 1 to \(population).")
    }
    let overlaps = try overlaps(count)
    guard let people = draws.draw(count, overlaps: overlaps) else {
      throw problem(
        "overlap", "These overlaps exclude each other, or leave too few people. Change one of them, or `people`.")
    }
    guard draws.runCount <= Self.mostRuns else {
      throw problem(
        "people", "So many tables with people of their own cannot be made. Let some have an overlap of 100%.")
    }
    return people
  }

  private func overlaps(_ count: Int) throws(DataProblem) -> [(draw: Int, people: Int)] {
    var found: [(draw: Int, people: Int)] = []
    for overlap in table.overlaps {
      guard let index = earlier.firstIndex(where: { $0.name == overlap.table }), let other = earlier[index].people
      else {
        throw problem("overlap", "\(overlap.table) is no earlier table about people. Describe it before this one.")
      }
      let shared = overlap.people.number(of: count)
      let fewest = max(0, count + other - specification.people)
      let most = min(count, other)
      guard (fewest...most).contains(shared) else {
        throw problem(
          "overlap",
          "\(shared) of this table's \(count) people cannot occur among the \(other) of \(overlap.table): \(fewest) to \(most) can. Change the overlap, the tables' `people`, or the population of \(specification.people)."
        )
      }
      found.append((index, shared))
    }
    return found
  }

  // MARK: Rows

  private func rows(people: Int) throws(DataProblem) -> (rows: Int, copies: Int) {
    guard table.duplicates >= 0 && table.duplicates <= 0.5 else {
      throw problem("duplicates", "At most half of the rows can be copies of others: use 0 to 0.5.")
    }
    try checkSpread(people)
    let (rows, copies) = try counts(people)
    guard (1...Self.largestTable).contains(rows) else {
      throw problem("rows", "A table has 1 to \(Self.largestTable) rows.")
    }
    guard rows - copies >= max(1, people) else {
      throw problem(
        "rows",
        "Everybody occurs, so \(people) people need as many rows besides the \(copies) copies. Raise `rows` or lower `people`."
      )
    }
    return (rows, copies)
  }

  private func counts(_ people: Int) throws(DataProblem) -> (rows: Int, copies: Int) {
    var each: Int?
    if case .constant(let count) = table.rowsPerPerson { each = count }
    if let rows = table.rows {
      guard each == nil else {
        throw problem("rows", "With a fixed number of rows per person the number of rows follows. Leave out `rows`.")
      }
      return (rows, Int((Double(rows) * table.duplicates).rounded()))
    }
    guard people > 0 else { throw problem("rows", "Say how many rows the table has.") }
    if case .zipf = table.rowsPerPerson { throw problem("rows", "Say how many rows Zipf's law is to spread.") }
    let records = people * (each ?? 1)
    let copies = Int((Double(records) * table.duplicates / (1 - table.duplicates)).rounded())
    return (records + copies, copies)
  }

  private func checkSpread(_ people: Int) throws(DataProblem) {
    switch table.rowsPerPerson {
    case .even: return
    case .constant(let count) where (1...10_000).contains(count) && people > 0: return
    case .zipf(let exponent) where exponent >= 0 && exponent <= 4 && people > 0: return
    case .constant where people > 0: throw problem("rowsPerPerson", "A person has 1 to 10000 rows.")
    case .zipf where people > 0: throw problem("rowsPerPerson", "The exponent of Zipf's law is 0 to 4, usually near 1.")
    default: throw problem("rowsPerPerson", "This table is about nobody. Say how many `people` occur in it.")
    }
  }
}

extension TableSpecification {
  /// Rows belong to people if anything says so.
  var isAboutPeople: Bool {
    people != nil || !overlaps.isEmpty || columns.contains { $0.per == .person || $0.kind.isTraitOfPerson }
  }
}
