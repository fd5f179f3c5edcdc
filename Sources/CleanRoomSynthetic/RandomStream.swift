/// Random numbers by position: each is a function of key and counter alone, so that any row can be made on its own, in
/// any order and on any machine. The mixing is SplitMix64's (Steele, Lea, Flood 2014).
struct RandomStream: Sendable {
  private let key: UInt64

  /// - Parameter name: what the stream is for; streams of other names or seeds are unrelated.
  init(seed: UInt64, _ name: String) {
    // FNV-1a spreads the name, the mixer the sum.
    let text = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    key = Self.mix(Self.mix(seed &+ Self.golden) ^ text)
  }

  /// - Complexity: O(1).
  @inline(__always)
  subscript(counter: Int) -> UInt64 {
    Self.mix(key &+ Self.golden &* (UInt64(truncatingIfNeeded: counter) &+ 1))
  }

  static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits &>> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits &>> 31)
  }
}

/// What is read from 64 random bits.
extension UInt64 {
  /// 0 to `count` - 1, each as likely.
  @inline(__always)
  func index(below count: Int) -> Int { Int(truncatingIfNeeded: multipliedFullWidth(by: UInt64(count)).high) }

  /// As `index(below:)`, but the first ones are likelier, as with names in a country.
  @inline(__always)
  func skewedIndex(below count: Int) -> Int {
    let product = (self &>> 32) &* (self & 0xFFFF_FFFF)
    return product.index(below: count)
  }

  /// Above 0 and below 1.
  @inline(__always)
  var fraction: Double { (Double(self &>> 12) + 0.5) * 0x1p-52 }

  /// More bits from the same ones.
  @inline(__always)
  var next: UInt64 { RandomStream.mix(self &+ RandomStream.golden) }
}

/// An event of a given probability.
struct Chance: Sendable {
  private let limit: UInt64
  let isPossible: Bool

  /// - Parameter share: 0 to 1.
  init(_ share: Double) {
    isPossible = share > 0
    limit = share >= 1 ? .max : UInt64(share * 0x1p64)
  }

  @inline(__always)
  func happens(_ bits: UInt64) -> Bool { bits < limit || (limit == .max && isPossible) }
}
