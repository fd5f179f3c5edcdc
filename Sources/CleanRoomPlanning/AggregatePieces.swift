import CleanRoomModel
import CleanRoomPolicy

/// The aggregates that a grouped query computes, each once, and how results are put together from them.
/// Sums are exact and in a fixed order, so that equal data gives equal bytes.
struct AggregatePieces {
  /// Engine expressions over joined rows, in order of first use; piece `i` is named `a<i>`.
  private(set) var expressions: [String] = []

  private mutating func piece(_ expression: String) -> String {
    if let index = expressions.firstIndex(of: expression) { return "a\(index)" }
    expressions.append(expression)
    return "a\(expressions.count - 1)"
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
    case .avg: average(of: column, argument: argument, result: result)
    }
  }

  mutating func countDistinct(_ column: String) -> String { piece("count(DISTINCT \(column))") }

  private mutating func sum(of column: String, distinct: Bool, argument: ColumnType, result: ColumnType) -> String {
    "TRY_CAST(\(exactSum(of: column, distinct: distinct, argument: argument)) AS \(EngineText.type(result)))"
  }

  private mutating func exactSum(of column: String, distinct: Bool, argument: ColumnType) -> String {
    let word = distinct ? "DISTINCT " : ""
    switch argument {
    case .real, .double:
      // Floating-point addition depends on the order, so the order is fixed.
      return piece("sum(\(word)CAST(\(column) AS DOUBLE) ORDER BY CAST(\(column) AS DOUBLE))")
    case .decimal(let precision, let scale) where precision > 28:
      // The engine raises when such a sum passes 38 digits: add high and low halves apart, join them with care.
      if distinct { return "TRY(list_sum(\(piece("list(DISTINCT \(column))"))))" }
      let unscaled = Self.unscaled(column)
      let high = piece("sum(\(unscaled) // \(Self.half))")
      let low = piece("sum(\(unscaled) % \(Self.half))")
      return Self.decimal("TRY(\(high) * \(Self.half) + \(low))", scale: scale)
    default:
      return piece("sum(\(word)\(column))")
    }
  }

  private mutating func average(of column: String, argument: ColumnType, result: ColumnType) -> String {
    let total = exactSum(of: column, distinct: false, argument: argument)
    let count = piece("count(\(column))")
    guard case .decimal(_, let scale) = argument, case .decimal(_, let resultScale) = result else {
      return "(CAST(\(total) AS DOUBLE) / NULLIF(CAST(\(count) AS DOUBLE), 0))"
    }
    // Half up, on integers: (2·|sum|·10^k + n) // 2n, with the sign put back.
    let sum = Self.unscaled(total)
    let factor = "CAST(1" + String(repeating: "0", count: resultScale - scale) + " AS HUGEINT)"
    let quotient =
      "TRY(sign(\(sum)) * ((abs(\(sum)) * \(factor) * 2 + \(count)) // NULLIF(2 * \(count), 0)))"
    return "TRY_CAST(\(Self.decimal(quotient, scale: resultScale)) AS \(EngineText.type(result)))"
  }

  private static let half = "CAST(10000000000000000000 AS HUGEINT)"

  /// The digits of a decimal as an integer.
  private static func unscaled(_ decimal: String) -> String {
    "CAST(replace(CAST(\(decimal) AS VARCHAR), '.', '') AS HUGEINT)"
  }

  /// The inverse: `integer` with `scale` places after the point.
  private static func decimal(_ integer: String, scale: Int) -> String {
    guard scale > 0 else { return "TRY_CAST(\(integer) AS DECIMAL(38,0))" }
    let digits = "lpad(CAST(abs(\(integer)) AS VARCHAR), greatest(\(scale + 1), length(CAST(abs(\(integer)) AS VARCHAR))), '0')"
    let sign = "CASE WHEN \(integer) < 0 THEN '-' ELSE '' END"
    return "TRY_CAST(\(sign) || left(\(digits), -\(scale)) || '.' || right(\(digits), \(scale)) AS DECIMAL(38,\(scale)))"
  }
}
