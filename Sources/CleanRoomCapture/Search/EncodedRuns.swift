/// Text in hexadecimal or base64 that stands in a stream, decoded: so that a value is found in these encodings whatever
/// stands around it.
enum EncodedRuns {
  /// Digits that hold eight bytes.
  static let shortestHex = 16
  static let shortestBase64 = 11

  private enum Kind { static let base64: UInt8 = 1, hex: UInt8 = 2 }

  private static let kinds: [UInt8] = (0...255).map { byte in
    (base64Value[byte] < 64 ? Kind.base64 : 0) | (HexText.value[byte] < 16 ? Kind.hex : 0)
  }

  /// Both alphabets of RFC 4648 at once; 255 for other bytes.
  private static let base64Value: [UInt8] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte) + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: 255
    }
  }

  /// Hands each run to `body`, decoded at each of its alignments.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, _ body: (_ decoded: [UInt8], _ name: String, _ place: Int) -> Void
  ) {
    kinds.withUnsafeBufferPointer { kinds in
      var (base64Start, hexStart) = (0, 0)
      for place in 0...bytes.count {
        let kind = place < bytes.count ? kinds[Int(bytes[place])] : 0
        if kind & Kind.hex == 0 {
          if place - hexStart >= shortestHex { hex(bytes, hexStart..<place, body) }
          hexStart = place + 1
        }
        if kind & Kind.base64 == 0 {
          if place - base64Start >= shortestBase64 { base64(bytes, base64Start..<place, body) }
          base64Start = place + 1
        }
      }
    }
  }

  private static func hex(
    _ bytes: UnsafeRawBufferPointer, _ run: Range<Int>, _ body: ([UInt8], String, Int) -> Void
  ) {
    for start in run.lowerBound...run.lowerBound + 1 {
      var decoded: [UInt8] = []
      decoded.reserveCapacity(run.count / 2)
      var place = start
      while place + 1 < run.upperBound {
        decoded.append(HexText.value[Int(bytes[place])] << 4 | HexText.value[Int(bytes[place + 1])])
        place += 2
      }
      body(decoded, "hexadecimal", start)
    }
  }

  private static func base64(
    _ bytes: UnsafeRawBufferPointer, _ run: Range<Int>, _ body: ([UInt8], String, Int) -> Void
  ) {
    for start in run.lowerBound..<run.lowerBound + 4 {
      var decoded: [UInt8] = []
      decoded.reserveCapacity(run.count * 3 / 4 + 3)
      var (bits, count): (UInt32, UInt32) = (0, 0)
      for place in start..<max(run.upperBound, start) {
        bits = bits << 6 | UInt32(base64Value[Int(bytes[place])])
        count += 6
        if count >= 8 {
          count -= 8
          decoded.append(UInt8(truncatingIfNeeded: bits >> count))
        }
      }
      body(decoded, "base64", start)
    }
  }
}
