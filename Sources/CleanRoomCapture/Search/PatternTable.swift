/// Millions of patterns, ready to be looked up at every byte of a stream: a bit filter first, then patterns sorted by
/// their first eight bytes, their length and their hash.
struct PatternTable: Sendable {
  private let patterns: [CanaryPattern]
  /// Patterns that may occur in what is permitted, and are not searched for.
  private(set) var isExcluded: [Bool]
  /// First pattern of each bucket, by the upper bits of the mixed key.
  private let starts: [UInt32]
  private let bucketShift: UInt64
  private let filter: [UInt64]
  private let filterShift: UInt64

  var count: Int { patterns.count }

  init(_ unsorted: [CanaryPattern]) {
    patterns = Self.sorted(unsorted)
    isExcluded = Array(repeating: false, count: patterns.count)
    let bits = max(64 - patterns.count.leadingZeroBitCount, 4)
    bucketShift = UInt64(64 - bits)
    var starts = [UInt32](repeating: 0, count: (1 << bits) + 1)
    for pattern in patterns { starts[Int(Self.mixed(pattern) >> bucketShift) + 1] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    self.starts = starts
    // 32 bits or more a pattern: one place in thirty passes by chance.
    let filterBits = max(bits + 5, 6)
    filterShift = UInt64(64 - filterBits)
    var filter = [UInt64](repeating: 0, count: 1 << (filterBits - 6))
    for pattern in patterns {
      let place = Self.filterPlace(pattern.key) >> filterShift
      filter[Int(place >> 6)] |= 1 << (place & 63)
    }
    self.filter = filter
  }

  private static func mixed(_ pattern: CanaryPattern) -> UInt64 { Fingerprint.mixed(pattern.key) }

  @inline(__always)
  private static func filterPlace(_ key: UInt64) -> UInt64 { (key ^ key >> 32) &* 0x9E37_79B9_7F4A_7C15 }

  private static func sorted(_ patterns: [CanaryPattern]) -> [CanaryPattern] {
    func isBefore(_ left: CanaryPattern, _ right: CanaryPattern) -> Bool {
      let (a, b) = (mixed(left), mixed(right))
      if a != b { return a < b }
      if left.length != right.length {
        return left.length < right.length
      }
      if left.hash != right.hash { return left.hash < right.hash }
      return left.column != right.column ? left.column < right.column : left.form.rawValue < right.form.rawValue
    }
    var sorted: [CanaryPattern] = []
    sorted.reserveCapacity(patterns.count)
    for pattern in patterns.sorted(by: isBefore) {
      if let last = sorted.last, last.isSame(as: pattern) { continue }
      sorted.append(pattern)
    }
    return sorted
  }

  subscript(index: Int) -> CanaryPattern { patterns[index] }

  mutating func exclude(_ index: Int) { isExcluded[index] = true }

  /// Hands every pattern that begins at one of these places to `body`, with the place.
  func matches(_ bytes: UnsafeRawBufferPointer, _ places: Range<Int>, _ body: (_ pattern: Int, _ place: Int) -> Void) {
    let places = places.clamped(to: 0..<max(bytes.count - Fingerprint.minimum + 1, 0))
    filter.withUnsafeBufferPointer { filter in
      for place in places {
        let key = Fingerprint.key(bytes, place)
        let bit = Self.filterPlace(key) >> filterShift
        if filter[Int(bit >> 6)] & 1 << (bit & 63) != 0 { confirm(bytes, place, key, body) }
      }
    }
  }

  private func confirm(
    _ bytes: UnsafeRawBufferPointer, _ place: Int, _ key: UInt64, _ body: (Int, Int) -> Void
  ) {
    let bucket = Int(Fingerprint.mixed(key) >> bucketShift)
    let end = Int(starts[bucket + 1])
    var index = partition(Int(starts[bucket])..<end) { Self.mixed(patterns[$0]) < Fingerprint.mixed(key) }
    // Many values may begin alike; each of their lengths costs one hash.
    while index < end, patterns[index].key == key {
      let length = patterns[index].length
      guard bytes.count - place >= Int(length) else { return }
      let hash = Fingerprint.hash(bytes, place, Int(length))
      let sameLength =
        index..<partition(index..<end) {
          patterns[$0].key == key && patterns[$0].length <= length
        }
      var found = partition(sameLength) { patterns[$0].hash < hash }
      while found < sameLength.upperBound, patterns[found].hash == hash {
        body(found, place)
        found += 1
      }
      index = sameLength.upperBound
    }
  }

  /// The first index of a sorted range at which `isBefore` does not hold.
  private func partition(_ range: Range<Int>, _ isBefore: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
