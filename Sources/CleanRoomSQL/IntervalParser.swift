extension Parser {
  /// `INTERVAL '1' DAY`, `INTERVAL '1 day 2 hours'`, `INTERVAL 1 DAY 2 HOURS`; nil when the word is a name.
  mutating func intervalExpression() throws(SyntaxError) -> Expression? {
    let signs = isSymbol(.minus, ahead: 1) || isSymbol(.plus, ahead: 1) ? 1 : 0
    guard Self.isAmount(peek(1 + signs)) else { return nil }
    let start = advance().span
    let (first, unit) = try amount()
    guard unit != nil, isFurtherAmount else {
      return Expression(.interval(value: first, unit: unit), span: span(from: start))
    }
    var parts = [Self.text(first, unit)]
    while isFurtherAmount {
      let (value, unit) = try amount()
      guard unit != nil else { throw expected("a unit such as DAY") }
      parts.append(Self.text(value, unit))
    }
    // Several units are the same interval as one string that lists them.
    let all = Expression(.literal(.string(parts.joined(separator: " "))), span: span(from: start))
    return Expression(.interval(value: all, unit: nil), span: all.span)
  }

  private static func isAmount(_ token: Token) -> Bool {
    switch token.kind {
    case .string, .integer, .decimal: true
    default: false
    }
  }

  private var isFurtherAmount: Bool {
    let signs = isSymbol(.minus) || isSymbol(.plus) ? 1 : 0
    guard Self.isAmount(peek(signs)), let word = peek(signs + 1).keyword else { return false }
    return word.isIntervalUnit
  }

  private mutating func amount() throws(SyntaxError) -> (Expression, unit: String?) {
    let start = current.span
    let isNegative = take(.minus)
    if !isNegative { _ = take(.plus) }
    let isString = if case .string = current.kind { true } else { false }
    var value = try primary()
    if isNegative { value = Expression(.negate(value), span: span(from: start)) }
    guard let word = current.keyword, word.isIntervalUnit else {
      guard isString else { throw expected("a unit such as DAY") }
      return (value, nil)
    }
    advance()
    if isWord(.to) { throw fail("INTERVAL … TO … is not available; write one amount for each unit.") }
    return (value, word.rawValue)
  }

  private static func text(_ value: Expression, _ unit: String?) -> String {
    let unit = unit.map { " " + $0 } ?? ""
    switch value.node {
    case .negate(let inner):
      let amount = text(inner, nil)
      return (amount.hasPrefix("-") ? String(amount.dropFirst()) : "-" + amount) + unit
    case .literal(.integer(let digits)), .literal(.decimal(let digits)), .literal(.string(let digits)):
      return digits + unit
    default: return unit
    }
  }
}
