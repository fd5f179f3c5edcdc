import CleanRoomModel

/// The aggregate functions of Spark SQL whose value does not depend on the order of rows.
enum SparkAggregate {
  static let names: Set<String> = Set(kinds.keys).union(unavailable)

  private static let kinds: [String: AggregateKind] = [
    "count": .count, "sum": .sum, "avg": .average, "mean": .average, "min": .minimum, "max": .maximum,
    // Any value may be given; the least is the same one every time.
    "any_value": .minimum, "bool_and": .every, "every": .every, "bool_or": .any, "any": .any,
    "median": .median, "percentile": .percentile, "approx_percentile": .approximatePercentile,
    "percentile_approx": .approximatePercentile, "approx_count_distinct": .count, "count_if": .count,
    "stddev": .standardDeviationSample, "std": .standardDeviationSample, "stddev_samp": .standardDeviationSample,
    "stddev_pop": .standardDeviationPopulation, "variance": .varianceSample, "var_samp": .varianceSample,
    "var_pop": .variancePopulation,
  ]

  /// Depend on the order of rows, or give arrays, or have no exact form here.
  static let unavailable: Set<String> = [
    "first", "last", "collect_list", "collect_set", "array_agg", "listagg", "string_agg", "skewness",
    "kurtosis", "corr", "covar_pop", "covar_samp", "histogram", "max_by", "min_by", "mode", "bit_and", "bit_or",
    "bit_xor",
    "hll_sketch_agg", "hll_union_agg", "percentile_cont", "percentile_disc",
  ]

  static func resolve(
    name: String, arguments: [ResolvedExpression], isDistinct: Bool, filter: ResolvedExpression?
  ) -> FunctionResult? {
    guard let kind = kinds[name] else { return unavailable.contains(name) ? .unavailable(name.uppercased()) : nil }
    switch name {
    case "approx_count_distinct":
      guard arguments.count == 1 || arguments.count == 2 else { return .mismatch }
      return call(.count, [arguments[0]], isDistinct: true, filter, .bigint)
    case "count_if":
      guard arguments.count == 1, arguments[0].type == .boolean else { return .mismatch }
      let condition = filter.map { ResolvedExpression.and([$0, arguments[0]]) } ?? arguments[0]
      return call(.count, [], isDistinct: false, condition, .bigint)
    default: return resolve(kind, arguments, isDistinct, filter)
    }
  }

  private static func call(
    _ kind: AggregateKind, _ arguments: [ResolvedExpression], isDistinct: Bool, _ filter: ResolvedExpression?,
    _ type: ColumnType
  ) -> FunctionResult {
    .resolved(
      .aggregateCall(
        AggregateCall(kind: kind, arguments: arguments, isDistinct: isDistinct, filter: filter, type: type)))
  }

  private static func resolve(
    _ kind: AggregateKind, _ arguments: [ResolvedExpression], _ isDistinct: Bool, _ filter: ResolvedExpression?
  ) -> FunctionResult {
    guard let type = resultType(kind, arguments.map(\.type)) else { return .mismatch }
    switch kind {
    case .count, .sum, .average, .minimum, .maximum, .every, .any: break
    default: if isDistinct { return .unavailable("DISTINCT in this aggregate") }
    }
    if kind == .percentile || kind == .approximatePercentile { return percentile(kind, arguments, filter, type) }
    return call(kind, arguments, isDistinct: isDistinct, filter, type)
  }

  /// As in Spark; nil for arguments that the function does not take.
  static func resultType(_ kind: AggregateKind, _ types: [ColumnType]) -> ColumnType? {
    if kind == .count { return .bigint }
    guard let type = types.first, types.count == (kind == .percentile || kind == .approximatePercentile ? 2 : 1) else {
      return nil
    }
    switch kind {
    case .count: return .bigint
    case .sum: return AggregateFunction.sum.result(of: type)
    case .average: return AggregateFunction.avg.result(of: type)
    case .minimum, .maximum: return type == .binary ? nil : type
    case .every, .any: return type == .boolean ? .boolean : nil
    case .approximatePercentile: return type.isNumeric ? type : nil
    case .median, .percentile, .standardDeviationSample, .standardDeviationPopulation, .varianceSample,
      .variancePopulation:
      return type.isNumeric ? .double : nil
    }
  }

  /// One percentage between 0 and 1, a constant.
  private static func percentile(
    _ kind: AggregateKind, _ arguments: [ResolvedExpression], _ filter: ResolvedExpression?, _ type: ColumnType
  ) -> FunctionResult {
    guard case .literal(let literal) = arguments[1], case .double(let share)? = literal.converted(to: .double),
      (0...1).contains(share)
    else { return .mismatch }
    return call(kind, [arguments[0], .literal(.double(share))], isDistinct: false, filter, type)
  }
}
