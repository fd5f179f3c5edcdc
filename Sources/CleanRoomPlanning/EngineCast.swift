import CleanRoomModel

/// CAST in the engine's words, with Spark's value for every pair of types that the policy room lets through.
enum EngineCast {
  static func text(_ value: String, from source: ColumnType, to target: ColumnType) -> String {
    let name = EngineText.type(target)
    switch (source, target) {
    // Spark cuts digits after the point where the engine would round them.
    case (.decimal, _) where target.isInteger: return "TRY_CAST(trunc(\(value)) AS \(name))"
    // By way of the digits, so that the nearest double is found.
    case (.decimal, .double), (.decimal, .real): return "TRY_CAST(CAST(\(value) AS VARCHAR) AS \(name))"
    case (.double, .decimal): return "TRY_CAST(CAST(\(value) AS VARCHAR) AS \(name))"
    case (.double, .integer), (.real, .integer): return saturated(value, "2147483647", "-2147483648", name)
    case (.double, .bigint), (.real, .bigint):
      return saturated(value, "9223372036854775807", "(-9223372036854775807 - 1)", name)
    // Java's narrowing: what lies beyond the largest FLOAT becomes infinite.
    case (.double, .real):
      return "CASE WHEN \(value) IS NOT NULL THEN coalesce(TRY_CAST(\(value) AS FLOAT), "
        + "CASE WHEN \(value) > 0 THEN CAST('inf' AS FLOAT) ELSE CAST('-inf' AS FLOAT) END) END"
    case (.boolean, .decimal): return "TRY_CAST(CAST(\(value) AS INTEGER) AS \(name))"
    case (_, .boolean) where source.isNumeric: return "(\(value) <> 0)"
    case (.string, _): return ofText(value, to: target, name)
    default: return "TRY_CAST(\(value) AS \(name))"
    }
  }

  /// Java's narrowing: towards zero, the nearest limit for what lies beyond, 0 for NaN.
  private static func saturated(_ value: String, _ most: String, _ least: String, _ name: String) -> String {
    "CASE WHEN isnan(\(value)) THEN CAST(0 AS \(name)) WHEN \(value) >= CAST(\(most) AS DOUBLE) THEN CAST(\(most) AS "
      + "\(name)) WHEN \(value) <= CAST(\(least) AS DOUBLE) THEN CAST(\(least) AS \(name)) "
      + "ELSE TRY_CAST(trunc(\(value)) AS \(name)) END"
  }

  /// Spaces and control characters around the text do not count; for Java's reader of doubles DEL is none.
  private static func trimmed(_ value: String, for target: ColumnType) -> String {
    let blank = target == .double ? "[\\x00-\\x20]" : "[\\x00-\\x20\\x7F]"
    return "regexp_replace(\(value), '^\(blank)+|\(blank)+$', '', 'g')"
  }

  private static func ofText(_ value: String, to target: ColumnType, _ name: String) -> String {
    let text = trimmed(value, for: target)
    switch target {
    case .boolean:
      return "CASE WHEN lower(\(text)) IN ('t', 'true', 'y', 'yes', '1') THEN TRUE "
        + "WHEN lower(\(text)) IN ('f', 'false', 'n', 'no', '0') THEN FALSE END"
    case .decimal:
      return "CASE WHEN regexp_full_match(\(text), '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?') "
        + "THEN CASE WHEN contains(lower(\(text)), 'e') THEN \(scientific(text, target, name)) "
        + "ELSE TRY_CAST(\(text) AS \(name)) END END"
    case .double:
      return "CASE WHEN regexp_full_match(\(text), '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?[dDfF]?') "
        + "THEN TRY_CAST(regexp_replace(\(text), '[dDfF]$', '') AS DOUBLE) "
        + "WHEN lower(\(text)) IN ('nan', 'inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity') "
        + "THEN TRY_CAST(replace(lower(\(text)), '+', '') AS DOUBLE) END"
    case .date:
      let pattern = "'[+]?([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2})(?:[ T](?s:.*))?)?)?'"
      let parts = (1...3).map { part in
        let digits = "regexp_extract(\(text), \(pattern), \(part))"
        return "TRY_CAST(coalesce(nullif(\(digits), ''), '1') AS BIGINT)"
      }
      let year = "regexp_extract(\(text), \(pattern), 1) <> '0000'"
      return "CASE WHEN regexp_full_match(\(text), \(pattern)) AND \(year) "
        + "THEN TRY(make_date(\(parts.joined(separator: ", ")))) END"
    case _ where target.isInteger:
      // Spark takes no digits before the point for 0.
      return "CASE WHEN regexp_full_match(\(text), '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]*)') "
        + "THEN TRY_CAST(regexp_replace(regexp_extract(\(text), '^[+-]?[0-9]*'), '^[+-]?$', '0') AS \(name)) END"
    default: return "TRY_CAST(\(value) AS \(name))"
    }
  }

  /// The engine reads the digits first and the exponent after them, so there must be room for both.
  private static func scientific(_ text: String, _ target: ColumnType, _ name: String) -> String {
    guard case .decimal(let precision, let scale) = target else { return "NULL" }
    let scales = [38 - (precision - scale)] + (scale <= 19 ? [19] : [])
    let tries = scales.map { "TRY_CAST(TRY_CAST(\(text) AS DECIMAL(38,\($0))) AS \(name))" }
    return "coalesce(\(tries.joined(separator: ", ")), TRY_CAST(\(text) AS \(name)))"
  }
}
