import CleanRoomPolicy

/// The scalar functions in the engine's words, with Spark's meaning. `EngineExpression` makes NULL of what raises.
enum EngineFunction {
  static func text(_ function: ScalarFunction, _ arguments: [String]) -> String {
    if let text = number(function, arguments) { return text }
    if let text = self.text(of: function, arguments) { return text }
    return EngineMoments.text(function, arguments)
  }

  // MARK: Numbers

  /// Functions of doubles are those of the C library; Java's may differ in the last bit.
  private static func number(_ function: ScalarFunction, _ arguments: [String]) -> String? {
    let list = arguments.joined(separator: ", ")
    let (first, second) = (arguments[0], arguments.count > 1 ? arguments[1] : "NULL")
    switch function {
    case .abs, .floor, .round, .acos, .asin, .atan, .cbrt, .cos, .cot, .degrees, .exp, .radians, .sin, .tan, .greatest,
      .least:
      return "\(function.rawValue)(\(list))"
    // Java keeps NaN and the sign of zero.
    case .sign: return "CASE WHEN isnan(\(first)) OR \(first) = 0 THEN \(first) ELSE sign(\(first)) END"
    // Spark adds 0, so that -0.0 lies in the same direction as 0.0.
    case .atan2: return "atan2(\(first) + CAST(0 AS DOUBLE), \(second) + CAST(0 AS DOUBLE))"
    case .ceiling: return "ceil(\(first))"
    case .truncate: return "trunc(\(first))"
    // Where C gives 1, Java gives NaN.
    case .power:
      return "CASE WHEN isnan(\(second)) OR (abs(\(first)) = 1 AND isinf(\(second))) THEN CAST('nan' AS DOUBLE) "
        + "ELSE pow(\(list)) END"
    case .ln: return "CASE WHEN \(first) > 0 THEN ln(\(first)) END"
    // Spark divides logarithms.
    case .log2: return "CASE WHEN \(first) > 0 THEN ln(\(first)) / CAST('0.6931471805599453' AS DOUBLE) END"
    case .log10: return "CASE WHEN \(first) > 0 THEN log10(\(first)) END"
    // Each logarithm by itself: of a constant the engine computes it before it looks at the condition.
    case .log:
      return "CASE WHEN \(second) > 0 AND \(first) > 0 THEN TRY(ln(\(second))) / NULLIF(TRY(ln(\(first))), 0) END"
    case .sqrt: return "CASE WHEN \(first) >= 0 THEN sqrt(\(first)) END"
    case .divide: return "\(first) / NULLIF(\(second), 0)"
    case .integerDivide: return "\(first) // NULLIF(\(second), 0)"
    // The least BIGINT has no quotient by -1, but a remainder.
    case .modulo: return "CAST(\(first) AS HUGEINT) % NULLIF(\(second), 0)"
    case .remainder: return "\(first) % NULLIF(\(second), 0)"
    case .positiveModulo:
      let divisor = "NULLIF(\(second), 0)"
      let rest = "(CAST(\(first) AS HUGEINT) % \(divisor))"
      return "CASE WHEN \(rest) < 0 THEN (\(rest) + \(divisor)) % \(divisor) ELSE \(rest) END"
    case .roundDouble: return roundDouble(first, second)
    default: return nil
    }
  }

  /// The shortest spelling has at most 17 digits, so a decimal of 38 holds it and rounding it is exact; numbers of 1e19
  /// and more have no places.
  private static func roundDouble(_ value: String, _ places: String) -> String {
    func rounded(_ scale: Int) -> String {
      "CAST(CAST(round(CAST(CAST(\(value) AS VARCHAR) AS DECIMAL(38,\(scale))), \(places)) AS VARCHAR) AS DOUBLE)"
    }
    return "CASE WHEN abs(\(value)) < 1e9 THEN \(rounded(28)) WHEN abs(\(value)) < 1e19 THEN \(rounded(18)) "
      + "ELSE \(value) END"
  }

  // MARK: Text

  private static func text(of function: ScalarFunction, _ arguments: [String]) -> String? {
    let list = arguments.joined(separator: ", ")
    let (first, second) = (arguments[0], arguments.count > 1 ? arguments[1] : "NULL")
    switch function {
    case .lower, .upper: return EngineLetters.text(function, first)
    case .coalesce, .substring, .right, .lpad, .rpad, .translate, .length, .md5, .sha1,
      .sha256:
      return function == .right ? right(first, second) : "\(function.rawValue)(\(list))"
    // Spark trims spaces only, no other white space.
    case .ltrim, .rtrim, .trim: return "\(function.rawValue)(\(first), \(arguments.count > 1 ? second : "' '"))"
    // Ten million bytes are the most that one text replaced may come to.
    case .replace:
      return "CASE WHEN strlen(\(first)) * greatest(1, strlen(\(arguments[2]))) <= 10000000 THEN replace(\(list)) END"
    case .octetLength: return "strlen(\(first))"
    case .substringAnywhere: return substring(first, second, arguments[2])
    case .position: return "instr(\(second), \(first))"
    case .repeatText: return "repeat(\(list))"
    // Code points, where the engine's own function keeps clusters together.
    case .reverse: return "array_to_string(list_reverse(regexp_extract_all(\(first), '(?s).')), '')"
    case .splitPart: return "split_part(\(list))"
    case .concatenate: return "(" + arguments.joined(separator: " || ") + ")"
    case .hexOfText, .hexOfNumber: return "hex(\(first))"
    case .matches: return "regexp_matches(\(list))"
    case .patternSubstring: return "CASE WHEN regexp_matches(\(list)) THEN regexp_extract(\(list)) END"
    case .patternCount: return "length(regexp_extract_all(\(list)))"
    // Java counts units of UTF-16: a code point beyond U+FFFF is two.
    case .patternPosition:
      let before = "left(\(first), instr(\(first), regexp_extract(\(list))) - 1)"
      return "CASE WHEN regexp_matches(\(list)) THEN 1 + length(regexp_replace(\(before), "
        + "'[\\x{10000}-\\x{10FFFF}]', '..', 'g')) ELSE 0 * length(\(first)) END"
    case .patternReplace: return "regexp_replace(\(list), 'g')"
    default: return nil
    }
  }

  private static func right(_ text: String, _ count: String) -> String {
    "CASE WHEN \(count) <= 0 THEN substring(\(text), 1, 0) ELSE right(\(text), least(\(count), \(longest))) END"
  }

  private static let longest = "2147483647"

  /// Spark's substringSQL: a start before the text takes away from the length.
  private static func substring(_ text: String, _ position: String, _ length: String) -> String {
    let start =
      "(CASE WHEN \(position) > 0 THEN \(position) - 1 WHEN \(position) < 0 THEN length(\(text)) + \(position) ELSE 0 END)"
    let end = "(\(start) + least(\(length), \(longest)))"
    return "CASE WHEN \(text) IS NULL OR \(position) IS NULL OR \(length) IS NULL THEN NULL "
      + "WHEN \(end) <= \(start) OR \(end) <= 0 OR \(start) > \(longest) THEN '' "
      + "ELSE substring(\(text), greatest(\(start), 0) + 1, \(end) - greatest(\(start), 0)) END"
  }
}
