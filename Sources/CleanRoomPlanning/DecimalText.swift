/// Decimals taken apart into the integers of their digits, so that no step of a sum or quotient passes 38 digits
/// unnoticed or rounds.
enum DecimalText {
  /// The digits of a decimal as an integer.
  static func unscaled(_ decimal: String) -> String {
    "CAST(replace(CAST(\(decimal) AS VARCHAR), '.', '') AS HUGEINT)"
  }

  /// The inverse: an integer with `scale` places after the point.
  static func decimal(_ integer: String, scale: Int) -> String {
    guard scale > 0 else { return "TRY_CAST(\(integer) AS DECIMAL(38,0))" }
    let magnitude = "CAST(abs(\(integer)) AS VARCHAR)"
    let digits = "lpad(\(magnitude), CAST(greatest(\(scale + 1), length(\(magnitude))) AS INTEGER), '0')"
    let sign = "CASE WHEN \(integer) < 0 THEN '-' ELSE '' END"
    let text = "TRY(\(sign) || left(\(digits), -\(scale)) || '.' || right(\(digits), \(scale)))"
    return "TRY_CAST(\(text) AS DECIMAL(38,\(scale)))"
  }

  /// `dividend * 10^places / divisor`, half up away from zero, of integers; the divisor is not 0. It may raise.
  static func quotient(_ dividend: String, _ divisor: String, places: Int) -> String {
    let factor = "CAST(1\(String(repeating: "0", count: places)) AS HUGEINT)"
    let (top, bottom) = ("abs(\(dividend))", "abs(\(divisor))")
    let rest = "(2 * (\(top) % \(bottom)) * \(factor) + \(bottom)) // (2 * \(bottom))"
    return "sign(\(dividend)) * sign(\(divisor)) * ((\(top) // \(bottom)) * \(factor) + \(rest))"
  }
}
