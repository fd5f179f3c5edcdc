/// Operators and punctuation, longest first.
extension Lexer {
  mutating func symbol(_ start: SourcePosition) throws(SyntaxError) -> Symbol {
    let first = byte()
    try refuseOperator(first, start)
    if let (symbol, length) = Self.symbol(first, byte(1), byte(2)) {
      skip(length)
      return symbol
    }
    let isText = first >= 0x21 && first < 0x7F
    let shown = isText ? " '\(Character(Unicode.Scalar(first)))'" : ""
    throw fail("The query contains a character\(shown) that has no place outside of quotes.", at: start)
  }

  private static func symbol(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (Symbol, length: Int)? {
    switch first {
    case UInt8(ascii: "("): (.leftParenthesis, 1)
    case UInt8(ascii: ")"): (.rightParenthesis, 1)
    case UInt8(ascii: "["): (.leftBracket, 1)
    case UInt8(ascii: "]"): (.rightBracket, 1)
    case UInt8(ascii: ","): (.comma, 1)
    case UInt8(ascii: "."): (.dot, 1)
    case UInt8(ascii: ";"): (.semicolon, 1)
    case UInt8(ascii: "+"): (.plus, 1)
    case UInt8(ascii: "-"): (.minus, 1)
    case UInt8(ascii: "*"): (.star, 1)
    case UInt8(ascii: "/"): (.slash, 1)
    case UInt8(ascii: "%"): (.percent, 1)
    case UInt8(ascii: ":"): second == UInt8(ascii: ":") ? (.doubleColon, 2) : nil
    case UInt8(ascii: "|"): second == UInt8(ascii: "|") ? (.concatenate, 2) : nil
    default: comparison(first, second, third)
    }
  }

  private static func comparison(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (Symbol, length: Int)? {
    switch (first, second) {
    case (UInt8(ascii: "="), UInt8(ascii: "=")): (.equal, 2)
    case (UInt8(ascii: "="), _): (.equal, 1)
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): third == UInt8(ascii: ">") ? (.nullSafeEqual, 3) : (.lessOrEqual, 2)
    case (UInt8(ascii: "<"), UInt8(ascii: ">")), (UInt8(ascii: "!"), UInt8(ascii: "=")): (.notEqual, 2)
    case (UInt8(ascii: "<"), _): (.less, 1)
    case (UInt8(ascii: ">"), UInt8(ascii: "=")), (UInt8(ascii: "!"), UInt8(ascii: "<")): (.greaterOrEqual, 2)
    case (UInt8(ascii: ">"), _): (.greater, 1)
    case (UInt8(ascii: "!"), UInt8(ascii: ">")): (.lessOrEqual, 2)
    case (UInt8(ascii: "!"), _): (.exclamation, 1)
    default: nil
    }
  }

  private func refuseOperator(_ first: UInt8, _ start: SourcePosition) throws(SyntaxError) {
    switch (first, byte(1)) {
    case (UInt8(ascii: "-"), UInt8(ascii: ">")): throw unavailable("A lambda function", "->", start)
    case (UInt8(ascii: "="), UInt8(ascii: ">")): throw unavailable("A named argument", "=>", start)
    case (UInt8(ascii: "<"), UInt8(ascii: "<")): throw unavailable("The bit operator", "<<", start)
    case (UInt8(ascii: ">"), UInt8(ascii: ">")): throw unavailable("The bit operator", ">>", start)
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): return
    case (UInt8(ascii: "&"), _), (UInt8(ascii: "|"), _), (UInt8(ascii: "^"), _), (UInt8(ascii: "~"), _):
      throw unavailable("The bit operator", String(Character(Unicode.Scalar(first))), start)
    default: return
    }
  }

  private func unavailable(_ name: String, _ text: String, _ start: SourcePosition) -> SyntaxError {
    fail("\(name) (\(text)) is not available.", at: start)
  }
}
