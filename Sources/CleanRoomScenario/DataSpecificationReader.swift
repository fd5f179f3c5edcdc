import CleanRoomDaemon
import CleanRoomSynthetic

/// Made-up tables as a file describes them, checked and ready to be written.
public struct DataPlan: Sendable {
  public let specification: DataSpecification
  public let generator: DataGenerator
}

/// Reads the `data` of a scenario file.
public enum DataSpecificationReader {
  /// - Parameters:
  ///   - data: what stands behind `data:`.
  ///   - seed: the run's.
  ///   - format: in place of the one that each file's ending names.
  public static func read(
    _ data: YAMLValue, seed: UInt64, format: DataFormat? = nil
  ) throws(ConfigurationError) -> DataPlan {
    let reader = try data.mapping()
    var specification = DataSpecification(
      seed: seed, people: try reader.optional("people")?.integer(minimum: 1, maximum: 100_000_000) ?? 0,
      locales: try locales(reader.optional("locales")), tables: [])
    for table in try reader.required("tables").elements() {
      specification.tables.append(try DataTableReader.read(table, format: format))
    }
    try reader.finish()
    do {
      return DataPlan(specification: specification, generator: try DataGenerator(specification))
    } catch {
      throw DataProblemPlace.error(error, in: data, specification)
    }
  }

  /// A file of its own, or a scenario file, of which `seed` and `data` are read.
  public static func open(
    _ file: String, seed: UInt64?, format: DataFormat? = nil
  ) throws(ConfigurationError) -> DataPlan {
    let reader = try YAMLReader.open(file)
    let written = try reader.optional("seed")?.unsigned()
    let plan = try read(reader.required("data"), seed: seed ?? written ?? 1, format: format)
    let others: Set = ["title", "story", "parties", "coordinator", "prepare", "steps", "checks", "definitions"]
    reader.ignore { others.contains($0) || $0.hasPrefix("x-") }
    try reader.finish()
    return plan
  }

  private static func locales(_ value: YAMLValue?) throws(ConfigurationError) -> [Weighted<PeopleLocale>] {
    guard let value else { return [Weighted(.enUS, 1)] }
    var locales: [Weighted<PeopleLocale>] = []
    let reader = try value.mapping()
    for locale in PeopleLocale.allCases {
      guard let weight = try reader.optional(locale.rawValue)?.double(minimum: 0) else { continue }
      locales.append(Weighted(locale, weight))
    }
    try reader.finish()
    return locales
  }
}

/// Finds what a problem is about in the file.
enum DataProblemPlace {
  static func error(
    _ problem: DataProblem, in data: YAMLValue, _ specification: DataSpecification
  ) -> ConfigurationError {
    var place = data
    for key in problem.path {
      guard let next = step(from: place, key, specification) else { break }
      place = next
    }
    let message = problem.message.last == "." ? String(problem.message.dropLast()) : problem.message
    return place.fail("cannot be made", message)
  }

  /// A table stands under its number, everything else under its key.
  private static func step(from place: YAMLValue, _ key: String, _ specification: DataSpecification) -> YAMLValue? {
    if let elements = try? place.elements() {
      let index = specification.tables.lastIndex { "\($0.name)" == key }
      return index.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
    }
    return (try? place.mapping())?.optional(key)
  }
}
