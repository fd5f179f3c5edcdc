public struct ColumnSpecification: Sendable, Equatable {
  public var name: String
  public var kind: ColumnKind
  /// Whether the value is drawn for every row, or once for a person and kept. Nil: as usual for the kind.
  public var per: Subject?
  /// The share of cells that are NULL.
  public var nulls: Double
  /// The share of cells in each dirty spelling; no cell has two.
  public var dirty: [Weighted<DirtySpelling>]

  public init(
    _ name: String, _ kind: ColumnKind, per: Subject? = nil, nulls: Double = 0, dirty: [Weighted<DirtySpelling>] = []
  ) {
    self.name = name
    self.kind = kind
    self.per = per
    self.nulls = nulls
    self.dirty = dirty
  }
}

public enum Subject: String, Sendable, Equatable, CaseIterable { case row, person }

public enum ColumnKind: Sendable, Equatable {
  /// A number in a pattern such as `CUST-{8 digits}`, another one for everybody.
  case id(pattern: String, issuer: IDIssuer = .party)
  /// 1, 2, 3 in the order of rows, from `start`.
  case sequence(start: Int)
  case email
  case phone(PhoneFormat)
  case firstName
  case lastName
  case fullName
  case street
  case city
  case postcode
  /// Street, postcode and city in one line.
  case address
  case date(DayRange)
  case timestamp(DayRange)
  case category([Weighted<String>])
  case amount(AmountRange)
  /// From the lower to the upper bound, each as likely.
  case integer(ClosedRange<Int>)
  /// True with this share.
  case boolean(Double)
  /// The value of an earlier table's column in some row of it; the exponent of Zipf's law makes some rows more popular.
  case reference(table: TableName, column: String, zipf: Double)
}

/// Who gives people their numbers.
public enum IDIssuer: String, Sendable, Equatable, CaseIterable {
  /// Each party its own: a customer number.
  case party
  /// One for all parties: an insurance or register number.
  case common
}

public enum PhoneFormat: String, Sendable, Equatable, CaseIterable {
  /// `+12925550123`
  case e164
  /// As people of the country write it.
  case national
}

public struct DayRange: Sendable, Equatable {
  public var from: CalendarDay
  public var to: CalendarDay
  /// By month (1 to 12) and weekday (1, Monday, to 7); 1 where nothing is said.
  public var months: [Int: Double]
  public var weekdays: [Int: Double]
  /// How much likelier the last day is than the first: 0.5 is half as likely again.
  public var trend: Double

  public init(
    from: CalendarDay, to: CalendarDay, months: [Int: Double] = [:], weekdays: [Int: Double] = [:], trend: Double = 0
  ) {
    self.from = from
    self.to = to
    self.months = months
    self.weekdays = weekdays
    self.trend = trend
  }
}

public struct AmountRange: Sendable, Equatable {
  public var distribution: Distribution
  /// Digits after the point, 0 to 6.
  public var decimals: Int
  /// Values outside are drawn again.
  public var min: Double?
  public var max: Double?

  public init(_ distribution: Distribution, decimals: Int = 2, min: Double? = nil, max: Double? = nil) {
    self.distribution = distribution
    self.decimals = decimals
    self.min = min
    self.max = max
  }
}

public enum Distribution: Sendable, Equatable {
  case uniform(from: Double, to: Double)
  case normal(mean: Double, deviation: Double)
  /// `sigma` is the deviation of the logarithm.
  case lognormal(median: Double, sigma: Double)
  case exponential(mean: Double)
}

/// How a value is written so that it no longer equals itself.
public enum DirtySpelling: String, Sendable, Equatable, CaseIterable {
  case upperCase, lowerCase
  /// Spaces before, after, or both.
  case blanks
  /// A letter dropped, doubled or swapped with its neighbour.
  case typo
  /// E-mail: one more dot in the local part; the address of another mailbox, or not, as its provider likes.
  case dots
  /// E-mail: `+news` and the like before the @.
  case plusTag
  /// The other shapes of a phone number; `Bauer, Ada` for a full name.
  case format
}

/// What a column holds, in the words of AWS Glue.
public enum DataColumnType: Sendable, Equatable, CustomStringConvertible {
  case string, bigint, boolean, date, timestamp
  case decimal(precision: Int, scale: Int)

  public var description: String {
    switch self {
    case .string: "string"
    case .bigint: "bigint"
    case .boolean: "boolean"
    case .date: "date"
    case .timestamp: "timestamp"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    }
  }
}
