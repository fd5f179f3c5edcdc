/// How wide a text will be, by an estimate on the safe side: readers' fonts are not known here.
struct Lettering {
  private let size: Double
  private let isMono: Bool
  private let factor: Double

  /// The classes of the page's style that a text bears.
  init(size: Double, style: String = "") {
    self.size = size
    isMono = style.contains("mono")
    factor = style.contains("strong") ? 1.12 : 1
  }

  func width(_ text: String) -> Double { text.reduce(0) { $0 + width($1) } }

  private func width(_ character: Character) -> Double {
    guard character.isASCII else { return size * (Self.isWide(character) ? 1.1 : 0.68) * factor }
    if isMono { return size * 0.61 }
    if "iljtfrI.,:;'|()[] -".contains(character) { return size * 0.4 * factor }
    return size * (character.isUppercase || "mw@%&".contains(character) ? 0.8 : 0.61) * factor
  }

  private static func isWide(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value >= 0x1100 && $0.properties.numericType == nil && $0.value != 0x2026 }
      && !character.isWhitespace && !character.isPunctuation
  }

  /// The text, cut to the width and ended by an ellipsis when it is too long.
  func fitted(_ text: String, width limit: Double) -> String {
    guard limit < .infinity, width(text) > limit else { return text }
    var result = ""
    var used = size * 0.8
    for character in text {
      used += width(character)
      if used > limit { break }
      result.append(character)
    }
    return result + "…"
  }

  /// On at most two lines, broken between words; the second is cut when it is too long.
  func wrapped(_ text: String, width limit: Double) -> [String] {
    guard width(text) > limit else { return [text] }
    var (first, rest) = ("", text.split(separator: " "))
    while let word = rest.first, width(first + " " + word) <= limit {
      first += first.isEmpty ? String(word) : " " + word
      rest.removeFirst()
    }
    return first.isEmpty ? [fitted(text, width: limit)] : [first, fitted(rest.joined(separator: " "), width: limit)]
  }
}
