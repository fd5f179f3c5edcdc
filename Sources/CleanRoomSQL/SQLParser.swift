/// Reads one SELECT query in the Spark SQL dialect. The text may come from another organization: it is hostile input.
public enum SQLParser {
  public static func parse(_ text: String, limits: ParserLimits = .standard) throws(SyntaxError) -> Query {
    guard text.utf8.count <= limits.characters || text.unicodeScalars.count <= limits.characters else {
      throw SyntaxError(
        message: "The query has more than \(limits.characters) characters.", position: .start, kind: .limit)
    }
    var lexer = Lexer(Array(text.utf8), limits: limits)
    var parser = Parser(try lexer.tokens(), limits: limits)
    return try parser.statement()
  }

  public static func parse(bytes: [UInt8], limits: ParserLimits = .standard) throws(SyntaxError) -> Query {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SyntaxError(message: "The query is not valid UTF-8.", position: .start)
    }
    return try parse(text, limits: limits)
  }
}
