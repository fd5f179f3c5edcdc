extension Parser {
  /// What follows GROUP BY, also in the forms `a, b WITH ROLLUP` and `a, b GROUPING SETS (…)`.
  @inline(never)
  mutating func groupings() throws(SyntaxError) -> [GroupingElement] {
    let start = current.span
    let elements = try list { parser throws(SyntaxError) in try parser.grouping() }
    let keys = elements.compactMap { if case .expression(let key) = $0 { key } else { nil } }
    guard keys.count == elements.count else { return elements }
    if take(words: .with, .rollup) { return [.rollup(keys, span(from: start))] }
    if take(words: .with, .cube) { return [.cube(keys, span(from: start))] }
    if take(words: .grouping, .sets) { return [try groupingSets(start)] }
    return elements
  }

  private mutating func groupingSets(_ start: SourceSpan) throws(SyntaxError) -> GroupingElement {
    try expect(.leftParenthesis)
    let sets = try list { parser throws(SyntaxError) in try parser.groupingSet() }
    try expect(.rightParenthesis)
    return .groupingSets(sets, span(from: start))
  }

  private mutating func grouping() throws(SyntaxError) -> GroupingElement {
    let start = current.span
    if take(words: .grouping, .sets) { return try groupingSets(start) }
    for word in [.rollup, .cube] as [Keyword] where isWord(word) && isSymbol(.leftParenthesis, ahead: 1) {
      advance()
      let set = try groupingSet()
      return word == .rollup ? .rollup(set, span(from: start)) : .cube(set, span(from: start))
    }
    if isWord(.all) { throw fail("GROUP BY ALL is not available; list the columns.") }
    return .expression(try expression())
  }

  private mutating func groupingSet() throws(SyntaxError) -> [Expression] {
    for word in [.rollup, .cube] as [Keyword] where isWord(word) && isSymbol(.leftParenthesis, ahead: 1) {
      throw fail("\(word.display) inside of another grouping is not available.")
    }
    guard take(.leftParenthesis) else { return [try expression()] }
    if take(.rightParenthesis) { return [] }
    let set = try expressions()
    try expect(.rightParenthesis)
    return set
  }
}
