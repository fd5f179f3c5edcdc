/// The type that a number's suffix names.
enum NumberType: String, Sendable {
  case tinyint = "TINYINT"
  case smallint = "SMALLINT"
  case bigint = "BIGINT"
  case float = "FLOAT"
}

/// A number as written, before its text is put away.
enum NumberForm {
  case integer, decimal, double
  case typed(NumberType)
}

/// The suffixes by which Spark types a number: `1Y`, `1S`, `1L`, `1.0F`, `1.0D`, `1.0BD`.
enum NumberSuffix {
  /// Nil when the suffix does not exist or does not fit the number.
  static func apply(_ suffix: String, to digits: String, _ form: NumberForm) -> (digits: String, NumberForm)? {
    switch (form, suffix) {
    case (.integer, "y"): Int8(digits).map { _ in (digits, .typed(.tinyint)) }
    case (.integer, "s"): Int16(digits).map { _ in (digits, .typed(.smallint)) }
    case (.integer, "l"): Int64(digits).map { _ in (digits, .typed(.bigint)) }
    case (.integer, "f"), (.decimal, "f"), (.double, "f"): (digits, .typed(.float))
    case (.integer, "d"), (.decimal, "d"): (digits + "e0", .double)
    case (.double, "d"): (digits, .double)
    case (.integer, "bd"): (digits + ".", .decimal)
    case (.decimal, "bd"): (digits, .decimal)
    default: nil
    }
  }
}
