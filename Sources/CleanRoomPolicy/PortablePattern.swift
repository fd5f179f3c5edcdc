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
  /// Atoms read so far, repetitions written out.
  private var size = 0

  static let longest = 1_000
  /// Atoms after repetitions have been written out; the engine's own limits lie above.
  private static let largest = 1_000

  init?(_ pattern: String) {
    guard pattern.unicodeScalars.count <= Self.longest else { return nil }
    rest = Array(pattern.unicodeScalars.reversed())
    if rest.last == "^" {
      rest.removeLast()
      isAnchored = true
      text = "^"
    }
    guard let empty = alternatives(), rest.isEmpty, !(isAnchored && text.contains("|")), size <= Self.largest else {
      return nil
    }
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
      let before = size
      guard let atom = atom(), let optional = quantifier(of: size - before) else { return nil }
      empty = empty && (atom || optional)
    }
    return empty
  }

  private mutating func atom() -> Bool? {
    guard let next = take() else { return nil }
    if next != "(" { size += 1 }
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

  /// - Parameter atoms: the size of what is repeated.
  /// - Returns: whether no repetition at all will do.
  private mutating func quantifier(of atoms: Int) -> Bool? {
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
      guard let (least, most) = bounds() else { return nil }
      isOptional = least == 0
      size += atoms * most
      guard size <= Self.largest else { return nil }
    default: return false
    }
    if rest.last == "?" { text.unicodeScalars.append(rest.removeLast()) }
    // A possessive or repeated quantifier is no atom and falls there.
    return isOptional
  }

  /// `{m}`, `{m,}` and `{m,n}` up to 100.
  private mutating func bounds() -> (least: Int, most: Int)? {
    var written = ""
    while let next = take() {
      written.unicodeScalars.append(next)
      if next == "}" { break }
    }
    guard written.last == "}" else { return nil }
    let parts = written.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let least = Self.bound(parts[0]), (0...100).contains(least) else { return nil }
    var most = least
    if parts.count == 2, !parts[1].isEmpty {
      guard let limit = Self.bound(parts[1]), (least...100).contains(limit) else { return nil }
      most = limit
    }
    text += written
    return (least, most)
  }

  /// RE2 takes `{01}` for plain text, Java for a repetition; `{+1}` is a repetition to neither.
  private static func bound(_ text: Substring) -> Int? {
    guard let number = Int(text), String(number) == String(text) else { return nil }
    return number
  }

  // MARK: Classes and escapes

  private mutating func bracket() -> Bool {
    text += "["
    if rest.last == "^" {
      rest.removeLast()
      text += "^"
    }
    var isFirst = true
    // What a range can begin with.
    var start: Unicode.Scalar?
    while let next = take() {
      switch next {
      case "]":
        text += "]"
        return !isFirst
      case "[", "&", "^", "~": return false
      case "-" where !isFirst && rest.last != "]":
        guard let low = start, let high = take(), high.isPlainInClass, low <= high else { return false }
        text += "-"
        text.unicodeScalars.append(high)
        start = nil
      case "\\":
        guard escape(isInClass: true) else { return false }
        start = nil
      default:
        text.unicodeScalars.append(next)
        start = next == "-" ? nil : next
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

extension Unicode.Scalar {
  /// Stands for itself as the end of a range.
  fileprivate var isPlainInClass: Bool { !"[]\\&^~-".unicodeScalars.contains(self) }
}
