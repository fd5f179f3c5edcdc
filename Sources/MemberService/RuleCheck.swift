import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy

/// Whether an analysis rule fits the configured table it is for. Every problem is found, each with its path in the
/// request.
struct RuleCheck {
  let allowedColumns: [String]
  /// With their types, where these are known.
  var columns: [PublishedColumn] = []

  func problems(_ rule: AnalysisRule) -> [APIError.Field] {
    switch rule {
    case .aggregation(let rule): aggregation(rule)
    case .list(let rule): list(rule)
    case .custom(let rule): custom(rule)
    }
  }

  static let root = "analysisRulePolicy.v1"

  private func aggregation(_ rule: AggregationRule) -> [APIError.Field] {
    let root = Self.root + ".aggregation"
    var problems = named(rule.joinColumns, root + ".joinColumns")
    problems += named(rule.dimensionColumns, root + ".dimensionColumns")
    for (index, entry) in rule.aggregateColumns.enumerated() {
      let path = "\(root).aggregateColumns[\(index)].columnNames"
      problems += named(entry.columnNames, path) + numeric(entry, path)
    }
    problems += constraints(rule.outputConstraints, root + ".outputConstraints")
    problems += repeated(rule.scalarFunctions, root + ".scalarFunctions", "Function")
    problems += repeated(
      (rule.allowedJoinOperators ?? []).map(\.rawValue), root + ".allowedJoinOperators", "Operator")
    problems += joinable(rule.joinColumns, root + ".joinColumns")
    let aggregated = Set(rule.aggregateColumns.flatMap(\.columnNames))
    problems += overlap(
      rule.dimensionColumns, rule.joinColumns, root + ".dimensionColumns",
      "a join column and a dimension column")
    problems += overlap(
      rule.dimensionColumns, aggregated, root + ".dimensionColumns",
      "an aggregate column and a dimension column")
    return problems
  }

  private func list(_ rule: ListRule) -> [APIError.Field] {
    let root = Self.root + ".list"
    return named(rule.joinColumns, root + ".joinColumns") + named(rule.listColumns, root + ".listColumns")
      + repeated(
        (rule.allowedJoinOperators ?? []).map(\.rawValue), root + ".allowedJoinOperators", "Operator")
      + joinable(rule.joinColumns, root + ".joinColumns")
      + overlap(rule.listColumns, rule.joinColumns, root + ".listColumns", "a join column and a list column")
  }

  /// Each name allowed, and named once.
  func named(_ names: [String], _ path: String) -> [APIError.Field] {
    repeated(names, path, "Column")
      + names.indices.filter { !allowedColumns.contains(names[$0]) }.map { index in
        APIError.Field(
          name: "\(path)[\(index)]",
          message: "Column \(names[index]) is not an allowed column of the configured table.")
      }
  }

  func repeated(_ names: [String], _ path: String, _ noun: String) -> [APIError.Field] {
    names.indices.filter { names[..<$0].contains(names[$0]) }.map { index in
      APIError.Field(name: "\(path)[\(index)]", message: "\(noun) \(names[index]) is listed twice.")
    }
  }

  private func overlap(
    _ names: [String], _ others: some Collection<String>, _ path: String, _ roles: String
  ) -> [APIError.Field] {
    names.indices.filter { others.contains(names[$0]) }.map { index in
      APIError.Field(name: "\(path)[\(index)]", message: "Column \(names[index]) cannot be both \(roles).")
    }
  }

  /// The threshold is computed where only released columns are, so its column has to be one that may be released.
  private func constraints(
    _ constraints: [AggregationRule.OutputConstraint], _ path: String
  ) -> [APIError.Field] {
    constraints.enumerated().flatMap { index, constraint -> [APIError.Field] in
      let name = "\(path)[\(index)].columnName"
      guard allowedColumns.contains(constraint.columnName) else {
        let message =
          "Column \(constraint.columnName) is not an allowed column of the configured table. "
          + "The threshold can only be computed from an allowed column; add it to allowedColumns."
        return [.init(name: name, message: message)]
      }
      let isRepeated = constraints[..<index].contains { $0.columnName == constraint.columnName }
      return isRepeated
        ? [.init(name: name, message: "Column \(constraint.columnName) has two constraints.")] : []
    }
  }

  func type(_ name: String) -> ColumnType? { columns.first { $0.name == name }?.type }

  private func numeric(_ entry: AggregationRule.AggregateColumn, _ path: String) -> [APIError.Field] {
    switch entry.function {
    case .count, .countDistinct: return []
    case .sum, .sumDistinct, .avg:
      return entry.columnNames.enumerated().compactMap { index, name in
        guard let type = type(name), !type.isNumeric else { return nil }
        return .init(
          name: "\(path)[\(index)]",
          message: "Column \(name) has the type \(type); \(entry.function.rawValue) needs a number.")
      }
    }
  }

  /// Only values with one canonical form can be matched between organizations.
  private func joinable(_ names: [String], _ path: String) -> [APIError.Field] {
    names.enumerated().compactMap { index, name in
      guard let type = type(name), type.keyFamily == nil else { return nil }
      return .init(
        name: "\(path)[\(index)]",
        message: "Column \(name) has the type \(type); join columns are strings, whole numbers or dates.")
    }
  }
}
