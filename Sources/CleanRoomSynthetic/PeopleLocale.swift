/// Where people live and which language their names are in.
public enum PeopleLocale: String, Sendable, Equatable, CaseIterable {
  case enUS = "en-US"
  case enGB = "en-GB"
  case deDE = "de-DE"
  case frFR = "fr-FR"
  case esES = "es-ES"

  var data: LocaleData {
    switch self {
    case .enUS: .enUS
    case .enGB: .enGB
    case .deDE: .deDE
    case .frFR: .frFR
    case .esES: .esES
    }
  }
}

/// What names, addresses and phone numbers of a locale are made of, as bytes. All lists are invented: cities do not
/// exist, and what coincides with something real does so by chance.
final class LocaleData: Sendable {
  struct City: Sendable {
    let name: [UInt8]
    /// What its postcodes begin with.
    let prefix: [UInt8]
  }

  let firstNames: [[UInt8]]
  let lastNames: [[UInt8]]
  /// The names in lower-case ASCII, as they stand in e-mail addresses.
  let firstSlugs: [[UInt8]]
  let lastSlugs: [[UInt8]]
  let streets: [[UInt8]]
  let cities: [City]
  let houseNumberFirst: Bool
  /// After the city's prefix; `#` is a digit, `@` a letter.
  let postcodeShape: [UInt8]
  let postcodeBeforeCity: Bool
  let phone: PhoneShape

  /// - Parameters:
  ///   - first, last: names, the most frequent first.
  ///   - streets, cities: one a line; after a city's name the beginning of its postcodes.
  init(
    first: String, last: String, streets: String, cities: String, houseNumberFirst: Bool, postcodeShape: String,
    postcodeBeforeCity: Bool, phone: PhoneShape
  ) {
    let (firstWords, lastWords) = (first.split { $0.isWhitespace }, last.split { $0.isWhitespace })
    firstNames = firstWords.map { Array($0.utf8) }
    lastNames = lastWords.map { Array($0.utf8) }
    firstSlugs = firstWords.map(Self.slug)
    lastSlugs = lastWords.map(Self.slug)
    self.streets = streets.split(separator: "\n").map { Array($0.utf8) }
    self.cities = cities.split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return City(name: Array(words.dropLast().joined(separator: " ").utf8), prefix: Array((words.last ?? "").utf8))
    }
    self.houseNumberFirst = houseNumberFirst
    self.postcodeShape = Array(postcodeShape.utf8)
    self.postcodeBeforeCity = postcodeBeforeCity
    self.phone = phone
  }

  private static func slug(_ name: Substring) -> [UInt8] {
    name.lowercased().flatMap { letter in Array((plain[letter] ?? String(letter)).utf8) }.filter {
      (97...122).contains($0)
    }
  }

  private static let plain: [Character: String] = [
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "à": "a", "á": "a", "â": "a", "ç": "c", "è": "e", "é": "e", "ê": "e",
    "ë": "e", "í": "i", "î": "i", "ï": "i", "ñ": "n", "ó": "o", "ô": "o", "ú": "u", "û": "u",
  ]
}
