/// Makes the writers of a table's columns.
struct ColumnBuilder {
  let seed: UInt64
  let table: TableSpecification
  let records: RecordReader
  let traits: PersonTraits
  let earlier: [TableGenerator]

  func columns() throws(DataProblem) -> [(name: String, cells: ColumnCells)] {
    guard let first = table.columns.first else {
      throw DataProblem(["tables", "\(table.name)", "columns"], "The table has no column. Describe one.")
    }
    guard table.columns.count > 1 || first.nulls == 0 else {
      throw DataProblem(
        ["tables", "\(table.name)", "columns", first.name, "nulls"],
        "The only column of a table cannot be NULL: in CSV that would be an empty line.")
    }
    var names: Set<String> = []
    var columns: [(name: String, cells: ColumnCells)] = []
    for column in table.columns {
      let check = ColumnCheck(table: table.name, column: column)
      try check.check()
      guard names.insert(column.name.lowercased()).inserted else {
        throw check.problem(nil, "The table has this column twice. Rename one of them.")
      }
      let writer = try writer(column, check)
      columns.append((column.name, ColumnCells(writer, column, seed: seed, table: table.name)))
    }
    return columns
  }

  private func draw(_ column: ColumnSpecification) -> Draw {
    Draw(seed: seed, table: table.name, column: column.name, per: column.per ?? .row)
  }

  private func writer(_ column: ColumnSpecification, _ check: ColumnCheck) throws(DataProblem) -> any CellWriter {
    switch column.kind {
    case .id(let pattern, let issuer): try id(pattern, issuer, column, check)
    case .sequence(let start): SequenceCells(start: start)
    case .email: EmailCells(traits: traits)
    case .phone(let format): PhoneCells(traits: traits, format: format)
    case .firstName: NameCells(traits: traits, part: .first)
    case .lastName: NameCells(traits: traits, part: .last)
    case .fullName: NameCells(traits: traits, part: .full)
    case .street: AddressCells(traits: traits, part: .street)
    case .city: AddressCells(traits: traits, part: .city)
    case .postcode: AddressCells(traits: traits, part: .postcode)
    case .address: AddressCells(traits: traits, part: .line)
    case .date(let range): DateCells(days: DayTable(range), draw: draw(column))
    case .timestamp(let range): TimestampCells(days: DayTable(range), draw: draw(column))
    case .category(let values):
      CategoryCells(
        values: values.map { Array($0.value.utf8) }, table: AliasTable(weights: values.map(\.weight)),
        draw: draw(column))
    case .amount(let range): AmountCells(range, draw(column))
    case .integer(let range): IntegerCells(range: range, draw: draw(column))
    case .boolean(let share): BooleanCells(chance: Chance(share), draw: draw(column))
    case .reference(let target, let name, let exponent): try reference(target, name, exponent, column, check)
    }
  }

  /// A party, or everybody, knows a person under one number of a pattern, in all tables.
  private func id(
    _ text: String, _ issuer: IDIssuer, _ column: ColumnSpecification, _ check: ColumnCheck
  ) throws(DataProblem) -> any CellWriter {
    let pattern: IDPattern
    do {
      pattern = try IDPattern(text)
    } catch {
      throw check.problem("pattern", "The pattern \(error.message).")
    }
    let per = column.per ?? (records.people == nil ? .row : .person)
    let needed = per == .person ? traits.people : records.assignment.records
    guard pattern.capacity >= needed else {
      throw check.problem(
        "pattern", "The pattern has \(pattern.capacity) different values, and \(needed) are needed. Add digits.")
    }
    let issued = issuer == .party ? "id \(table.name.party) \(text)" : "id \(text)"
    let key = per == .person ? issued : "id \(table.name) \(column.name)"
    return IDCells(
      pattern: pattern, draw: Draw(seed: seed, table: table.name, column: column.name, per: per),
      numbers: Permutation(size: pattern.capacity, seed: seed, key))
  }

  private func reference(
    _ target: TableName, _ name: String, _ exponent: Double, _ column: ColumnSpecification, _ check: ColumnCheck
  ) throws(DataProblem) -> any CellWriter {
    guard let other = earlier.first(where: { $0.name == target }) else {
      throw check.problem("to", "\(target) is no earlier table. Describe it before this one.")
    }
    guard let index = other.columns.firstIndex(where: { $0.name == name }) else {
      let names = other.columns.map(\.name).joined(separator: ", ")
      throw check.problem("to", "\(target) has no column \(name). It has \(names).")
    }
    guard column.dirty.isEmpty || other.columns[index].type == .string else {
      throw check.problem("dirty", "Only texts have dirty spellings. Leave out `dirty`.")
    }
    for case .reference(target, _, let others) in table.columns.map(\.kind) where others != exponent {
      throw check.problem("zipf", "All references to one table mean the same record. Write the same `zipf` for all.")
    }
    let count = other.records.assignment.records
    let key = "reference \(table.name) \(target)"
    return ReferenceCells(
      cells: other.cells[index].writer, records: other.records, choice: RandomStream(seed: seed, key),
      ranks: exponent > 0 ? ZipfRanks(count: count, exponent: exponent) : nil,
      places: Permutation(size: count, seed: seed, key))
  }
}
