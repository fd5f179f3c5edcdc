/// Writes trees as Spark SQL text that the parser reads back as the same tree, with no more parentheses than it takes.
///
/// Trees that the parser cannot produce (a set operation as the right side of another without parentheses, say) come
/// back with the same meaning, in the shape that the parser gives them.
public enum SQLPrinter {
  public static func text(_ query: Query) -> String {
    var writer = SQLWriter()
    writer.write(query)
    return writer.text
  }

  public static func text(_ expression: Expression) -> String {
    var writer = SQLWriter()
    writer.write(expression)
    return writer.text
  }
}

/// One growing text: pieces are appended, never copied, however deep the tree is.
struct SQLWriter {
  private(set) var text = ""

  mutating func put(_ piece: String) { text += piece }

  /// A sign that never makes a comment of the one before it.
  mutating func putMinus() { text += text.hasSuffix("-") ? " -" : "-" }

  mutating func put(_ name: Identifier) {
    let isBare = !name.isQuoted && Self.isBare(name.name) && !Keyword.reservedNames.contains(name.name)
    put(isBare ? name.name : "`" + Self.doubled(name.name, "`") + "`")
  }

  mutating func put(string value: String) {
    var result = "'"
    for scalar in value.unicodeScalars {
      switch scalar {
      case "'": result += "''"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    put(result + "'")
  }

  mutating func list<Element>(_ elements: [Element], _ one: (inout SQLWriter, Element) -> Void) {
    for (index, element) in elements.enumerated() {
      if index > 0 { put(", ") }
      one(&self, element)
    }
  }

  mutating func expressions(_ elements: [Expression]) { list(elements) { $0.write($1) } }

  mutating func names(_ names: [Identifier]) {
    put("(")
    list(names) { $0.put($1) }
    put(")")
  }

  mutating func parenthesized(_ body: (inout SQLWriter) -> Void) {
    put("(")
    body(&self)
    put(")")
  }

  static func isBare(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
  }

  private static func doubled(_ text: String, _ quote: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == quote { result.append(scalar) }
      result.append(scalar)
    }
    return String(result)
  }
}
