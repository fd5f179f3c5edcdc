extension SQLParser {
  /// The names in `:name`, lower case, in text order, each once.
  public static func parameterNames(
    in text: String, limits: ParserLimits = .standard
  ) throws(SyntaxError) -> [String] {
    var lexer = Lexer(Array(text.utf8), limits: limits)
    var names: [String] = []
    let list = try lexer.tokens()
    for token in list.tokens where token.kind == .parameter {
      let name = list.name(token)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
