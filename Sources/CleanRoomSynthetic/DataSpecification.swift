/// Made-up tables of several parties about people whom they partly share. Equal specifications give equal bytes.
public struct DataSpecification: Sendable, Equatable {
  public var seed: UInt64
  /// How many people there are; tables draw theirs from them.
  public var people: Int
  /// How people are spread over countries and languages.
  public var locales: [Weighted<PeopleLocale>]
  /// In order: a table may refer to earlier ones only.
  public var tables: [TableSpecification]

  public init(
    seed: UInt64, people: Int, locales: [Weighted<PeopleLocale>] = [Weighted(.enUS, 1)], tables: [TableSpecification]
  ) {
    self.seed = seed
    self.people = people
    self.locales = locales
    self.tables = tables
  }
}

/// A value and how often it occurs, compared with the others.
public struct Weighted<Value: Sendable & Equatable>: Sendable, Equatable {
  public var value: Value
  public var weight: Double

  public init(_ value: Value, _ weight: Double) {
    self.value = value
    self.weight = weight
  }
}

/// Which party a table belongs to, and what it is called there: `retailer.purchases`.
public struct TableName: Sendable, Hashable, CustomStringConvertible {
  public let party: String
  public let table: String

  /// Nil unless the text is two names of 1 to 64 ASCII letters, digits, `_` and `-`, joined by a dot.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(Self.isName) else { return nil }
    party = String(parts[0])
    table = String(parts[1])
  }

  private static func isName(_ text: Substring) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  }

  public var description: String { "\(party).\(table)" }
}

public struct TableSpecification: Sendable, Equatable {
  public var name: TableName
  /// Where it is to be written in the party's folder: `data/purchases.csv`.
  public var file: String
  /// How many different people occur. Nil: everybody, if a column is about people.
  public var people: PeopleCount?
  /// How many of these people occur in earlier tables too.
  public var overlaps: [Overlap]
  /// With duplicates. Nil where it follows from `rowsPerPerson`.
  public var rows: Int?
  public var rowsPerPerson: RowsPerPerson
  /// The share of rows that copy an earlier row; at most 0.5.
  public var duplicates: Double
  public var columns: [ColumnSpecification]

  public init(
    name: TableName, file: String? = nil, people: PeopleCount? = nil, overlaps: [Overlap] = [], rows: Int? = nil,
    rowsPerPerson: RowsPerPerson = .even, duplicates: Double = 0, columns: [ColumnSpecification]
  ) {
    self.name = name
    self.file = file ?? "data/\(name.table).csv"
    self.people = people
    self.overlaps = overlaps
    self.rows = rows
    self.rowsPerPerson = rowsPerPerson
    self.duplicates = duplicates
    self.columns = columns
  }
}

public enum PeopleCount: Sendable, Equatable {
  case count(Int)
  /// 0 to 1: of the population, or of the table's people.
  case share(Double)

  func number(of whole: Int) -> Int {
    switch self {
    case .count(let count): count
    case .share(let share): Int((share * Double(whole)).rounded())
    }
  }
}

public struct Overlap: Sendable, Equatable {
  public var table: TableName
  public var people: PeopleCount

  public init(with table: TableName, _ people: PeopleCount) {
    self.table = table
    self.people = people
  }
}

/// How a table's rows are spread over its people. Everybody has a row at least.
public enum RowsPerPerson: Sendable, Equatable {
  /// As equally as the numbers allow.
  case even
  case constant(Int)
  /// A first row for everybody; the others by Zipf's law with this exponent, 0 to 4.
  case zipf(Double)
}

/// What cannot be made as specified.
public struct DataProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// The keys that lead to what is wrong, from the specification's top: `tables`, `retailer.purchases`, `rows`.
  public let path: [String]
  /// What is wrong and what to write instead.
  public let message: String

  public init(_ path: [String], _ message: String) {
    self.path = path
    self.message = message
  }

  public var description: String { path.joined(separator: " / ") + ": " + message }
}
