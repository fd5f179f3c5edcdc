import CleanRoomModel
import CleanRoomPolicy

/// The aggregates that a grouped query computes, each once, and how results are put together from them.
/// Sums are exact and in a fixed order, so that equal data gives equal bytes.
struct AggregatePieces {
  /// How a piece is called where results are put together.
  var name: (Int) -> String = { "a\($0)" }
  /// Engine expressions over joined rows, in order of first use.
  private(set) var expressions: [String] = []
  private var known: [String: Int] = [:]

  mutating func piece(_ expression: String) -> String {
    if let index = known[expression] { return name(index) }
    known[expression] = expressions.count
    expressions.append(expression)
    return name(expressions.count - 1)
  }

  /// - Returns: an expression over the pieces that gives the aggregate's value.
  mutating func value(
    _ function: AggregateFunction, of column: String, argument: ColumnType, result: ColumnType
  ) -> String {
    switch function {
    case .count: piece("count(\(column))")
    case .countDistinct: countDistinct(column)
    case .sum: sum(of: column, distinct: false, argument: argument, result: result)
    case .sumDistinct: sum(of: column, distinct: true, argument: argument, result: result)
    case .avg: average(of: column, distinct: false, argument: argument, result: result)
    }
  }

  mutating func countDistinct(_ column: String) -> String { piece("count(DISTINCT \(column))") }

  mutating func sum(of column: String, distinct: Bool, argument: ColumnType, result: ColumnType)
    -> String
  {
    let total =
      if case .decimal(let precision, let scale) = argument, precision > Self.safePrecision {
        DecimalText.decimal(unscaledSum(of: column, distinct: distinct, argument: argument), scale: scale)
      } else {
        plainSum(of: column, distinct: distinct, argument: argument)
      }
    return "TRY_CAST(\(total) AS \(EngineText.type(result)))"
  }

  private mutating func plainSum(of column: String, distinct: Bool, argument: ColumnType) -> String {
    let word = distinct ? "DISTINCT " : ""
    guard argument == .real || argument == .double else { return piece("sum(\(word)\(column))") }
    // Floating-point addition depends on the order, so the order is fixed.
    return piece("sum(\(word)CAST(\(column) AS DOUBLE) ORDER BY CAST(\(column) AS DOUBLE))")
  }

  /// Half up, on integers.
  mutating func average(of column: String, distinct: Bool, argument: ColumnType, result: ColumnType) -> String {
    let count = piece("count(\(distinct ? "DISTINCT " : "")\(column))")
    guard case .decimal(_, let scale) = argument, case .decimal(_, let resultScale) = result else {
      let total = plainSum(of: column, distinct: distinct, argument: argument)
      return "(CAST(\(total) AS DOUBLE) / NULLIF(CAST(\(count) AS DOUBLE), 0))"
    }
    let sum = unscaledSum(of: column, distinct: distinct, argument: argument)
    let divisor = "NULLIF(CAST(\(count) AS HUGEINT), 0)"
    let quotient = "TRY(\(DecimalText.quotient(sum, divisor, places: resultScale - scale)))"
    return "TRY_CAST(\(DecimalText.decimal(quotient, scale: resultScale)) AS \(EngineText.type(result)))"
  }

  // MARK: Digits

  /// Sums of decimals up to here have room in the engine's 38 digits for ten thousand million rows.
  private static let safePrecision = 28
  private static let half = "CAST(10000000000000000000 AS HUGEINT)"

  /// The digits of a decimal column's sum, as an integer.
  private mutating func unscaledSum(of column: String, distinct: Bool, argument: ColumnType) -> String {
    guard case .decimal(let precision, _) = argument, precision > Self.safePrecision else {
      return DecimalText.unscaled(plainSum(of: column, distinct: distinct, argument: argument))
    }
    // The engine raises when a sum passes 38 digits: high and low halves are added apart and joined with care.
    let (high, low): (String, String)
    if distinct {
      let values = piece("list(DISTINCT \(column))")
      let digits = DecimalText.unscaled("v")
      high = "list_sum(list_transform(\(values), lambda v: \(digits) // \(Self.half)))"
      low = "list_sum(list_transform(\(values), lambda v: \(digits) % \(Self.half)))"
    } else {
      high = piece("sum(\(DecimalText.unscaled(column)) // \(Self.half))")
      low = piece("sum(\(DecimalText.unscaled(column)) % \(Self.half))")
    }
    return "TRY(\(high) * \(Self.half) + \(low))"
  }
}
