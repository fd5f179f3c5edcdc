import CleanRoomModel

/// A table in a `.case` file: its owner, its allowed columns, and its rule, one line for each member of the rule.
struct TableBlock {
  private var columns: [PublishedColumn] = []
  private var ruleType: String?
  private var aggregates: [AggregationRule.AggregateColumn] = []
  private var joins: [String] = []
  private var dimensions: [String] = []
  private var functions: [String] = []
  private var constraints: [AggregationRule.OutputConstraint] = []
  private var operators: [JoinOperator]?
  private var joinRequired: String?
  private var receivers: [AccountID]?
  private var unavailable: String?
  private var custom = CustomBlock()

  /// - Parameter head: `NAME of ACCOUNT`.
  static func read(_ head: String, _ lines: [String]) throws -> PublishedTable {
    let parts = head.split(separator: " ").map(String.init)
    guard parts.count == 3, parts[1] == "of" else { throw CaseError(description: "table \(head)") }
    var block = TableBlock()
    for line in lines { try block.read(line) }
    guard let id = AssociationID("00000000-0000-4000-8000-000000000002"),
      let table = ConfiguredTableID("00000000-0000-4000-8000-000000000003"),
      let collaboration = CollaborationID("00000000-0000-4000-8000-000000000001")
    else { throw CaseError(description: "identifiers") }
    return PublishedTable(
      collaboration: collaboration, owner: try CaseFileReader.account(parts[2]), name: parts[0],
      association: id,
      configuredTable: table, description: "", columns: block.columns, rule: block.rule,
      allowedResultReceivers: block.receivers, unavailable: block.unavailable,
      createdAt: Timestamp(milliseconds: 0), updatedAt: Timestamp(milliseconds: 0))
  }

  private mutating func read(_ line: String) throws {
    let (word, rest) = CaseFileReader.split(line)
    switch word {
    case "column": columns.append(try Self.column(rest))
    case "AGGREGATION", "LIST", "CUSTOM": ruleType = word
    case "aggregate":
      let (function, names) = CaseFileReader.split(rest)
      guard let function = AggregateFunction(rawValue: function) else { throw CaseError(description: line) }
      aggregates.append(.init(columnNames: Self.names(names), function: function))
    case "join": joins = Self.names(rest)
    case "join-required": joinRequired = "QUERY_RUNNER"
    case "operators": operators = Self.names(rest).compactMap(JoinOperator.init)
    case "dimension", "list": dimensions = Self.names(rest)
    case "functions": functions = Self.names(rest)
    case "minimum":
      let (number, column) = CaseFileReader.split(rest)
      guard let minimum = Int(number) else { throw CaseError(description: line) }
      constraints.append(.init(columnName: column, minimum: minimum))
    case "receivers": receivers = try Self.names(rest).map(CaseFileReader.account)
    case "unavailable": unavailable = rest
    default:
      if try custom.read(word, rest) { return }
      throw CaseError(description: "\(word) is not a part of a table")
    }
  }

  private static func names(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
  }

  /// `name type [form]`.
  private static func column(_ text: String) throws -> PublishedColumn {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count >= 2, let type = ColumnType(name: parts[1]) else { throw CaseError(description: text) }
    return PublishedColumn(
      name: parts[0], type: type, keyForm: parts.count > 2 ? KeyForm(rawValue: parts[2]) : nil)
  }

  private var rule: AnalysisRule? {
    switch ruleType {
    case "AGGREGATION":
      .aggregation(
        AggregationRule(
          aggregateColumns: aggregates, joinColumns: joins, joinRequired: joinRequired,
          allowedJoinOperators: operators, dimensionColumns: dimensions, scalarFunctions: functions,
          outputConstraints: constraints))
    case "LIST":
      .list(ListRule(joinColumns: joins, allowedJoinOperators: operators, listColumns: dimensions))
    case "CUSTOM": .custom(custom.value)
    default: nil
    }
  }
}
