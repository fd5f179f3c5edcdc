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
    let power = whole(value * 1.4426950408889634)
    let rest = (value - Double(power) * ln2High) - Double(power) * ln2Low
    var sum = 1.0 / 6_227_020_800
    sum = sum * rest + 1.0 / 479_001_600
    sum = sum * rest + 1.0 / 39_916_800
    sum = sum * rest + 1.0 / 3_628_800
    sum = sum * rest + 1.0 / 362_880
    sum = sum * rest + 1.0 / 40_320
    sum = sum * rest + 1.0 / 5_040
    sum = sum * rest + 1.0 / 720
    sum = sum * rest + 1.0 / 120
    sum = sum * rest + 1.0 / 24
    sum = sum * rest + 1.0 / 6
    sum = sum * rest + 0.5
    sum = sum * rest + 1
    sum = sum * rest + 1
    return sum * Double(bitPattern: UInt64(power + 1023) &<< 52)
  }

  /// The nearest whole number; for values within +-2^62.
  @inline(__always)
  static func whole(_ value: Double) -> Int { Int(value + (value < 0 ? -0.5 : 0.5)) }

  static func power(_ base: Double, _ exponent: Double) -> Double { exp(exponent * log(base)) }

  /// The standard normal distribution's quantile; relative error below 1.2e-9 (P. J. Acklam's approximation).
  static func normalQuantile(_ share: Double) -> Double {
    let lower = min(share, 1 - share)
    let quantile = lower < 0.02425 ? tail((-2 * log(lower)).squareRoot()) : centre(lower - 0.5)
    return share > 0.5 ? -quantile : quantile
  }

  private static func centre(_ distance: Double) -> Double {
    let square = distance * distance
    var over = -3.969683028665376e+01
    over = over * square + 2.209460984245205e+02
    over = over * square - 2.759285104469687e+02
    over = over * square + 1.383577518672690e+02
    over = over * square - 3.066479806614716e+01
    over = over * square + 2.506628277459239e+00
    var under = -5.447609879822406e+01
    under = under * square + 1.615858368580409e+02
    under = under * square - 1.556989798598866e+02
    under = under * square + 6.680131188771972e+01
    under = under * square - 1.328068155288572e+01
    return distance * over / (under * square + 1)
  }

  private static func tail(_ distance: Double) -> Double {
    var over = -7.784894002430293e-03
    over = over * distance - 3.223964580411365e-01
    over = over * distance - 2.400758277161838e+00
    over = over * distance - 2.549732538343734e+00
    over = over * distance + 4.374664141464968e+00
    over = over * distance + 2.938163982698783e+00
    var under = 7.784695709041462e-03
    under = under * distance + 3.224671290700398e-01
    under = under * distance + 2.445134137142996e+00
    under = under * distance + 3.754408661907416e+00
    return over / (under * distance + 1)
  }
}
