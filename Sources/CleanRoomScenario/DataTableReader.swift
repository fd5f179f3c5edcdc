import CleanRoomDaemon
import CleanRoomSynthetic

/// How a generated table is stored; the ending of its file's name.
public enum DataFormat: String, Sendable, CaseIterable { case csv, parquet }

/// Reads one of the `data.tables`.
enum DataTableReader {
  static func read(_ table: YAMLValue, format: DataFormat?) throws(ConfigurationError) -> TableSpecification {
    let reader = try table.mapping()
    let party = try reader.required("party").string()
    let (name, file) = try place(party, reader.required("file"), format)
    var specification = TableSpecification(name: name, file: file, columns: [])
    specification.people = try reader.optional("people").map { value throws(ConfigurationError) in try people(value) }
    specification.overlaps = try overlaps(reader.optional("overlap"))
    specification.rows = try reader.optional("rows")?.integer(minimum: 1)
    specification.rowsPerPerson = try rowsPerPerson(reader.optional("rowsPerPerson"))
    specification.duplicates = try reader.optional("duplicates")?.share() ?? 0
    for (column, value) in try reader.required("columns").mapping().all() {
      specification.columns.append(try DataColumnReader(name: column, value: value).read())
    }
    try reader.finish()
    return specification
  }

  /// Other tables call this one `PARTY.FILE`, without the file's folder and ending.
  private static func place(
    _ party: String, _ file: YAMLValue, _ format: DataFormat?
  ) throws(ConfigurationError) -> (TableName, String) {
    let path = try file.string()
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let words = (parts.last ?? "").split(separator: ".", omittingEmptySubsequences: false)
    guard words.count == 2, DataFormat(rawValue: String(words[1])) != nil, !parts.contains(""), !parts.contains(".."),
      !parts.contains(".")
    else {
      throw file.fail(
        "should be the path of a .csv or .parquet file in the party's folder", "Write for instance data/purchases.csv")
    }
    guard let name = TableName("\(party).\(words[0])") else {
      throw file.fail(
        "does not give the table a usable name", "Use ASCII letters, digits, _ and - for the party and the file")
    }
    guard let format else { return (name, path) }
    return (name, path.dropLast(words[1].count) + format.rawValue)
  }

  /// `60000`, or `60%` of the whole.
  private static func people(_ value: YAMLValue) throws(ConfigurationError) -> PeopleCount {
    guard try value.string().last == "%" else { return .count(try value.integer(minimum: 0)) }
    return .share(try value.share())
  }

  private static func overlaps(_ value: YAMLValue?) throws(ConfigurationError) -> [Overlap] {
    guard let value else { return [] }
    var overlaps: [Overlap] = []
    for (name, share) in try value.mapping().all() {
      guard let table = TableName(name) else {
        throw share.fail("is not the name of a table", "Write PARTY.TABLE, for instance retailer.purchases")
      }
      overlaps.append(Overlap(with: table, try people(share)))
    }
    return overlaps
  }

  /// `even`, a number, or `{zipf: 1.1}`.
  private static func rowsPerPerson(_ value: YAMLValue?) throws(ConfigurationError) -> RowsPerPerson {
    guard let value else { return .even }
    if value.isMapping {
      let reader = try value.mapping()
      let exponent = try reader.required("zipf").double()
      try reader.finish()
      return .zipf(exponent)
    }
    guard try value.string() != "even" else { return .even }
    return .constant(try value.integer(minimum: 1))
  }
}
