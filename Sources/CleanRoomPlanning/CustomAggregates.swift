import CleanRoomModel
import CleanRoomPolicy

/// The aggregates of CUSTOM queries, put together from pieces that the engine computes in one layer.
extension AggregatePieces {
  /// - Parameter arguments: engine SQL, one per argument; what counts stands for identity only.
  mutating func value(
    _ kind: AggregateKind, of arguments: [String], types: [ColumnType], distinct: Bool, result: ColumnType
  ) -> String {
    guard kind != .count else { return count(arguments, distinct: distinct) }
    let (first, type) = (arguments[0], types[0])
    switch kind {
    case .count: return "NULL"
    case .sum: return sum(of: first, distinct: distinct, argument: type, result: result)
    case .average: return average(of: first, distinct: distinct, argument: type, result: result)
    case .minimum: return piece("min(\(CustomPrinter.keyText(first, type)))")
    case .maximum: return piece("max(\(CustomPrinter.keyText(first, type)))")
    case .every: return piece("bool_and(\(first))")
    case .any: return piece("bool_or(\(first))")
    case .median: return percentile(first, "CAST('0.5' AS DOUBLE)")
    case .percentile: return percentile(first, arguments[1])
    case .approximatePercentile: return discrete(CustomPrinter.keyText(first, type), arguments[1])
    case .standardDeviationSample: return deviation("stddev_samp", first)
    case .standardDeviationPopulation: return deviation("stddev_pop", first)
    case .varianceSample: return deviation("var_samp", first)
    case .variancePopulation: return deviation("var_pop", first)
    }
  }

  /// Rows in which an argument is NULL do not count.
  private mutating func count(_ arguments: [String], distinct: Bool) -> String {
    guard !arguments.isEmpty else { return piece("count(*)") }
    guard arguments.count > 1 else { return piece("count(\(distinct ? "DISTINCT " : "")\(arguments[0]))") }
    let known = arguments.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    let fields = arguments.enumerated().map { "'v\($0)': \($1)" }.joined(separator: ", ")
    return piece("count(\(distinct ? "DISTINCT " : "")CASE WHEN \(known) THEN {\(fields)} END)")
  }

  /// Spark's interpolation between the two nearest values, in its order of operations.
  private mutating func percentile(_ column: String, _ share: String) -> String {
    let values = sorted(column)
    let place = "((len(l) - 1) * \(share))"
    let (low, high) = ("CAST(floor(\(place)) AS BIGINT)", "CAST(ceil(\(place)) AS BIGINT)")
    let between = "(\(high) - \(place)) * l[\(low) + 1] + (\(place) - \(low)) * l[\(high) + 1]"
    return "list_transform([\(values)], lambda l: CASE WHEN \(low) = \(high) OR l[\(low) + 1] = l[\(high) + 1] "
      + "THEN l[\(low) + 1] ELSE \(between) END)[1]"
  }

  /// The least value that at least the share of all values does not exceed.
  private mutating func discrete(_ column: String, _ share: String) -> String {
    let values = known(piece("list(\(column) ORDER BY \(column))"))
    return "list_transform([\(values)], lambda l: l[greatest(1, CAST(ceil(len(l) * \(share)) AS BIGINT))])[1]"
  }

  private mutating func sorted(_ column: String) -> String {
    // Zero has one sign here, so that the order of equal values does not show.
    let value = "(CAST(\(column) AS DOUBLE) + CAST(0 AS DOUBLE))"
    return known(piece("list(\(value) ORDER BY \(value))"))
  }

  private func known(_ values: String) -> String { "list_filter(\(values), lambda v: v IS NOT NULL)" }

  /// Squares of numbers this large have no double; the engine would raise.
  private mutating func deviation(_ function: String, _ column: String) -> String {
    let value = "CAST(\(column) AS DOUBLE)"
    let isSafe = "(isfinite(\(value)) AND abs(\(value)) < 1e145)"
    let result = piece("\(function)(CASE WHEN \(isSafe) THEN \(value) END ORDER BY \(value))")
    let all = piece("bool_and(\(isSafe))")
    return "CASE WHEN \(all) THEN \(result) END"
  }
}
