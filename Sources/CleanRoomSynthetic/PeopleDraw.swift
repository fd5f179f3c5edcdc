/// Which people occur in which table. The population is cut into runs of people who occur in exactly the same tables;
/// a table's people are whole runs, so that overlaps are met exactly and take no memory.
struct PeopleDraw {
  private struct Run {
    var people: Range<Int>
    /// Indexes of the tables drawn so far.
    var tables: Set<Int>
  }

  private var runs: [Run]
  private var drawn = 0

  /// Grows with the number of tables that divide the population.
  var runCount: Int { runs.count }

  init(population: Int) { runs = population > 0 ? [Run(people: 0..<population, tables: [])] : [] }

  /// Counts a table about nobody, so that draws and tables have the same indexes.
  mutating func skip() { drawn += 1 }

  /// - Parameters:
  ///   - count: 1 to the population.
  ///   - overlaps: an earlier draw's index, and how many of its people occur in this one. Where nothing is said the
  ///     draw is independent of the earlier one.
  /// - Returns: nil where the overlaps exclude each other or leave too few people.
  mutating func draw(_ count: Int, overlaps: [(draw: Int, people: Int)]) -> People? {
    let cells = Dictionary(grouping: runs.indices) { run in overlaps.map { runs[run].tables.contains($0.draw) } }
      .sorted { $0.value[0] < $1.value[0] }
    let solver = OverlapSolver(
      capacities: cells.map { $0.value.reduce(0) { $0 + runs[$1].people.count } },
      members: overlaps.indices.map { target in cells.map { $0.key[target] } },
      targets: overlaps.map(\.people), total: count)
    guard let shares = solver.solve() else { return nil }
    var taken = Array(repeating: 0, count: runs.count)
    for (cell, share) in zip(cells, shares) {
      let sizes = cell.value.map { runs[$0].people.count }
      let parts = Apportionment.split(share, capacities: sizes)
      for (run, part) in zip(cell.value, parts) { taken[run] = part }
    }
    return People(cut(taken))
  }

  /// Cuts the first `taken` people off every run.
  private mutating func cut(_ taken: [Int]) -> [Range<Int>] {
    var (rest, ranges): ([Run], [Range<Int>]) = ([], [])
    for (run, count) in zip(runs, taken) {
      let middle = run.people.lowerBound + count
      if count > 0 {
        ranges.append(run.people.lowerBound..<middle)
        rest.append(Run(people: run.people.lowerBound..<middle, tables: run.tables.union([drawn])))
      }
      if middle < run.people.upperBound { rest.append(Run(people: middle..<run.people.upperBound, tables: run.tables)) }
    }
    runs = rest
    drawn += 1
    return ranges
  }
}

/// A table's people: some runs of the population's numbers.
struct People: Sendable {
  let ranges: [Range<Int>]
  let count: Int
  /// How many people stand before each range.
  private let before: [Int]

  init(_ ranges: [Range<Int>]) {
    self.ranges = ranges
    var (sum, before) = (0, [Int]())
    for range in ranges {
      before.append(sum)
      sum += range.count
    }
    self.before = before
    count = sum
  }

  /// The number of the person at this place, 0 to `count` - 1.
  @inline(__always)
  subscript(place: Int) -> Int {
    var (low, high) = (0, before.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= place { low = middle } else { high = middle }
    }
    return ranges[low].lowerBound + (place - before[low])
  }

  func shared(with other: People) -> Int {
    var (sum, left, right) = (0, 0, 0)
    while left < ranges.count, right < other.ranges.count {
      let (mine, theirs) = (ranges[left], other.ranges[right])
      sum += mine.clamped(to: theirs).count
      if mine.upperBound < theirs.upperBound { left += 1 } else { right += 1 }
    }
    return sum
  }
}
