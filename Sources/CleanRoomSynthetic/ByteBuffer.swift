/// Writing of values as ASCII, without a string in between.
extension [UInt8] {
  /// Zero-padded on the left to `width` digits; higher digits are left out.
  @inline(__always)
  mutating func append(_ value: Int, width: Int) {
    let start = count
    for _ in 0..<width { append(48) }
    var rest = UInt64(truncatingIfNeeded: value)
    var place = start + width
    while place > start {
      place -= 1
      let quotient = rest / 10
      self[place] = 48 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
      rest = quotient
    }
  }

  /// In decimal, with a sign if negative.
  @inline(__always)
  mutating func append(decimal value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    append(Int(truncatingIfNeeded: magnitude), width: Self.digits(magnitude))
  }

  @inline(__always)
  private static func digits(_ magnitude: UInt) -> Int {
    var (count, limit) = (1, 10 as UInt)
    while magnitude >= limit {
      count += 1
      let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
      if overflow { break }
      limit = next
    }
    return count
  }

  /// Makes what stands from `start` on one field of a CSV record (RFC 4180): quoted where it holds a comma, a quote or
  /// a line end, or nothing, as nothing alone is NULL.
  mutating func quoteField(from start: Int) {
    let isPlain = self[start...].allSatisfy { $0 != 44 && $0 != 34 && $0 != 10 && $0 != 13 }
    guard !isPlain || start == count else { return }
    let field = Self(self[start...])
    removeSubrange(start...)
    append(34)
    for byte in field {
      if byte == 34 { append(34) }
      append(byte)
    }
    append(34)
  }
}
