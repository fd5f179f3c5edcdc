/// A piece of SQL as it is coloured; lenient, because refused and broken texts are shown as well.
struct SQLToken: Equatable {
  enum Kind: String { case keyword, function, name, string, number, comment, parameter, sign, space }

  var kind: Kind
  var text: String
  /// Of the first character, from 1; columns count Unicode scalars, as refusal reasons do.
  var line: Int
  var column: Int

  static func all(of sql: String) -> [SQLToken] {
    var scanner = SQLScanner(sql)
    var tokens: [SQLToken] = []
    while let token = scanner.next() { tokens.append(token) }
    return functionsNamed(dotted(tokens))
  }

  /// `p.email` is one name, so that a mark covers all of it.
  private static func dotted(_ tokens: [SQLToken]) -> [SQLToken] {
    var result: [SQLToken] = []
    for token in tokens {
      let count = result.count
      let isPart = token.kind == .name || token.kind == .keyword || token.text == "*"
      if isPart, count > 1, result[count - 1].text == ".", result[count - 2].kind == .name {
        result.removeLast()
        result[count - 2].text += "." + token.text
      } else {
        result.append(token)
      }
    }
    return result
  }

  /// A name before an opening bracket is a function, as are keywords such as LEFT there.
  private static func functionsNamed(_ tokens: [SQLToken]) -> [SQLToken] {
    var tokens = tokens
    for index in tokens.indices.dropLast() where tokens[index].kind == .name && tokens[index + 1].text == "(" {
      tokens[index].kind = .function
    }
    return tokens
  }

  static let keywords: Set<String> = [
    "ALL", "AND", "ANTI", "AS", "ASC", "BETWEEN", "BY", "CASE", "CAST", "CROSS", "CUBE", "CURRENT", "DESC", "DISTINCT",
    "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS", "FALSE", "FILTER", "FIRST", "FOLLOWING", "FROM", "FULL", "GROUP",
    "GROUPING", "HAVING", "IN", "INNER", "INTERSECT", "INTERVAL", "IS", "JOIN", "LAST", "LEFT", "LIKE", "LIMIT",
    "NATURAL", "NOT", "NULL", "NULLS", "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION", "PRECEDING",
    "RANGE",
    "RIGHT", "ROLLUP", "ROW", "ROWS", "SELECT", "SEMI", "SETS", "THEN", "TRUE", "UNBOUNDED", "UNION", "USING", "VALUES",
    "WHEN", "WHERE", "WITH",
  ]
}

private struct SQLScanner {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var column = 1

  init(_ sql: String) { scalars = Array(sql.unicodeScalars) }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    index + ahead < scalars.count ? scalars[index + ahead] : nil
  }

  mutating func next() -> SQLToken? {
    guard let first = peek() else { return nil }
    let kind = kind(first)
    let end = max(index + 1, end(of: kind, first))
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[index..<end])
    var token = SQLToken(kind: kind, text: String(text), line: line, column: column)
    if kind == .name, SQLToken.keywords.contains(token.text.uppercased()) { token.kind = .keyword }
    advance(to: end)
    return token
  }

  private mutating func advance(to end: Int) {
    for scalar in scalars[index..<end] {
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    index = end
  }

  private func kind(_ first: Unicode.Scalar) -> SQLToken.Kind {
    switch first {
    case _ where first.properties.isWhitespace: .space
    case "-" where peek(1) == "-", "/" where peek(1) == "*": .comment
    case "'": .string
    case "\"", "`": .name
    case ":" where peek(1).map(isNamePart) ?? false: .parameter
    case "0"..."9": .number
    case _ where isNamePart(first): .name
    default: .sign
    }
  }

  private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  private func end(of kind: SQLToken.Kind, _ first: Unicode.Scalar) -> Int {
    switch kind {
    case .space: run { $0.properties.isWhitespace }
    case .comment: first == "-" ? run { $0 != "\n" } : endOfBlockComment
    case .string: endOfQuoted(first)
    case .name: first == "\"" || first == "`" ? endOfQuoted(first) : run(isNamePart)
    case .number: run { isNamePart($0) || $0 == "." }
    case .parameter: run(from: index + 1, isNamePart)
    default: index + 1
    }
  }

  private func run(from start: Int? = nil, _ belongs: (Unicode.Scalar) -> Bool) -> Int {
    var end = start ?? index
    while end < scalars.count, belongs(scalars[end]) { end += 1 }
    return end
  }

  private func endOfQuoted(_ quote: Unicode.Scalar) -> Int {
    var end = index + 1
    while end < scalars.count, scalars[end] != quote { end += 1 }
    return min(end + 1, scalars.count)
  }

  private var endOfBlockComment: Int {
    var end = index + 2
    while end + 1 < scalars.count, !(scalars[end] == "*" && scalars[end + 1] == "/") { end += 1 }
    return min(end + 2, scalars.count)
  }
}
