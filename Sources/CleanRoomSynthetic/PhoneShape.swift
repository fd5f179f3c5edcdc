/// The phone numbers of a country and how they are written. In a shape `#` stands for any digit, `%` for 2 to 9 and `~`
/// for 6 or 7; a number fills them from the left.
struct PhoneShape: Sendable {
  /// Phone numbers differ for people up to this many.
  static let people = 1 << 27

  /// In the international form, with `+` and without blanks.
  let e164: [UInt8]
  /// As people of the country write it.
  let national: [UInt8]
  /// Other shapes that are seen in practice.
  let others: [[UInt8]]
  private let capacity: Int

  init(e164: String, national: String, others: [String]) {
    self.e164 = Array(e164.utf8)
    self.national = Array(national.utf8)
    self.others = others.map { Array($0.utf8) }
    capacity = self.e164.reduce(1) { $0 * (Self.digits($1)?.radix ?? 1) }
  }

  private static func digits(_ byte: UInt8) -> (lowest: UInt8, radix: Int)? {
    switch byte {
    case UInt8(ascii: "#"): (48, 10)
    case UInt8(ascii: "%"): (50, 8)
    case UInt8(ascii: "~"): (54, 2)
    default: nil
    }
  }

  /// - Parameter number: below `people`.
  func write(_ number: Int, _ shape: [UInt8], to out: inout [UInt8]) {
    // An even spread over all numbers of the country.
    let span = capacity / Self.people
    var rest = number * span + UInt64(number).next.index(below: span)
    var divisor = capacity
    for byte in shape {
      guard let (lowest, radix) = Self.digits(byte) else {
        out.append(byte)
        continue
      }
      divisor /= radix
      let (digit, remainder) = rest.quotientAndRemainder(dividingBy: divisor)
      out.append(lowest + UInt8(digit))
      rest = remainder
    }
  }
}
