/// Amounts of a distribution, as exact decimals.
struct AmountCells: CellWriter {
  private let range: AmountRange
  private let draw: Draw
  private let scale: Double
  private let bounds: (low: Double, high: Double)

  /// How often a value outside the bounds is drawn again before it is put on the bound.
  private static let attempts = 64

  init(_ range: AmountRange, _ draw: Draw) {
    self.range = range
    self.draw = draw
    scale = (0..<range.decimals).reduce(1) { value, _ in value * 10 }
    let limit = 1e17
    bounds = (max(-limit, (range.min ?? -.infinity) * scale), min(limit, (range.max ?? .infinity) * scale))
  }

  var needsPerson: Bool { draw.isPerPerson }
  var type: DataColumnType { .decimal(precision: 18, scale: range.decimals) }

  func write(_ record: Record, to out: inout [UInt8]) {
    let value = Int(scaled(draw[record]))
    guard range.decimals > 0 else { return out.append(decimal: value) }
    if value < 0 { out.append(UInt8(ascii: "-")) }
    let unit = Int(scale)
    let (whole, part) = Int(value.magnitude).quotientAndRemainder(dividingBy: unit)
    out.append(decimal: whole)
    out.append(UInt8(ascii: "."))
    out.append(part, width: range.decimals)
  }

  /// In units of the last decimal, whole.
  private func scaled(_ bits: UInt64) -> Double {
    var bits = bits
    var value = 0.0
    for _ in 0..<Self.attempts {
      value = Double(PortableMath.whole(Self.value(range.distribution, bits.fraction) * scale))
      if value >= bounds.low && value <= bounds.high { return value }
      bits = bits.next
    }
    return min(max(value, bounds.low.rounded(.up)), bounds.high.rounded(.down))
  }

  static func value(_ distribution: Distribution, _ share: Double) -> Double {
    switch distribution {
    case .uniform(let from, let to): from + (to - from) * share
    case .normal(let mean, let deviation): mean + deviation * PortableMath.normalQuantile(share)
    case .lognormal(let median, let sigma):
      median * PortableMath.exp(sigma * PortableMath.normalQuantile(share))
    case .exponential(let mean): -mean * PortableMath.log(share)
    }
  }
}
