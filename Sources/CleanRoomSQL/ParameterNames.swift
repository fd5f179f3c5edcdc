extension SQLParser {
  /// The names in `:name`, lower case, in text order, each once.
  public static func parameterNames(
    in text: String, limits: ParserLimits = .standard
  ) throws(SyntaxError) -> [String] {
    var lexer = Lexer(Array(text.utf8), limits: limits)
    var names: [String] = []
    for case .parameter(let name) in try lexer.tokens().map(\.kind) where !names.contains(name) { names.append(name) }
    return names
  }
}
