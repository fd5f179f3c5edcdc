import Foundation

/// Cells that are too short to be searched for alone, put together with the cells that follow them in the source: as a
/// column would lie in a batch, or in lines. A run is as long as it takes for its cells to carry 64 bits of information,
/// a cell that has the share p of a column carrying -log2 p. Runs do not overlap, so that any stretch of a column that is
/// twice as long as its runs is noticed; stretches in another order are not.
struct CellRuns {
  /// More rows are not searched for in this way.
  static let rowLimit = 4 << 20
  private static let information = 64.0

  /// nil where a cell is NULL or long enough to be searched for alone.
  private var cells: [UInt64?] = []
  private let width: Int?

  /// - Parameter width: of cells that are all equally wide, bytes; nil for text.
  init(width: Int? = nil) { self.width = width }

  /// - Parameter cell: seven bytes of text, or eight of a number, at most.
  mutating func append(_ cell: ArraySlice<UInt8>?) {
    guard cells.count < Self.rowLimit else { return }
    guard let cell, cell.count <= (width ?? Fingerprint.minimum - 1) else { return cells.append(nil) }
    let packed = cell.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    cells.append(width == nil ? packed << 8 | UInt64(cell.count) : packed)
  }

  private func bytes(_ cell: UInt64) -> [UInt8] {
    let length = width ?? Int(cell & 0xFF)
    let packed = width == nil ? cell >> 8 : cell
    return (0..<length).map { UInt8(truncatingIfNeeded: packed >> UInt64(8 * $0)) }
  }

  /// Hands each run to `body`: its cells one directly behind the other, and further spellings of it.
  func forEach(_ body: ([UInt8]) -> Void) {
    let counts = cells.reduce(into: [UInt64: Int]()) { counts, cell in if let cell { counts[cell, default: 0] += 1 } }
    let total = Double(counts.values.reduce(0, +))
    var run: [UInt64] = []
    var information = 0.0
    for cell in cells {
      guard let cell, let count = counts[cell], run.count < Fingerprint.maximum else {
        (run, information) = ([], 0)
        continue
      }
      run.append(cell)
      information += log2(total / Double(count))
      guard information >= Self.information else { continue }
      // Row numbers and the like lie in every batch, as the offsets of its strings.
      for spelling in isProgression(run) ? [] : spellings(run) where spelling.count <= Fingerprint.maximum {
        body(spelling)
      }
      (run, information) = ([], 0)
    }
  }

  private func isProgression(_ run: [UInt64]) -> Bool {
    width != nil && zip(zip(run, run.dropFirst()), run.dropFirst(2)).allSatisfy { $0.1 &- $0.0 == $1 &- $0.1 }
  }

  private func spellings(_ run: [UInt64]) -> [[UInt8]] {
    let parts = run.map(bytes)
    if width != nil { return [Array(parts.joined()), parts.flatMap { $0.reversed() }] }
    return [Array(parts.joined()), Array(parts.joined(separator: [10]))]
  }
}
