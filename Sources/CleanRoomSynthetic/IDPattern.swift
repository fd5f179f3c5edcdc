/// `CUST-{8 digits}`: fixed text, and fields that a number fills.
struct IDPattern: Sendable {
  private enum Part: Sendable {
    case text([UInt8])
    /// `divisor` takes the fields to the right away.
    case field(alphabet: [UInt8], width: Int, divisor: Int)
  }

  private var parts: [Part] = []
  /// How many different values there are.
  private(set) var capacity = 1
  private(set) var mayNeedQuotes = false

  /// - Throws: a description of what is wrong with the pattern.
  init(_ pattern: String) throws(PatternProblem) {
    var rest = pattern[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { throw PatternProblem("has a { without a }") }
      addText(rest[..<open])
      try addField(rest[rest.index(after: open)..<close])
      rest = rest[rest.index(after: close)...]
    }
    addText(rest)
    guard capacity > 1 else { throw PatternProblem("has no field such as {8 digits}") }
    divide()
  }

  private mutating func addText(_ text: Substring) {
    if text.isEmpty { return }
    parts.append(.text(Array(text.utf8)))
    if text.utf8.contains(where: { [34, 44, 10, 13].contains($0) }) { mayNeedQuotes = true }
  }

  private mutating func addField(_ text: Substring) throws(PatternProblem) {
    let words = text.split(separator: " ")
    guard words.count == 2, let width = Int(words[0]), (1...18).contains(width),
      let alphabet = Self.alphabets[String(words[1])]
    else {
      throw PatternProblem("has the field {\(text)}; fields are {N digits}, {N hex} or {N letters}, N from 1 to 18")
    }
    for _ in 0..<width {
      capacity = capacity.multipliedReportingOverflow(by: alphabet.count).partialValue
      guard (2...Self.limit).contains(capacity) else {
        throw PatternProblem("holds more than 18 digits, 15 hex digits or 13 letters; use fewer")
      }
    }
    parts.append(.field(alphabet: Array(alphabet.utf8), width: width, divisor: 1))
  }

  private mutating func divide() {
    var divisor = 1
    for index in parts.indices.reversed() {
      guard case .field(let alphabet, let width, _) = parts[index] else { continue }
      parts[index] = .field(alphabet: alphabet, width: width, divisor: divisor)
      for _ in 0..<width { divisor *= alphabet.count }
    }
  }

  private static let limit = 1 << 62
  private static let alphabets = [
    "digits": "0123456789", "hex": "0123456789abcdef", "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  ]

  /// - Parameter number: 0 to `capacity` - 1.
  func write(_ number: Int, to out: inout [UInt8]) {
    for part in parts {
      switch part {
      case .text(let text): out.append(contentsOf: text)
      case .field(let alphabet, let width, let divisor):
        if alphabet.count == 10 {
          out.append(number / divisor, width: width)
        } else {
          Self.write(number / divisor, alphabet, width, to: &out)
        }
      }
    }
  }

  private static func write(_ number: Int, _ alphabet: [UInt8], _ width: Int, to out: inout [UInt8]) {
    var rest = number
    let start = out.count
    out.append(contentsOf: repeatElement(48, count: width))
    for place in (start..<start + width).reversed() {
      out[place] = alphabet[rest % alphabet.count]
      rest /= alphabet.count
    }
  }
}

struct PatternProblem: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
