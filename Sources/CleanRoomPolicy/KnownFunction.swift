import CleanRoomModel

/// The scalar functions that a rule can grant, by the name that the rule uses.
struct KnownFunction: Hashable {
  /// Upper case, as in `scalarFunctions`.
  let name: String

  /// In extended mode rules may list these as well.
  static let extensionNames: Set<String> = ["YEAR", "MONTH"]
  static let cast = KnownFunction(rule: "CAST")
  static let dateAdd = KnownFunction(rule: "DATEADD")

  private static let names: Set<String> = [
    "ABS", "CAST", "CEILING", "COALESCE", "CONVERT", "CURRENT_DATE", "DATEADD", "EXTRACT", "FLOOR", "GETDATE",
    "LN",
    "LOG", "LOWER", "ROUND", "RTRIM", "SQRT", "SUBSTRING", "TO_CHAR", "TO_DATE", "TO_NUMBER", "TO_TIMESTAMP",
    "TRIM",
    "TRUNC", "UPPER", "YEAR", "MONTH",
  ]
  private static let synonyms = ["CEIL": "CEILING", "SUBSTR": "SUBSTRING"]

  private init(rule name: String) { self.name = name }

  /// Nil for a function that no rule can grant.
  init?(_ called: String) {
    let upper = called.uppercased()
    let name = Self.synonyms[upper] ?? upper
    guard Self.names.contains(name) else { return nil }
    self.name = name
  }

  /// `EXTRACT(YEAR FROM x)` is `YEAR(x)`.
  static func extract(field: String) -> KnownFunction {
    let name = field.uppercased()
    return KnownFunction(rule: extensionNames.contains(name) ? name : "EXTRACT")
  }

  /// The rule entries of which one is enough.
  var grantedBy: [String] { Self.extensionNames.contains(name) ? [name, "EXTRACT"] : [name] }
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
