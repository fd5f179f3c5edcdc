import CleanRoomModel

/// A reproducible source of chance.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func pick<Element>(_ options: [Element]) -> Element { options[Int(next() % UInt64(options.count))] }
  mutating func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }
}

/// Values at the edges of every type, as engine SQL.
enum HostileValues {
  static let columns: [(name: String, type: ColumnType)] = [
    ("b", .boolean), ("y", .tinyint), ("h", .smallint), ("i", .integer), ("l", .bigint),
    ("n", .decimal(precision: 12, scale: 2)), ("w", .decimal(precision: 38, scale: 0)),
    ("q", .decimal(precision: 38, scale: 38)), ("f", .real), ("x", .double), ("s", .string), ("d", .date),
    ("m", .timestamp),
  ]

  static func texts(_ type: ColumnType) -> [String] {
    switch type {
    case .boolean: ["true", "false"]
    case .tinyint: ["-128", "127", "0", "-1"]
    case .smallint: ["-32768", "32767", "0", "7"]
    case .integer: ["-2147483648", "2147483647", "0", "-1", "1", "3"]
    case .bigint: ["-9223372036854775808", "9223372036854775807", "0", "-1", "2", "2147483648"]
    case .decimal(38, 0): [String(repeating: "9", count: 38), "-" + String(repeating: "9", count: 38), "0", "1"]
    case .decimal(38, 38):
      ["0." + String(repeating: "9", count: 38), "-0." + String(repeating: "0", count: 37) + "1", "0"]
    case .decimal: ["9999999999.99", "-9999999999.99", "0.00", "-0.01", "1.50"]
    case .real: ["nan", "inf", "-inf", "-0.0", "3.4028235e38", "1e-45", "16777216"]
    case .double: ["nan", "inf", "-inf", "-0.0", "1.7976931348623157e308", "5e-324", "1e19", "-0.5", "9.3e18", "1e145"]
    case .string:
      [
        "", " ", "abc", "é🎉ß", "ΑΣ", "-12.5e3", "1e999", "99999999999999999999", "2024-02-30", "9999-12-31",
        "0000-00-00", "nan", "%_\\", "(", String(repeating: "long ", count: 400), "true", "\u{1}\u{7F}",
      ]
    case .date:
      [
        "0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29", "infinity", "-infinity", "5881580-07-10",
        "5877642-06-25 (BC)",
      ]
    case .timestamp:
      [
        "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999", "infinity", "-infinity",
        "294247-01-10 04:00:54.775806", "290309-12-22 (BC) 00:00:00", "2024-02-29 12:00:00.5",
      ]
    case .binary: [""]
    }
  }

  static func cell(_ type: ColumnType, _ random: inout SeededRandom) -> String {
    if random.chance(15) { return "NULL" }
    let text = random.pick(texts(type)).replacing("'", with: "''")
    return "CAST('\(text)' AS \(engineName(type)))"
  }

  static func row(_ random: inout SeededRandom) -> String {
    "(" + columns.map { cell($0.type, &random) }.joined(separator: ", ") + ")"
  }

  private static func engineName(_ type: ColumnType) -> String { type == .string ? "VARCHAR" : "\(type)" }
}
