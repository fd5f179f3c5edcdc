import CleanRoomDaemon
import CleanRoomSynthetic

/// Reads one of a table's `columns`: a kind alone (`email`), or a mapping with `kind` and its settings.
struct DataColumnReader {
  let name: String
  let value: YAMLValue

  private static let kinds = [
    "id", "sequence", "email", "phone", "firstName", "lastName", "fullName", "street", "city", "postcode", "address",
    "date", "timestamp", "category", "amount", "integer", "boolean", "reference",
  ]

  func read() throws(ConfigurationError) -> ColumnSpecification {
    guard value.isMapping else {
      let settings = try YAMLReader(text: "{}", file: value.file)
      return ColumnSpecification(name, try kind(value, settings))
    }
    let reader = try value.mapping()
    var column = ColumnSpecification(name, try kind(reader.required("kind"), reader))
    if let per = reader.optional("per") {
      column.per = Subject(rawValue: try per.choice(Subject.allCases.map(\.rawValue)))
    }
    column.nulls = try reader.optional("nulls")?.share() ?? 0
    column.dirty = try dirty(reader.optional("dirty"), column.kind)
    try reader.finish()
    return column
  }

  private func kind(_ kind: YAMLValue, _ reader: YAMLReader) throws(ConfigurationError) -> ColumnKind {
    switch try kind.choice(Self.kinds) {
    case "id": .id(pattern: try DataRangeReader.required("pattern", reader, kind).string(), issuer: try issuer(reader))
    case "sequence": .sequence(start: try reader.optional("start")?.integer() ?? 1)
    case "email": .email
    case "phone": .phone(try phoneFormat(reader))
    case "firstName": .firstName
    case "lastName": .lastName
    case "fullName": .fullName
    case "street": .street
    case "city": .city
    case "postcode": .postcode
    case "address": .address
    case "date": .date(try DataRangeReader.days(reader, kind))
    case "timestamp": .timestamp(try DataRangeReader.days(reader, kind))
    case "category": .category(try values(DataRangeReader.required("values", reader, kind)))
    case "amount": .amount(try DataRangeReader.amount(reader, kind))
    case "integer": .integer(try DataRangeReader.integers(reader, kind))
    case "boolean": .boolean(try reader.optional("share")?.share() ?? 0.5)
    default: try reference(reader, kind)
    }
  }

  private func issuer(_ reader: YAMLReader) throws(ConfigurationError) -> IDIssuer {
    let word = try reader.optional("issuer")?.choice(IDIssuer.allCases.map(\.rawValue))
    return word.flatMap(IDIssuer.init) ?? .party
  }

  private func phoneFormat(_ reader: YAMLReader) throws(ConfigurationError) -> PhoneFormat {
    let word = try reader.optional("format")?.choice(PhoneFormat.allCases.map(\.rawValue))
    return word.flatMap(PhoneFormat.init) ?? .e164
  }

  /// `{Toys: 3, Books: 1}`, or `[Toys, Books]`, each as likely.
  private func values(_ values: YAMLValue) throws(ConfigurationError) -> [Weighted<String>] {
    if values.isSequence { return try values.strings().map { Weighted($0, 1) } }
    var weighted: [Weighted<String>] = []
    for (text, weight) in try values.mapping().all() { weighted.append(Weighted(text, try weight.double(minimum: 0))) }
    return weighted
  }

  private func reference(_ reader: YAMLReader, _ kind: YAMLValue) throws(ConfigurationError) -> ColumnKind {
    let to = try DataRangeReader.required("to", reader, kind)
    let parts = try to.string().split(separator: ".", maxSplits: 2).map(String.init)
    guard parts.count == 3, let table = TableName("\(parts[0]).\(parts[1])") else {
      throw to.fail("is not the name of a column", "Write PARTY.TABLE.COLUMN, for instance retailer.stores.store_id")
    }
    return .reference(table: table, column: parts[2], zipf: try reader.optional("zipf")?.double(minimum: 0) ?? 0)
  }

  /// A share of each spelling, or one share for all that change such a column.
  private func dirty(
    _ value: YAMLValue?, _ kind: ColumnKind
  ) throws(ConfigurationError) -> [Weighted<DirtySpelling>] {
    guard let value else { return [] }
    guard value.isMapping else {
      let share = try value.share()
      return kind.dirtySpellings.map { Weighted($0, share / Double(kind.dirtySpellings.count)) }
    }
    let reader = try value.mapping()
    var dirty: [Weighted<DirtySpelling>] = []
    for spelling in DirtySpelling.allCases {
      guard let share = try reader.optional(spelling.rawValue)?.share() else { continue }
      dirty.append(Weighted(spelling, share))
    }
    try reader.finish()
    return dirty
  }
}
