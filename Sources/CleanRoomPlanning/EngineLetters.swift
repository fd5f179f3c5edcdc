import CleanRoomPolicy

/// LOWER and UPPER with Java's full mappings, where the engine's own go letter by letter.
enum EngineLetters {
  static func text(_ function: ScalarFunction, _ value: String) -> String {
    let full = function == .lower ? lower(value) : upper(value)
    return "CASE WHEN strlen(\(value)) = length(\(value)) THEN \(function.rawValue)(\(value)) ELSE \(full) END"
  }

  /// A sigma at the end of a word has a form of its own, and the dot of a capital I stays.
  private static func lower(_ value: String) -> String {
    let ignored = "\\p{Mn}\\p{Me}\\p{Cf}\\p{Lm}\\p{Sk}''.:·"
    let cased = "\\p{Lu}\\p{Ll}\\p{Lt}"
    let pattern = "'([\(cased)][\(ignored)]*)Σ([\(ignored)]*)([^\(cased)\(ignored)]|$)'"
    let dotted = "replace(\(value), '\u{130}', 'i\u{307}')"
    return "lower(regexp_replace(\(dotted), \(pattern), '\\1ς\\2\\3', 'g'))"
  }

  private static func upper(_ value: String) -> String {
    "array_to_string(list_transform(regexp_extract_all(\(value), '(?s).'), "
      + "lambda letter: coalesce(\(longMappings)[letter], upper(letter))), '')"
  }

  /// Letters whose capital is several: ß, ligatures, Greek with an iota below.
  private static let longMappings: String = {
    let pairs = [0xDF...0x587, 0x1E96...0x1FFC, 0xFB00...0xFB17].joined().compactMap { number -> String? in
      guard let letter = Unicode.Scalar(UInt32(number)) else { return nil }
      let capital = letter.properties.uppercaseMapping
      return capital.unicodeScalars.count > 1 ? "'\(letter)': '\(capital)'" : nil
    }
    return "MAP {\(pairs.joined(separator: ", "))}"
  }()
}
