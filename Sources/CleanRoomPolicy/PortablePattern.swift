/// A regular expression whose meaning in Java and in RE2 agrees, written so that both do the same: classes are spelled
/// out, and whatever differs (look-around, back-references, possessive quantifiers, `\b`, flags, `$`) is refused.
struct PortablePattern {
  /// For the engine.
  private(set) var text = ""
  /// It begins with `^`.
  private(set) var isAnchored = false
  /// It can match the empty text somewhere.
  private(set) var canBeEmpty = false
  private var rest: [Unicode.Scalar]
  private var depth = 0

  static let longest = 1_000

  init?(_ pattern: String) {
    guard pattern.unicodeScalars.count <= Self.longest else { return nil }
    rest = Array(pattern.unicodeScalars.reversed())
    if rest.last == "^" {
      rest.removeLast()
      isAnchored = true
      text = "^"
    }
    guard let empty = alternatives(), rest.isEmpty, !(isAnchored && text.contains("|")) else { return nil }
    canBeEmpty = empty
  }

  private mutating func take() -> Unicode.Scalar? { rest.popLast() }

  /// - Returns: whether the empty text matches; nil for what is not portable.
  private mutating func alternatives() -> Bool? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 20, var empty = sequence() else { return nil }
    while rest.last == "|" {
      text.unicodeScalars.append(rest.removeLast())
      guard let next = sequence() else { return nil }
      empty = empty || next
    }
    return empty
  }

  private mutating func sequence() -> Bool? {
    var empty = true
    while let next = rest.last, next != "|", next != ")" {
      guard let atom = atom(), let optional = quantifier() else { return nil }
      empty = empty && (atom || optional)
    }
    return empty
  }

  private mutating func atom() -> Bool? {
    guard let next = take() else { return nil }
    switch next {
    case "(": return group()
    case "[": return bracket() ? false : nil
    case ".": text += "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]"
    case "\\": return escape(isInClass: false) ? false : nil
    case "*", "+", "?", "{", "}", "]", "^", "$": return nil
    default: text.unicodeScalars.append(next)
    }
    return false
  }

  private mutating func group() -> Bool? {
    text += "("
    if rest.last == "?" {
      rest.removeLast()
      guard take() == ":" else { return nil }
      text += "?:"
    }
    guard let empty = alternatives(), take() == ")" else { return nil }
    text += ")"
    return empty
  }

  /// - Returns: whether no repetition at all will do.
  private mutating func quantifier() -> Bool? {
    guard let next = rest.last else { return false }
    var isOptional: Bool
    switch next {
    case "*", "?":
      text.unicodeScalars.append(rest.removeLast())
      isOptional = true
    case "+":
      text.unicodeScalars.append(rest.removeLast())
      isOptional = false
    case "{":
      guard let least = bounds() else { return nil }
      isOptional = least == 0
    default: return false
    }
    if rest.last == "?" { text.unicodeScalars.append(rest.removeLast()) }
    // Possessive or repeated quantifiers.
    if let after = rest.last, "*+?{".unicodeScalars.contains(after) { return nil }
    return isOptional
  }

  /// `{m}`, `{m,}` and `{m,n}` up to 100.
  private mutating func bounds() -> Int? {
    var written = ""
    while let next = take() {
      written.unicodeScalars.append(next)
      if next == "}" { break }
      guard written.count <= 9 else { return nil }
    }
    guard written.last == "}" else { return nil }
    let parts = written.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let least = Int(parts[0]), (0...100).contains(least),
      parts[0].allSatisfy(\.isNumber)
    else { return nil }
    if parts.count == 2, !parts[1].isEmpty {
      guard let most = Int(parts[1]), (least...100).contains(most) else { return nil }
    }
    text += written
    return least
  }

  // MARK: Classes and escapes

  private mutating func bracket() -> Bool {
    text += "["
    if rest.last == "^" {
      rest.removeLast()
      text += "^"
    }
    var isFirst = true
    while let next = take() {
      switch next {
      case "]":
        text += "]"
        return !isFirst
      case "[", "&", "^", "~": return false
      case "\\": guard escape(isInClass: true) else { return false }
      default: text.unicodeScalars.append(next)
      }
      isFirst = false
    }
    return false
  }

  private mutating func escape(isInClass: Bool) -> Bool {
    guard let next = take() else { return false }
    let inside: String
    switch next {
    case "d": inside = "0-9"
    case "w": inside = "A-Za-z0-9_"
    case "s": inside = " \\t\\n\\x0B\\f\\r"
    case "D" where !isInClass: text += "[^0-9]"; return true
    case "W" where !isInClass: text += "[^A-Za-z0-9_]"; return true
    case "S" where !isInClass: text += "[^ \\t\\n\\x0B\\f\\r]"; return true
    case "t", "n", "r", "f":
      text += "\\"
      text.unicodeScalars.append(next)
      return true
    default:
      guard next.isASCII, !next.properties.isAlphabetic, next.properties.numericType == nil, next.value > 0x20 else {
        return false
      }
      text += "\\"
      text.unicodeScalars.append(next)
      return true
    }
    text += isInClass ? inside : "[\(inside)]"
    return true
  }
}
