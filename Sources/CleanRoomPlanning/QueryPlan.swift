import CleanRoomModel
import CleanRoomPolicy

/// What every party does for one approved query. Coordinator and owners derive equal plans from equal queries, so
/// nobody has to be told what to send.
public struct QueryPlan: Sendable, Equatable {
  /// One per table, in the order of `ApprovedQuery.tables`.
  public let fragments: [Fragment]
  public let combination: Combination

  init(fragments: [Fragment], combination: Combination) {
    self.fragments = fragments
    self.combination = combination
  }
}

/// What one table's owner releases. Made only by `QueryPlanner`.
public struct Fragment: Sendable, Equatable {
  /// The association's name.
  public let table: String
  public let owner: AccountID
  /// Where the rows go in the combining engine.
  public let gatheredTable: String
  public let columns: [FragmentColumn]
  /// Conditions on this table alone, evaluated at home: rows that fail one never leave.
  let filter: [ResolvedExpression]

  init(
    table: String, owner: AccountID, gatheredTable: String, columns: [FragmentColumn],
    filter: [ResolvedExpression]
  ) {
    self.table = table
    self.owner = owner
    self.gatheredTable = gatheredTable
    self.columns = columns
    self.filter = filter
  }

  /// The batch's columns after tokens have been made.
  public var released: [ColumnDescription] {
    columns.map { ColumnDescription(name: $0.gatheredName, content: $0.use.content) }
  }
}

/// A column that leaves its owner, and in which form.
public struct FragmentColumn: Sendable, Hashable {
  /// The column's name in the owner's schema; empty for mere presence.
  public let column: String
  public let type: ColumnType
  public let use: ColumnUse
  public let gatheredName: String
}

public enum ColumnUse: Sendable, Hashable {
  case value(ColumnType)
  /// Equality is all the query needs: a keyed token travels. Columns of one domain can match each other.
  case token(domain: String, form: KeyForm?)
  /// The query needs to know that a row is there and nothing that stands in it: TRUE travels.
  case presence

  public var content: ColumnContent {
    switch self {
    case .presence: .value(.boolean)
    case .value(let type): .value(type)
    case .token: .token
    }
  }

  public var isToken: Bool { content == .token }

  /// The form's name in ledgers and explanations.
  public var kind: String {
    switch self {
    case .value: "value"
    case .token: "token"
    case .presence: "presence"
    }
  }
}

/// The query that the coordinator's engine runs over the gathered tables.
public struct Combination: Sendable, Equatable {
  /// Printed from the approved tree; thresholds are outside the analyst's HAVING and before ORDER BY and LIMIT.
  public let sql: String
  public let output: [ResultColumn]

  init(sql: String, output: [ResultColumn]) {
    self.sql = sql
    self.output = output
  }
}

/// A column of a query's result.
public struct ResultColumn: Sendable, Codable, Hashable {
  public let name: String
  public let type: ColumnType

  public init(name: String, type: ColumnType) {
    self.name = name
    self.type = type
  }
}
