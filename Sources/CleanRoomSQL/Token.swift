/// A lexical unit of a query. Its texts stay with the list of tokens, so that tokens are copied without counting references.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    /// Nil for a word that has no meaning of its own.
    case word(Keyword?)
    case quotedIdentifier(TokenText)
    case string(TokenText)
    case integer(TokenText)
    case decimal(TokenText)
    case double(TokenText)
    /// A number whose suffix names its type: `1L`.
    case typed(TokenText, NumberType)
    case parameter
    case symbol(Symbol)
    case end
  }

  var kind: Kind
  var span: SourceSpan
  /// Where the parenthesis that this token opens is closed: an index, 0 if it is not.
  var closing: Int32 = 0

  var keyword: Keyword? {
    guard case .word(let keyword) = kind else { return nil }
    return keyword
  }
}

/// A place in `TokenList.texts`.
struct TokenText: Sendable, Equatable {
  fileprivate let index: Int32
}

/// What a query's text was cut into.
struct TokenList: Sendable {
  let bytes: [UInt8]
  var tokens: [Token] = []
  /// Contents of strings and quoted names, digits of numbers.
  private var texts: [String] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func keep(_ text: String) -> TokenText {
    texts.append(text)
    return TokenText(index: Int32(truncatingIfNeeded: texts.count - 1))
  }

  func text(_ place: TokenText) -> String { texts[Int(place.index)] }

  /// A word or a parameter's name, folded to lower case.
  func name(_ token: Token) -> String {
    let start = token.span.start.offset + (token.kind == .parameter ? 1 : 0)
    let written = bytes[start..<token.span.end.offset]
    guard written.contains(where: { Lexer.lower($0) != $0 }) else { return String(decoding: written, as: UTF8.self) }
    return String(decoding: written.map(Lexer.lower), as: UTF8.self)
  }

  /// The token as an error message may show it: short, no control characters.
  func display(_ token: Token) -> String {
    let text =
      switch token.kind {
      case .word: name(token)
      case .quotedIdentifier: "a quoted name"
      case .string: "a string"
      case .integer(let digits), .decimal(let digits), .double(let digits), .typed(let digits, _): self.text(digits)
      case .parameter: ":" + name(token)
      case .symbol(let symbol): symbol.rawValue
      case .end: "the end of the query"
      }
    return text.unicodeScalars.count <= 40 ? text : String(text.unicodeScalars.prefix(40)) + "…"
  }
}

enum Symbol: String, Sendable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case comma = ","
  case dot = "."
  case semicolon = ";"
  case doubleColon = "::"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case concatenate = "||"
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case nullSafeEqual = "<=>"
  case exclamation = "!"
}
