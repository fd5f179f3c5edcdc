/// How many people to take from each cell of a population that earlier tables divide, so that all overlaps have their
/// size. Among all ways the one that keeps most to chance: each cell is taken with the odds `exp(sum of its targets'
/// multipliers)`, the distribution of greatest entropy under these sums.
struct OverlapSolver {
  /// People in each cell.
  var capacities: [Int]
  /// For each target: which cells count towards it.
  var members: [[Bool]]
  var targets: [Int]
  var total: Int

  /// - Returns: people per cell; nil where the targets cannot be met.
  func solve() -> [Int]? {
    let usable = usable()
    guard usable.reduce(0, +) >= total else { return nil }
    var counts = zip(Apportionment.round(fit(usable), to: total), usable).map { min($0, $1) }
    guard counts.reduce(0, +) == total else { return nil }
    while repair(&counts, usable) {}
    return zip(members, targets).allSatisfy({ sum(counts, $0) == $1 }) ? counts : nil
  }

  /// Rounding, and targets at the edge of what is possible, leave some people in the wrong cells. Moves those of one
  /// pair of cells whose move helps more targets than it harms.
  private func repair(_ counts: inout [Int], _ usable: [Int]) -> Bool {
    let missing = zip(members, targets).map { $1 - sum(counts, $0) }
    for from in counts.indices where counts[from] > 0 {
      for to in counts.indices where counts[to] < usable[to] {
        let effects = zip(members, missing).map { member, missing in
          ((member[to] ? 1 : 0) - (member[from] ? 1 : 0)) * (missing == 0 ? 0 : missing.signum())
        }
        let harmed = zip(members, missing).count { $0.0[to] != $0.0[from] && $0.1 == 0 }
        let helped = zip(effects, missing).filter { $0.0 > 0 }.map { abs($0.1) }
        guard let most = helped.min(), helped.count > harmed + effects.count(where: { $0 < 0 }) else { continue }
        let moved = min(most, counts[from], usable[to] - counts[to])
        counts[from] -= moved
        counts[to] += moved
        return true
      }
    }
    return false
  }

  /// Targets of nobody and of everybody close cells outright, where the multipliers would have to be infinite.
  private func usable() -> [Int] {
    capacities.indices.map { cell in
      let isClosed = zip(members, targets).contains { member, target in
        member[cell] ? target == 0 : target == total
      }
      return isClosed ? 0 : capacities[cell]
    }
  }

  private func fit(_ usable: [Int]) -> [Double] {
    let everything = Array(repeating: true, count: usable.count)
    let sums = [(everything, total)] + zip(members, targets).filter { $0.1 > 0 && $0.1 < total }
    var multipliers = Array(repeating: 0.0, count: sums.count)
    func counts() -> [Double] {
      usable.indices.map { cell in
        let odds = zip(sums, multipliers).reduce(0) { $0 + ($1.0.0[cell] ? $1.1 : 0) }
        return Double(usable[cell]) / (1 + PortableMath.exp(-odds))
      }
    }
    for _ in 0..<200 {
      for index in sums.indices {
        var (low, high) = (-60.0, 60.0)
        for _ in 0..<50 {
          multipliers[index] = (low + high) / 2
          if sum(counts(), sums[index].0) < Double(sums[index].1) {
            low = multipliers[index]
          } else {
            high = multipliers[index]
          }
        }
      }
      let counts = counts()
      if sums.allSatisfy({ abs(sum(counts, $0.0) - Double($0.1)) < 0.01 }) { break }
    }
    return counts()
  }

  private func sum<Number: AdditiveArithmetic>(_ counts: [Number], _ member: [Bool]) -> Number {
    zip(counts, member).reduce(.zero) { $1.1 ? $0 + $1.0 : $0 }
  }
}

/// Whole numbers in place of fractions, by largest remainders.
enum Apportionment {
  /// Whole numbers near `shares` whose sum is `total`.
  static func round(_ shares: [Double], to total: Int) -> [Int] {
    // What is whole but for the arithmetic's last bits stays whole.
    var counts = shares.map { Int(($0 + 1e-3).rounded(.down)) }
    let byRest = shares.indices.sorted { left, right in
      let (first, second) = (shares[left] - Double(counts[left]), shares[right] - Double(counts[right]))
      return (first, right) > (second, left)
    }
    let missing = total - counts.reduce(0, +)
    for index in byRest.prefix(max(0, missing)) { counts[index] += 1 }
    for index in byRest.reversed().prefix(max(0, -missing)) { counts[index] -= 1 }
    return counts
  }

  /// Splits `total`, at most the sum of `capacities`, in proportion to them.
  static func split(_ total: Int, capacities: [Int]) -> [Int] {
    let sum = capacities.reduce(0, +)
    guard sum > 0 else { return capacities.map { _ in 0 } }
    return round(capacities.map { Double(total) * (Double($0) / Double(sum)) }, to: total)
  }
}
