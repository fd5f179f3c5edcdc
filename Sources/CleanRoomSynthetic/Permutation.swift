/// A bijection of 0 to `size` - 1 that looks like a shuffle and needs no memory.
struct Permutation: Sendable {
  let size: Int
  private let mask: UInt64
  private let shift: UInt64
  /// Odd factors and summands, one per round.
  private let factors: (UInt64, UInt64, UInt64)
  private let summands: (UInt64, UInt64, UInt64)

  /// - Parameter size: 1 to 2^62.
  init(size: Int, seed: UInt64, _ name: String) {
    let stream = RandomStream(seed: seed, name)
    let bits = max(1, Int.bitWidth - (size - 1).leadingZeroBitCount)
    self.size = size
    mask = (1 << UInt64(bits)) - 1
    shift = UInt64((bits + 1) / 2)
    factors = (stream[0] | 1, stream[1] | 1, stream[2] | 1)
    summands = (stream[3], stream[4], stream[5])
  }

  /// Every step is reversible on `mask`'s bits; results outside are sent through again, fewer than one more time on
  /// average.
  @inline(__always)
  subscript(index: Int) -> Int {
    var bits = UInt64(truncatingIfNeeded: index)
    repeat {
      bits = round(bits, factors.0, summands.0)
      bits = round(bits, factors.1, summands.1)
      bits = round(bits, factors.2, summands.2)
    } while bits >= UInt64(truncatingIfNeeded: size)
    return Int(truncatingIfNeeded: bits)
  }

  @inline(__always)
  private func round(_ bits: UInt64, _ factor: UInt64, _ summand: UInt64) -> UInt64 {
    let product = (bits &* factor &+ summand) & mask
    return product ^ (product &>> shift)
  }
}
