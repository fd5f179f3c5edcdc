@testable import CleanRoomSynthetic

/// Short ways to say what a test is about.
func table(
  _ name: String, people: PeopleCount? = nil, overlaps: [String: PeopleCount] = [:], rows: Int? = nil,
  spread rowsPerPerson: RowsPerPerson = .even, duplicates: Double = 0, _ columns: [ColumnSpecification]
) -> TableSpecification {
  TableSpecification(
    name: TableName(name) ?? unnamed, people: people,
    overlaps: overlaps.sorted { $0.key < $1.key }.map { Overlap(with: TableName($0.key) ?? unnamed, $0.value) },
    rows: rows, rowsPerPerson: rowsPerPerson, duplicates: duplicates, columns: columns)
}

private let unnamed = TableName("un.named").unsafelyUnwrapped

func generator(
  seed: UInt64 = 7, people: Int = 1000, locales: [Weighted<PeopleLocale>] = [Weighted(.enUS, 1)],
  _ tables: [TableSpecification]
) throws -> DataGenerator {
  try DataGenerator(DataSpecification(seed: seed, people: people, locales: locales, tables: tables))
}

extension TableGenerator {
  func text(_ rows: Range<Int>? = nil) -> String {
    var out: [UInt8] = []
    append(rows: rows ?? 0..<self.rows, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// The cells of one column; nil where NULL. Only for tables whose cells hold no comma.
  func cells(_ column: Int) -> [String?] {
    text().split(separator: "\n").map { line in
      let cell = line.split(separator: ",", omittingEmptySubsequences: false)[column]
      return cell.isEmpty ? nil : String(cell)
    }
  }
}

func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? CalendarDay(number: 0) }

/// All cells of a table of this one column.
func column(
  _ kind: ColumnKind, rows: Int, people: Int? = nil, locale: PeopleLocale = .enUS,
  dirty: [Weighted<DirtySpelling>] = []
) throws -> [String] {
  let specification = table(
    "a.t", people: people.map { .count($0) }, rows: rows, [ColumnSpecification("c", kind, dirty: dirty)])
  let made = try generator(people: people ?? 1000, locales: [Weighted(locale, 1)], [specification])
  return made.tables[0].text().split(separator: "\n").map(String.init)
}
