/// SQL with its parts coloured and the places of refusal reasons marked by their numbers.
struct SQLMarkup {
  private let tokens: [SQLToken]
  /// Per token index, the reasons (from 1) that point at it; beyond the last token, those that point past the end.
  private var reasons: [Int: [Int]] = [:]
  private let prefix: String

  /// `prefix` makes the identifiers of the marks unique on the page.
  init(_ sql: String, reasons places: [ReasonRecord] = [], prefix: String = "") {
    tokens = SQLToken.all(of: sql)
    self.prefix = prefix
    for (index, reason) in places.enumerated() {
      guard let line = reason.line, let column = reason.column else { continue }
      reasons[place(line, column), default: []].append(index + 1)
    }
  }

  private func place(_ line: Int, _ column: Int) -> Int {
    let after = tokens.firstIndex { ($0.line, $0.column) > (line, column) } ?? tokens.count
    guard after > 0 else { return 0 }
    return Self.reaches(tokens[after - 1], line, column) ? after - 1 : after
  }

  /// Whether a place at or behind the token's beginning is within it; a place past the end of a line is on its break.
  private static func reaches(_ token: SQLToken, _ line: Int, _ column: Int) -> Bool {
    let lines = token.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let lastLine = token.line + lines.count - 1
    let end = (lines.count == 1 ? token.column : 1) + (lines.last?.count ?? 0)
    return line < lastLine || (line == lastLine && column < end)
  }

  var block: Markup { "<pre class=\"sql\"><code>\(code)</code></pre>" }

  private var code: Markup {
    let parts = tokens.enumerated().map { index, token in marked(colored(token), reasons[index]) }
    return parts.joined() + marked(.empty, reasons[tokens.count])
  }

  private func colored(_ token: SQLToken) -> Markup {
    switch token.kind {
    case .space, .name, .sign: "\(token.text)"
    default: "<span class=\"\(token.kind.rawValue)\">\(token.text)</span>"
    }
  }

  private func marked(_ content: Markup, _ numbers: [Int]?) -> Markup {
    guard let numbers else { return content }
    let pins = numbers.map { number -> Markup in
      "<a class=\"pin\" id=\"\(prefix)-mark-\(number)\" href=\"#\(prefix)-reason-\(number)\" aria-label=\"Reason \(number)\">\(number)</a>"
    }
    let isShort = content.text.utf8.count < 120
    return "<span\(isShort ? " class=\"marked\"" : Markup.empty)><mark>\(content)</mark>\(pins)</span>"
  }
}
