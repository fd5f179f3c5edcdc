/// Functions that give the same bits on every machine: only operations that IEEE 754 defines exactly, in a fixed order.
/// The C library's may differ in the last bit from one processor to the next.
enum PortableMath {
  private static let ln2High = 0x1.62e42fefa38p-1
  private static let ln2Low = 0x1.ef35793c7673p-45

  /// The natural logarithm of a positive, normal number.
  static func log(_ value: Double) -> Double {
    var exponent = Double(value.exponent)
    var significand = value.significand
    if significand > 1.4142135623730951 {
      significand /= 2
      exponent += 1
    }
    let part = (significand - 1) / (significand + 1)
    let square = part * part
    var sum = 0.0
    for divisor in stride(from: 23.0, through: 1, by: -2) { sum = sum * square + 1 / divisor }
    return exponent * ln2High + (2 * part * sum + exponent * ln2Low)
  }

  /// For values from -700 to 700; beyond, those of the bounds.
  static func exp(_ value: Double) -> Double {
    let value = min(max(value, -700), 700)
    let power = (value * 1.4426950408889634).rounded()
    let rest = (value - power * ln2High) - power * ln2Low
    var sum = 1.0
    for divisor in stride(from: 14.0, through: 1, by: -1) { sum = 1 + rest / divisor * sum }
    return Double(sign: .plus, exponent: Int(power), significand: sum)
  }

  static func power(_ base: Double, _ exponent: Double) -> Double { exp(exponent * log(base)) }

  /// The standard normal distribution's quantile; relative error below 1.2e-9 (P. J. Acklam's approximation).
  static func normalQuantile(_ share: Double) -> Double {
    if share > 0.5 { return -normalQuantile(1 - share) }
    guard share < 0.02425 else {
      let distance = share - 0.5
      let square = distance * distance
      return distance * polynomial(centre.over, square) / polynomial(centre.under, square)
    }
    let distance = (-2 * log(share)).squareRoot()
    return polynomial(tail.over, distance) / polynomial(tail.under, distance)
  }

  private typealias Terms = (Double, Double, Double, Double, Double, Double)

  @inline(__always)
  private static func polynomial(_ terms: Terms, _ value: Double) -> Double {
    ((((terms.0 * value + terms.1) * value + terms.2) * value + terms.3) * value + terms.4) * value + terms.5
  }

  private static let centre: (over: Terms, under: Terms) = (
    (
      -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
      -3.066479806614716e+01, 2.506628277459239e+00
    ),
    (
      -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
      -1.328068155288572e+01, 1
    )
  )

  private static let tail: (over: Terms, under: Terms) = (
    (
      -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732538343734e+00,
      4.374664141464968e+00, 2.938163982698783e+00
    ),
    (0, 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1)
  )
}
