/// The suffixes by which Spark types a number: `1Y`, `1S`, `1L`, `1.0F`, `1.0D`, `1.0BD`.
enum NumberSuffix {
  /// Nil when the suffix does not exist or does not fit the number.
  static func kind(of number: Token.Kind, suffix: String) -> Token.Kind? {
    switch (number, suffix) {
    case (.integer(let digits), "y"): Int8(digits).map { _ in .typed(digits, type: "TINYINT") }
    case (.integer(let digits), "s"): Int16(digits).map { _ in .typed(digits, type: "SMALLINT") }
    case (.integer(let digits), "l"): Int64(digits).map { _ in .typed(digits, type: "BIGINT") }
    case (.integer(let digits), "f"), (.decimal(let digits), "f"), (.double(let digits), "f"):
      .typed(digits, type: "FLOAT")
    case (.integer(let digits), "d"), (.decimal(let digits), "d"): .double(digits + "e0")
    case (.double(let digits), "d"): .double(digits)
    case (.integer(let digits), "bd"): .decimal(digits + ".")
    case (.decimal(let digits), "bd"): .decimal(digits)
    default: nil
    }
  }
}
