import CleanRoomModel
import CleanRoomSQL

/// A table in FROM with its rule, word for word.
struct ReferenceTable {
  let published: PublishedTable
  let exposed: String
  let aggregation: AggregationRule?
  let list: ListRule?

  init?(_ published: PublishedTable, alias: Identifier?) {
    self.published = published
    exposed = alias?.name ?? published.name
    switch published.rule {
    case .aggregation(let rule): (aggregation, list) = (rule, nil)
    case .list(let rule): (aggregation, list) = (nil, rule)
    case .custom, nil: return nil
    }
  }

  /// "dimension+join forbidden; dimension+aggregate forbidden": a column of two roles is not shown.
  func shows(_ column: String) -> Bool {
    guard let aggregation else { return list?.listColumns.contains(column) == true && !keys.contains(column) }
    return aggregation.dimensionColumns.contains(column) && !keys.contains(column)
      && !aggregation.aggregateColumns.contains { $0.columnNames.contains(column) }
  }

  var keys: [String] { aggregation?.joinColumns ?? list?.joinColumns ?? [] }

  func permits(_ function: AggregateFunction, of column: String) -> Bool {
    aggregation?.aggregateColumns.contains { $0.function == function && $0.columnNames.contains(column) } ?? false
  }

  /// "No functions at all" over a LIST table.
  var functions: [String] { aggregation?.scalarFunctions ?? [] }

  /// "Default AND."
  var operators: [JoinOperator] { (aggregation?.allowedJoinOperators ?? list?.allowedJoinOperators) ?? [.and] }

  /// LIST: "always, no switch".
  var mustMeetRunner: Bool { list != nil || aggregation?.joinRequired != nil }

  /// "≥1 of {columnName, minimum 2-100000, type COUNT_DISTINCT}", each on a column that can be counted.
  var hasThresholds: Bool {
    guard let aggregation else { return true }
    return !aggregation.outputConstraints.isEmpty
      && aggregation.outputConstraints.allSatisfy { constraint in
        constraint.minimum >= 2 && constraint.type == "COUNT_DISTINCT" && type(of: constraint.columnName) != nil
      }
  }

  func type(of column: String) -> ColumnType? { published.columns.first { $0.name == column }?.type }

  func form(of column: String) -> KeyForm? {
    type(of: column) == .string ? published.columns.first { $0.name == column }?.keyForm : nil
  }
}

/// One `column = column` of an ON.
struct ReferenceEquality {
  var left: ReferenceColumn
  var right: ReferenceColumn
}

struct ReferenceColumn: Hashable {
  var table: Int
  var name: String
}

/// A value as far as the rules care: what it can be compared with, and whose columns it holds.
struct ReferenceValue {
  enum Sort { case text, whole, exact, floating, flag, day, moment, nothing }

  var sort: Sort
  /// Equal for equal expressions, however they are written.
  var form: String
  var isConstant = false
  /// A string, number or NULL as it is written: it takes the type of what it meets.
  var literal: Literal?

  var isNumber: Bool { [.whole, .exact, .floating].contains(sort) }
  var isCalendar: Bool { sort == .day || sort == .moment }

  static func sort(of type: ColumnType) -> Sort? {
    switch type {
    case .string: .text
    case .tinyint, .smallint, .integer, .bigint: .whole
    case .decimal: .exact
    case .real, .double: .floating
    case .boolean: .flag
    case .date: .day
    case .timestamp: .moment
    case .binary: nil
    }
  }
}
