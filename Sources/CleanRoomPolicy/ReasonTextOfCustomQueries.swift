import CleanRoomModel
import CleanRoomSQL

/// Sentences about queries over tables with CUSTOM rules.
extension ReasonText {
  static func unavailable(_ what: String) -> String { "\(what) is not available in this version." }
  static let joinNeedsCondition = "A join needs ON or USING; write CROSS JOIN to combine every row with every row."
  static let textGrowth =
    "Texts of this query can become more than 20000 times as long as those of its tables; repeat, pad, replace or "
    + "concatenate less."
  static func repeated(_ what: String) -> String {
    "What \(what) uses several times is too long; compute it in a derived table or WITH first."
  }
  static let needsCondition = "A condition is needed here, such as a comparison."
  static let tooLarge =
    "The query repeats long expressions or lists of columns too often; give them names in a derived table."
  static func tooMany(_ what: String, _ limit: Int) -> String { "The query has more than \(limit) \(what)." }
  static let misplacedStar = "* is accepted in the select list and in COUNT(*) only."
  static let starWithoutTable = "* needs a table in FROM."
  static let constantPattern = "The pattern must be a string constant."
  static let badInterval = "INTERVAL takes a whole number and a unit from YEAR to SECOND, such as INTERVAL '7' DAY."
  static let orderOfSet = "ORDER BY here takes the name or position of a column of the result."
  static let orderOfDistinct = "ORDER BY of a SELECT DISTINCT takes expressions of the select list only."
  static let valuesWidth = "The rows of VALUES must all have the same number of values."
  static let havingNotGrouped = "HAVING uses a column that is neither in GROUP BY nor inside an aggregate."
  static let windowNeedsOrder = "This window function needs ORDER BY in its OVER clause."
  static let noFrame = "This window function takes no ROWS or RANGE."
  static let frameOrder = "The frame must start before it ends."
  static let frameDistance = "A frame's distance is a whole number that is not negative."
  static let rangeDistance = "RANGE with a distance needs exactly one ORDER BY expression, a whole number or a date."

  static func badCount(_ clause: String) -> String { "\(clause) takes a whole number that is not negative." }
  static func columnCount(_ written: Int, _ found: Int) -> String {
    "\(written) column names are given for a query of \(found) columns."
  }
  static func sides(_ operation: SetOperator, _ left: Int, _ right: Int) -> String {
    "\(operation.rawValue) combines queries with equally many columns, not \(left) and \(right)."
  }
  static func sideTypes(_ operation: SetOperator, _ position: Int, _ left: ColumnType, _ right: ColumnType) -> String {
    "Column \(position) of the two sides of \(operation.rawValue) has types that do not agree, \(left) and \(right); "
      + "convert one of them with CAST."
  }
  static func scalarColumns(_ count: Int) -> String {
    "A subquery that stands for a value has one column, not \(count)."
  }
  static func inColumns(_ left: Int, _ right: Int) -> String {
    "IN compares \(left) values with a query of \(right) columns; the numbers must agree."
  }
  static func noFunction(_ name: String) -> String {
    "There is no function \(quoted(name)) in the SQL of CUSTOM rules."
  }
  static func noWindowFunction(_ name: String) -> String { "\(quoted(name)) is not a window function." }
  static func needsOver(_ name: String) -> String { "\(quoted(name)) is a window function and needs OVER (…)." }
  static func unknownWindow(_ name: String) -> String {
    "There is no window \(quoted(name)) in the query's WINDOW clause."
  }
  static func argumentTypes(_ name: String) -> String {
    "\(quoted(name)) does not accept arguments of this number or of these types; convert them with CAST."
  }
  static func aggregatesOnly(_ word: String, _ name: String) -> String {
    "\(word) is accepted in aggregates only, not in \(quoted(name))."
  }
  static func misplacedAggregate(_ name: String, _ clause: Clause) -> String {
    "The aggregate \(quoted(name)) is not accepted in \(clause.rawValue) or inside another aggregate; use a subquery."
  }
  static func misplacedWindow(_ name: String, _ clause: Clause) -> String {
    "The window function \(quoted(name)) is not accepted in \(clause.rawValue) or inside another function of rows; "
      + "use a subquery."
  }
  static func parameterOutsideTemplate(_ name: String) -> String {
    "Parameter :\(quoted(name)) is accepted in an analysis template only; write the value."
  }
  static func unknownParameter(_ name: String) -> String {
    "Parameter :\(quoted(name)) is not declared by the analysis template."
  }
  static func missingParameter(_ name: String) -> String {
    "Parameter :\(quoted(name)) has no value and the analysis template gives no default."
  }
  static func wrongParameter(_ name: String, _ type: String) -> String {
    "The value of parameter :\(quoted(name)) is not a valid \(quoted(type))."
  }
}
