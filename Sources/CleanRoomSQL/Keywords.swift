/// Words that cannot be used as names without quotes.
enum Keywords {
  static let reserved: Set<String> = [
    "all", "and", "anti", "as", "between", "both", "by", "case", "cast", "cross", "distinct", "else", "end",
    "escape",
    "except", "exists", "false", "fetch", "for", "from", "full", "group", "having", "ilike", "in", "inner",
    "intersect", "into", "is", "join", "lateral", "leading", "left", "like", "limit", "minus", "natural",
    "not",
    "null", "offset", "on", "or", "order", "outer", "qualify", "regexp", "right", "rlike", "select", "semi",
    "similar", "some", "table", "then", "trailing", "true", "union", "using", "values", "when", "where",
    "window",
    "with",
  ]

  /// Statements that people try; each is refused by name.
  static let statements: Set<String> = [
    "alter", "analyze", "attach", "cache", "call", "checkpoint", "copy", "create", "delete", "describe",
    "detach",
    "drop", "execute", "explain", "export", "grant", "import", "insert", "install", "load", "merge", "pivot",
    "pragma", "prepare", "refresh", "reset", "revoke", "set", "show", "summarize", "truncate", "uncache",
    "unload",
    "update", "use", "vacuum",
  ]

  /// The statement as its manual names it.
  static func statementName(_ word: String) -> String { word == "cache" ? "CACHE TABLE" : word.uppercased() }

  /// Functions that are written without parentheses.
  static let bareFunctions: Set<String> = [
    "current_date", "current_timestamp", "current_user", "localtimestamp",
  ]

  static let intervalUnits: Set<String> = [
    "year", "years", "month", "months", "week", "weeks", "day", "days", "hour", "hours", "minute", "minutes",
    "second", "seconds", "millisecond", "milliseconds", "microsecond", "microseconds",
  ]
}
