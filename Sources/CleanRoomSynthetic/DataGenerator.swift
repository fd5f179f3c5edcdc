/// All tables of a specification, checked and ready to be made.
public struct DataGenerator: Sendable {
  public let tables: [TableGenerator]

  /// - Throws: the first thing that cannot be made as specified.
  public init(_ specification: DataSpecification) throws(DataProblem) {
    try Self.checkTop(specification)
    let traits = PersonTraits(specification)
    var draws = PeopleDraw(population: specification.people)
    var tables: [TableGenerator] = []
    for table in specification.tables {
      let planner = TablePlanner(specification: specification, table: table, earlier: tables)
      let records = try planner.records(&draws)
      let builder = ColumnBuilder(
        seed: specification.seed, table: table, records: records, traits: traits, earlier: tables)
      tables.append(TableGenerator(name: table.name, columns: try builder.columns(), records: records))
    }
    self.tables = tables
  }

  private static func checkTop(_ specification: DataSpecification) throws(DataProblem) {
    guard (0...100_000_000).contains(specification.people) else {
      throw DataProblem(["people"], "The population is 1 to 100000000 people.")
    }
    guard !specification.tables.isEmpty else { throw DataProblem(["tables"], "There is no table. Describe one.") }
    try Weights.check(specification.locales.map(\.weight), ["locales"])
    var names: Set<String> = []
    for table in specification.tables where !names.insert("\(table.name)".lowercased()).inserted {
      throw DataProblem(["tables", "\(table.name)"], "This table is described twice. Rename one of them.")
    }
  }
}

enum Weights {
  static func check(_ weights: [Double], _ path: [String]) throws(DataProblem) {
    guard weights.allSatisfy({ $0 >= 0 && $0 <= 1e9 }), weights.contains(where: { $0 > 0 }) else {
      throw DataProblem(path, "Weights are numbers from 0 to 1000000000, at least one of them above 0.")
    }
    guard weights.count <= 1_000_000 else { throw DataProblem(path, "More than 1000000 values cannot be weighed.") }
  }

  static func checkShare(_ share: Double, _ path: [String]) throws(DataProblem) {
    guard share >= 0 && share <= 1 else { throw DataProblem(path, "A share is a number from 0 to 1, or 0% to 100%.") }
  }
}
