/// What Spark has and a clean room does not: each is refused by its name, so that nobody hunts for a typing mistake.
extension Parser {
  private static let clauses: [(words: [Keyword], name: String)] = [
    ([.lateral, .view], "LATERAL VIEW"), ([.lateral], "LATERAL"), ([.cluster, .by], "CLUSTER BY"),
    ([.distribute, .by], "DISTRIBUTE BY"), ([.sort, .by], "SORT BY"), ([.timestamp, .as, .of], "TIMESTAMP AS OF"),
    ([.version, .as, .of], "VERSION AS OF"), ([.for, .version], "FOR VERSION AS OF"),
    ([.for, .systemVersion], "FOR SYSTEM_VERSION AS OF"), ([.for, .timestamp], "FOR TIMESTAMP AS OF"),
    ([.for, .systemTime], "FOR SYSTEM_TIME AS OF"), ([.fetch], "FETCH; write LIMIT: it"), ([.into], "SELECT INTO"),
  ]

  /// Refuses a clause that begins at the current token.
  func refuseUnavailable(beforeAlias: Bool = false) throws(SyntaxError) {
    guard let keyword = current.keyword, keyword.mayBeginUnavailable else { return }
    for (words, name) in Self.clauses where words.indices.allSatisfy({ isWord(words[$0], ahead: $0) }) {
      throw fail("\(name) is not available.")
    }
    for word in [.tablesample, .pivot, .unpivot] as [Keyword]
    where isWord(word)
      && (isSymbol(.leftParenthesis, ahead: 1) || isWord(.include, ahead: 1) || isWord(.exclude, ahead: 1))
    {
      throw fail("\(word.display) is not available.")
    }
    for word in [.union, .except, .minus, .intersect] as [Keyword] where !beforeAlias && isWord(word) {
      throw fail("Put parentheses around the query with ORDER BY, LIMIT or OFFSET before \(word.display).")
    }
  }

  /// Refuses `a[1]` and `f(x).field`.
  func refuseAccess() throws(SyntaxError) {
    if isSymbol(.leftBracket) { throw fail("Access to parts of an ARRAY or MAP by [ ] is not available.") }
    if isSymbol(.dot) { throw fail("Access to fields of a STRUCT by a dot is not available.") }
  }

  /// Refuses `LIKE ANY (…)`.
  func refuseQuantifiedPattern() throws(SyntaxError) {
    for word in [.any, .all, .some] as [Keyword] where isWord(word) && isSymbol(.leftParenthesis, ahead: 1) {
      throw fail("LIKE \(word.display) is not available; combine several LIKE with OR or AND.")
    }
  }

  /// Refuses `* EXCEPT (a)` and `* REPLACE (…)`.
  func refuseStarChange(_ expression: Expression) throws(SyntaxError) {
    guard case .star = expression.node, isSymbol(.leftParenthesis, ahead: 1) else { return }
    for word in [.except, .replace, .exclude] as [Keyword] where isWord(word) && !isQuery(ahead: 2) {
      throw fail("* \(word.display) is not available; list the columns.")
    }
  }

  /// Refuses literals of types that queries do not have: `X'00'`.
  func refuseTypedString(_ word: Keyword) throws(SyntaxError) {
    guard case .string = peek().kind else { return }
    switch word {
    case .x: throw fail("BINARY literals (X'…') are not available.")
    case .r: throw fail("Raw strings (R'…') are not available; double each backslash instead.")
    case .timestampPlain, .timestampLocal:
      throw fail("Literals of \(word.display) are not available; write TIMESTAMP '…'.")
    default: return
    }
  }
}
