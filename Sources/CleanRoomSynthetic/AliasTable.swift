/// Draws an index by given weights in constant time (M. D. Vose, 1991).
struct AliasTable: Sendable {
  private struct Slot: Sendable {
    /// Of 2^64: below it the slot's own index is drawn, otherwise the other one.
    var limit: UInt64 = .max
    var other: Int32 = 0
  }

  private var slots: [Slot]

  /// - Parameter weights: at least one, none negative, with a positive sum.
  init(weights: [Double]) {
    let sum = weights.reduce(0, +)
    var rest = weights.map { $0 * Double(weights.count) / sum }
    slots = rest.indices.map { Slot(other: Int32($0)) }
    var small = rest.indices.filter { rest[$0] < 1 }
    var large = rest.indices.filter { rest[$0] >= 1 }
    while let high = large.last, let low = small.popLast() {
      slots[low] = Slot(limit: UInt64(rest[low] * 0x1p64), other: Int32(high))
      rest[high] -= 1 - rest[low]
      if rest[high] < 1 { small.append(large.removeLast()) }
    }
    // Indexes that are left over weigh as much as the average but for rounding: they are drawn as themselves.
  }

  @inline(__always)
  func draw(_ bits: UInt64) -> Int {
    let product = bits.multipliedFullWidth(by: UInt64(slots.count))
    let slot = slots[Int(truncatingIfNeeded: product.high)]
    return product.low < slot.limit ? Int(truncatingIfNeeded: product.high) : Int(slot.other)
  }
}

/// Ranks from 0 whose frequency falls with the power `exponent` of the rank: Zipf's law.
struct ZipfRanks: Sendable {
  private let starts: [Int]
  private let table: AliasTable

  /// The first ranks stand alone; later ones in runs so short that the law hardly changes within one.
  init(count: Int, exponent: Double) {
    var starts = Array(0...min(count, 1024))
    while let last = starts.last, last < count { starts.append(min(count, last + max(1, last / 50))) }
    self.starts = starts
    let weights = zip(starts, starts.dropFirst()).map { first, next -> Double in
      let middle = Double(first + next + 1) / 2
      return Double(next - first) * PortableMath.power(middle, -exponent)
    }
    table = AliasTable(weights: weights)
  }

  @inline(__always)
  func draw(_ bits: UInt64) -> Int {
    let run = table.draw(bits)
    let (first, count) = (starts[run], starts[run + 1] - starts[run])
    return count == 1 ? first : first + bits.next.index(below: count)
  }
}
