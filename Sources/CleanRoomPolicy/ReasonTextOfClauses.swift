import CleanRoomModel
import CleanRoomSQL

extension ReasonText {
  // MARK: Joins

  static let commaJoin = "Tables separated by commas are not accepted; write INNER JOIN … ON."
  static let nestedJoin = "A join in parentheses is not accepted; write the joins one after another."
  static let joinWithoutCondition = "A join needs ON with an equality of joinColumns."
  static let onlyEqualities =
    "ON accepts only equalities between joinColumns of two tables, combined by AND or OR as the tables' rules permit."
  static func selfJoin(_ table: String) -> String { "Table \(table) may occur only once in a query." }
  static func joinKind(_ join: Join) -> String {
    "\(join.isNatural ? "NATURAL JOIN" : join.kind.rawValue + " JOIN") is not accepted; only INNER JOIN is."
  }
  static func untied(_ table: String) -> String {
    "ON does not tie table \(quoted(table)) to the tables before it: each arm of an OR needs an equality with one of them."
  }
  static func sameSide(_ table: String) -> String {
    "ON compares two columns of table \(quoted(table)); both sides must be of different tables."
  }
  static func differentNames(_ left: String, _ right: String) -> String {
    "Columns \(left) and \(right) have different names; this collaboration does not allow joins on columns with "
      + "different names."
  }
  static func joinOperator(_ operation: JoinOperator, _ table: BoundTable) -> String {
    "\(operation.rawValue) is not allowed in ON; the \(rule(table)) rule of \(table.label) permits: "
      + "\(names((table.grants?.joinOperators ?? []).map(\.rawValue)))."
  }
  static func notAJoinColumn(_ column: String, _ table: BoundTable) -> String {
    "Column \(column) of \(table.label) is not allowed in ON; its \(rule(table)) rule permits there only joinColumns: "
      + "\(names(table.grants?.joinColumns ?? []))."
  }
  static func keyForms(_ first: String, _ left: PublishedColumn, _ second: String, _ right: PublishedColumn)
    -> String
  {
    guard let one = left.type.keyFamily, let other = right.type.keyFamily else {
      let column = left.type.keyFamily == nil ? (first, left.type) : (second, right.type)
      return
        "Column \(column.0) has the type \(column.1), which cannot be matched between organizations; use a string, "
        + "whole number or date."
    }
    guard one == other else {
      return
        "Columns \(first) and \(second) cannot match: one is a \(one.rawValue), the other a \(other.rawValue)."
    }
    return
      "Columns \(first) and \(second) cannot match: their values are declared as \((left.declaredForm ?? .none).rawValue) "
      + "and \((right.declaredForm ?? .none).rawValue). Both owners have to write the key in the same form."
  }

  static func tooManyItems(_ clause: String, _ limit: Int) -> String {
    "\(clause) has more than \(limit) items; split the query."
  }

  // MARK: Functions and aggregates

  static func unknownFunction(_ name: String) -> String {
    "Function \(quoted(name.uppercased())) is not available; analysis rules can permit only the scalar functions of "
      + "AWS Clean Rooms."
  }
  static func unavailableFunction(_ what: String) -> String { "\(what) is not available in this version." }
  static func functionNotGranted(_ function: KnownFunction, _ table: BoundTable, _ listed: Set<String>)
    -> String
  {
    let permitted = listed.isEmpty ? "no scalar function" : "the scalarFunctions: \(names(listed))"
    return
      "Function \(function.name) is not allowed over columns of \(table.label); its \(rule(table)) rule permits "
      + "\(permitted)."
  }
  static func constantFunction(_ function: KnownFunction) -> String {
    "Function \(function.name) is not allowed: no rule of the query's tables lists it in scalarFunctions."
  }
  static func nested(_ function: KnownFunction) -> String {
    "Function \(function.name) accepts columns and constants only; functions and operators inside it are not accepted."
  }
  static func arguments(_ function: KnownFunction) -> String {
    "The arguments of \(function.name) have the wrong number, type or value."
  }
  static func aggregatePlace(_ name: String, _ clause: Clause) -> String {
    clause == .filter || clause == .grouping
      ? "Aggregate function \(name.uppercased()) is not allowed in \(clause.rawValue)."
      : "Aggregate function \(name.uppercased()) is not allowed inside another expression."
  }
  static func unknownAggregate(_ name: String) -> String {
    "\(quoted(name)) is not allowed; analysis rules can permit only COUNT, COUNT(DISTINCT), SUM, SUM(DISTINCT) and AVG."
  }
  static func bareColumn(_ name: String) -> String {
    "\(name.uppercased()) accepts one column and nothing else; * and expressions are not accepted inside aggregates."
  }
  static func aggregate(
    _ function: AggregateFunction, _ column: String, _ table: BoundTable, _ granted: Set<AggregateFunction>
  ) -> String {
    let start = "\(function.rawValue) of column \(column) of \(table.label) is not allowed; "
    return table.grants?.type == .list
      ? start + "its LIST rule permits no aggregate function."
      : start + "its AGGREGATION rule permits on this column: \(names(granted.map(\.rawValue)))."
  }
  static func aggregateType(_ function: AggregateFunction, _ column: PublishedColumn) -> String {
    "\(function.rawValue) needs numbers; column \(column.name) has the type \(column.type)."
  }

