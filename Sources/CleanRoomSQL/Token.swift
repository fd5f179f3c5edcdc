/// A lexical unit of a query.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    /// Folded to lower case.
    case word(String)
    case quotedIdentifier(String)
    case string(String)
    case integer(String)
    case decimal(String)
    case double(String)
    /// A number whose suffix names its type: `1L`.
    case typed(String, type: String)
    case parameter(String)
    case symbol(Symbol)
    case end
  }

  var kind: Kind
  var span: SourceSpan
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

extension Token {
  /// The token as an error message may show it: short, no control characters.
  var display: String {
    let text =
      switch kind {
      case .word(let word): word
      case .quotedIdentifier: "a quoted name"
      case .string: "a string"
      case .integer(let digits), .decimal(let digits), .double(let digits), .typed(let digits, _): digits
      case .parameter(let name): ":" + name
      case .symbol(let symbol): symbol.rawValue
      case .end: "the end of the query"
      }
    return text.unicodeScalars.count <= 40 ? text : String(text.unicodeScalars.prefix(40)) + "…"
  }
}
