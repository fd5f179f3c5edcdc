import Foundation
import Testing

@testable import CleanRoomSynthetic

struct ArithmeticTests {
  @Test func logarithmAndExponential() {
    for step in 1...20_000 {
      let value = Double(step) * Double(step) / 3e5 + 1e-9
      #expect(abs(PortableMath.log(value) - log(value)) <= 4e-16 * max(1, abs(log(value))))
      let exponent = (Double(step) - 10_000) / 15
      #expect(abs(PortableMath.exp(exponent) / exp(exponent) - 1) < 1e-15)
    }
    #expect(PortableMath.exp(1000) == PortableMath.exp(700))
  }

  @Test func normalQuantile() {
    for (share, quantile) in [
      (0.5, 0), (0.975, 1.959963984540054), (0.001, -3.090232306167814), (1e-12, -7.034483825301131),
    ]
      as [(Double, Double)]
    {
      #expect(abs(PortableMath.normalQuantile(share) - quantile) <= 2e-9 * max(1, abs(quantile)))
    }
  }

  @Test(arguments: [1, 2, 3, 10, 1000, 1024, 1025, 99_999])
  func permutationsReachEverythingOnce(size: Int) {
    let permutation = Permutation(size: size, seed: 5, "test")
    let seen = Set((0..<size).map { permutation[$0] })
    #expect(seen.count == size)
    #expect(seen.allSatisfy { (0..<size).contains($0) })
    if size > 100 { #expect((0..<size).count { permutation[$0] == $0 } < 15) }
  }

  /// Neighbours must not stay together, or shared people would have recognizable numbers.
  @Test func permutationsSpreadNeighbours() {
    let size = 100_000
    let permutation = Permutation(size: size, seed: 5, "test")
    let low = (0..<1000).count { permutation[$0] < size / 2 }
    #expect(abs(low - 500) < 80)
    let ascents = (0..<1000).count { permutation[$0] < permutation[$0 + 1] }
    #expect(abs(ascents - 500) < 80)
  }

  /// 23456789-style whole numbers: the published first outputs of SplitMix64 for the seed 1234567.
  @Test func mixingIsSplitMix64() {
    let seed: UInt64 = 1_234_567
    let outputs = (1...3).map { RandomStream.mix(seed &+ RandomStream.golden &* $0) }
    #expect(outputs == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func streamsAreUnrelated() {
    let (one, other) = (RandomStream(seed: 1, "a"), RandomStream(seed: 1, "b"))
    let bits = (0..<1000).reduce(0) { $0 + (one[$1] ^ other[$1]).nonzeroBitCount }
    #expect(abs(bits - 32_000) < 700)
    let neighbours = (0..<1000).reduce(0) { $0 + (one[$1] ^ one[$1 + 1]).nonzeroBitCount }
    #expect(abs(neighbours - 32_000) < 700)
  }

  /// Whatever rounding does, what weighs nothing is not drawn, and all else is.
  @Test func weightsOfNothingAreNeverDrawn() {
    let stream = RandomStream(seed: 9, "weights")
    for round in 0..<2000 {
      let bits = stream[round]
      let weights = (0..<12).map { bits >> UInt64($0) & 1 == 0 ? 0 : stream[round * 100 + $0].fraction }
      guard weights.contains(where: { $0 > 0 }) else { continue }
      let table = AliasTable(weights: weights)
      let seen = Set((0..<300).map { table.draw(stream[round * 1000 + $0]) })
      #expect(seen.allSatisfy { weights[$0] > 0 })
    }
  }
}