  // MARK: Values and conditions

  static func badLiteral(_ literal: Literal) -> String {
    switch literal {
    case .date: "The text after DATE is not a date of the form yyyy-MM-dd."
    case .timestamp: "The text after TIMESTAMP is not of the form yyyy-MM-dd HH:mm:ss."
    case .integer, .decimal, .double: "The number has more than 38 digits or is too large."
    case .null, .boolean, .string: "A minus sign needs a number."
    }
  }
  static func incomparable(_ operands: [ResolvedExpression]) -> String {
    var types: [String] = []
    for operand in operands where !types.contains(operand.type.description) {
      types.append(operand.type.description)
    }
    if types.contains("date") || types.contains("timestamp"), types.contains("string") {
      return
        "A \(types.contains("date") ? "date" : "timestamp") can be compared only with dates, timestamps and texts of "
        + "the form 'yyyy-MM-dd'\(types.contains("date") ? "" : " or 'yyyy-MM-dd HH:mm:ss'")."
    }
    if types.count == 1 { return "Values of the type \(types[0]) cannot be compared." }
    return
      "Values of the types \(types.joined(separator: ", ")) cannot be compared; write the constant in the column's type."
  }
  static func arithmetic(_ clause: Clause) -> String {
    "Arithmetic is allowed in WHERE only, not in \(clause.rawValue)."
  }
  static func operation(_ operation: ArithmeticOperator) -> String {
    "Operator \(operation.rawValue) is not accepted; only +, - and * are."
  }
  static func arithmeticTypes(_ operation: ArithmeticOperator, _ left: ColumnType, _ right: ColumnType)
    -> String
  {
    "\(left) \(operation.rawValue) \(right) is not accepted: use numbers with room for the result in 38 digits, or a date "
      + "and a constant number of days."
  }
  static func conditionAsValue(_ clause: Clause) -> String {
    "A condition is not allowed as a value in \(clause.rawValue)."
  }
  static let notACondition = "WHERE needs a condition here, such as a comparison."
  static let listOfConstants = "IN accepts a list of constants only."
  static let badPattern =
    "LIKE needs a constant pattern in which the escape character stands only before %, _ or itself."
  static func likeType(_ type: ColumnType) -> String { "LIKE needs a string, not \(type)." }
  static let nullItem = "NULL is not accepted as a column of the result."

  // MARK: Shapes

  static let noAggregate =
    "A query under an AGGREGATION rule needs at least one permitted aggregate function in SELECT."
  static func notGrouped(_ text: String) -> String {
    "\(quoted(text)) is neither an aggregate nor in GROUP BY; add it to GROUP BY."
  }
  static let groupedAggregate = "An aggregate is not allowed in GROUP BY."
  static let distinctGroups = "SELECT DISTINCT needs every expression of GROUP BY in the select list."
  static func ordinal(_ clause: Clause, _ count: Int) -> String {
    "A position in \(clause.rawValue) must be between 1 and \(count), the number of columns in SELECT."
  }
  static let having =
    "HAVING accepts only permitted aggregates compared with numbers by =, <>, <, <=, >, >=, combined by AND and OR."
  static let distinct = "A query under LIST rules must begin with SELECT DISTINCT."
  static let listAggregate = "Aggregate functions are not accepted under LIST analysis rules."
  static let noListColumn = "A query under LIST rules must select at least one of the listColumns."
  static func notInList(_ clause: Clause) -> String {
    "\(clause.rawValue) is not accepted under LIST analysis rules."
  }
}
