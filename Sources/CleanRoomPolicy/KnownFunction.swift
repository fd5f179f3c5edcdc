import CleanRoomModel

/// The scalar functions that a rule can grant, by the name that the rule uses.
struct KnownFunction: Hashable {
  /// Upper case, as in `scalarFunctions`.
  let name: String

  /// In extended mode rules may list these as well.
  static let extensionNames: Set<String> = ["YEAR", "MONTH"]
  static let cast = KnownFunction(rule: "CAST")
  static let dateAdd = KnownFunction(rule: "DATEADD")

  /// By the name that a query calls, lower case.
  private static let known: [String: KnownFunction] = {
    let names = [
      "ABS", "CAST", "CEILING", "COALESCE", "CONVERT", "CURRENT_DATE", "DATEADD", "DAYOFYEAR", "EXTRACT", "FLOOR",
      "GETDATE", "LN", "LOG", "LOWER", "ROUND", "RTRIM", "SQRT", "SUBSTRING", "TO_CHAR", "TO_DATE", "TO_NUMBER",
      "TO_TIMESTAMP", "TRIM", "TRUNC", "UPPER", "YEAR", "MONTH",
    ]
    var known: [String: KnownFunction] = [:]
    for name in names { known[name.lowercased()] = KnownFunction(rule: name) }
    known["ceil"] = known["ceiling"]
    known["substr"] = known["substring"]
    return known
  }()

  private init(rule name: String) { self.name = name }

  /// Nil for a function that no rule can grant.
  init?(_ called: String) {
    guard let known = Self.known[called.lowercased()] else { return nil }
    self = known
  }

  /// `EXTRACT(YEAR FROM x)` is `YEAR(x)`, `EXTRACT(DOY FROM x)` is `DAYOFYEAR(x)`.
  static func extract(field: String) -> KnownFunction {
    let name = field.uppercased()
    return KnownFunction(rule: name == "DOY" ? "DAYOFYEAR" : extensionNames.contains(name) ? name : "EXTRACT")
  }

  /// The rule entries of which one is enough. No rule can list DAYOFYEAR.
  var grantedBy: [String] {
    if name == "DAYOFYEAR" { return ["EXTRACT"] }
    return Self.extensionNames.contains(name) ? [name, "EXTRACT"] : [name]
  }
}

/// The aggregates: those that a rule can grant, and those that are refused by name.
enum AggregateName {
  case count, sum, avg
  case other

  private static let others: Set<String> = [
    "any_value", "approx_count_distinct", "approx_percentile", "array_agg", "bit_and", "bit_or", "bit_xor",
    "bool_and", "bool_or", "collect_list", "collect_set", "corr", "count_if", "covar_pop", "covar_samp",
    "every",
    "first", "histogram", "kurtosis", "last", "listagg", "max", "max_by", "mean", "median", "min", "min_by",
    "mode",
    "percentile", "percentile_cont", "percentile_disc", "skewness", "std", "stddev", "stddev_pop",
    "stddev_samp", "string_agg", "var_pop", "var_samp", "variance",
  ]

  init?(_ called: String) {
    switch called {
    case "count": self = .count
    case "sum": self = .sum
    case "avg": self = .avg
    case _ where Self.others.contains(called): self = .other
    default: return nil
    }
  }
}
