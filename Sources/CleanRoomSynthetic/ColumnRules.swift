extension ColumnKind {
  /// Part of who a person is, the same in every table.
  var isTraitOfPerson: Bool {
    switch self {
    case .email, .phone, .firstName, .lastName, .fullName, .street, .city, .postcode, .address: true
    default: false
    }
  }

  /// Whether `per` may be said.
  var canChooseSubject: Bool {
    switch self {
    case .sequence, .reference: false
    default: !isTraitOfPerson
    }
  }

  /// The dirty spellings that change such a column, in the order in which they are documented.
  public var dirtySpellings: [DirtySpelling] {
    switch self {
    case .email: [.upperCase, .blanks, .typo, .dots, .plusTag]
    case .phone: [.blanks, .typo, .format]
    case .fullName: [.upperCase, .lowerCase, .blanks, .typo, .format]
    case .firstName, .lastName, .street, .city, .address, .id, .category, .reference:
      [.upperCase, .lowerCase, .blanks, .typo]
    case .postcode: [.blanks, .typo]
    case .sequence, .date, .timestamp, .amount, .integer, .boolean: []
    }
  }
}

/// What can be said of a column without looking at other tables.
struct ColumnCheck {
  let table: TableName
  let column: ColumnSpecification

  func problem(_ key: String?, _ message: String) -> DataProblem {
    DataProblem(["tables", "\(table)", "columns", column.name] + (key.map { [$0] } ?? []), message)
  }

  func path(_ key: String) -> [String] { problem(key, "").path }

  func check() throws(DataProblem) {
    guard (1...255).contains(column.name.utf8.count), !column.name.unicodeScalars.contains(where: { $0.value < 32 })
    else { throw problem(nil, "A column's name has 1 to 255 bytes and no control characters.") }
    if column.per != nil, !column.kind.canChooseSubject {
      throw problem("per", "Values of this kind always belong to the same thing. Leave out `per`.")
    }
    try Weights.checkShare(column.nulls, path("nulls"))
    try checkDirty()
    switch column.kind {
    case .date(let range), .timestamp(let range): try check(range)
    case .category(let values): try Weights.check(values.map(\.weight), path("values"))
    case .amount(let range): try AmountCheck(column: self, range: range).check()
    case .integer(let range):
      guard range.lowerBound > -(1 << 60), range.upperBound < 1 << 60 else {
        throw problem("from", "Whole numbers are between -2^60 and 2^60.")
      }
    case .boolean(let share): try Weights.checkShare(share, path("share"))
    case .reference(_, _, let exponent):
      guard exponent >= 0 && exponent <= 4 else {
        throw problem("zipf", "The exponent of Zipf's law is 0 to 4, usually near 1.")
      }
    default: break
    }
  }

  private func checkDirty() throws(DataProblem) {
    for spelling in column.dirty {
      guard column.kind.dirtySpellings.contains(spelling.value) else {
        let known = column.kind.dirtySpellings.map(\.rawValue).joined(separator: ", ")
        throw problem(
          "dirty",
          known.isEmpty
            ? "Columns of this kind have no dirty spellings. Leave out `dirty`."
            : "\(spelling.value.rawValue) does nothing here. Use \(known).")
      }
      try Weights.checkShare(spelling.weight, path("dirty"))
    }
    try Weights.checkShare(column.dirty.reduce(0) { $0 + $1.weight }, path("dirty"))
  }

  private func check(_ range: DayRange) throws(DataProblem) {
    guard range.from <= range.to else { throw problem("to", "The last day is before the first.") }
    guard range.to.number - range.from.number < 100_000 else { throw problem("to", "A range has up to 100000 days.") }
    guard range.months.keys.allSatisfy({ (1...12).contains($0) }) else {
      throw problem("months", "Months are 1 to 12.")
    }
    guard range.weekdays.keys.allSatisfy({ (1...7).contains($0) }) else {
      throw problem("weekdays", "Weekdays are 1, Monday, to 7.")
    }
    guard range.trend > -1 && range.trend <= 1000 else { throw problem("trend", "A trend is above -1, up to 1000.") }
    try Weights.check(Array(range.months.values) + [1], path("months"))
    try Weights.check(Array(range.weekdays.values) + [1], path("weekdays"))
    guard DayTable.weights(range).contains(where: { $0 > 0 }) else {
      throw problem("months", "With these weights no day of the range is left.")
    }
  }
}

/// Whether amounts can be drawn and written.
struct AmountCheck {
  let column: ColumnCheck
  let range: AmountRange

  private static let limit = 1e9 * 1e2

  func check() throws(DataProblem) {
    guard (0...6).contains(range.decimals) else { throw column.problem("decimals", "Amounts have 0 to 6 decimals.") }
    try checkParameters()
    for (key, bound) in [("min", range.min), ("max", range.max)] {
      guard bound.map({ abs($0) <= Self.limit }) ?? true else {
        throw column.problem(key, "Amounts are between -100000000000 and 100000000000.")
      }
    }
    if let low = range.min, let high = range.max, low > high {
      throw column.problem("max", "The greatest amount is below the least.")
    }
    // An amount is drawn again until it fits; that has to succeed soon.
    let probes = 200
    let fitting = (0..<probes).count { probe in
      let value = AmountCells.value(range.distribution, (Double(probe) + 0.5) / Double(probes))
      return value >= range.min ?? -.infinity && value <= range.max ?? .infinity
    }
    guard fitting * 20 >= probes else {
      throw column.problem("min", "Hardly any amount of this distribution lies between `min` and `max`. Widen them.")
    }
  }

  private func checkParameters() throws(DataProblem) {
    let (parameters, isSound, rule) =
      switch range.distribution {
      case .uniform(let from, let to): ([from, to], from <= to, "`from` may not be above `to`")
      case .normal(let mean, let deviation): ([mean, deviation], deviation >= 0, "`deviation` may not be negative")
      case .lognormal(let median, let sigma):
        ([median, sigma], median > 0 && sigma >= 0 && sigma <= 5, "`median` is above 0, `sigma` 0 to 5")
      case .exponential(let mean): ([mean], mean > 0, "`mean` is above 0")
      }
    guard isSound, parameters.allSatisfy({ abs($0) <= Self.limit }) else {
      throw column.problem("distribution", "In this distribution \(rule), and no number is beyond 100000000000.")
    }
  }
}
