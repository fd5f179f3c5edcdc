import CleanRoomModel
import Testing

@testable import CleanRoomEngine

/// The value of every function, operator and cast, as Spark 3 gives it in its default mode at UTC; NULL where a value
/// overflows or lies outside a function's domain.
struct SparkValueTests {
  @Test(arguments: ValueFile.names)
  func values(_ name: String) throws {
    let rows = try ValueFile.rows(name)
    #expect(rows.count > 10)
    for row in rows { check(row) }
  }

  private func check(_ row: ValueFile.Row) {
    do {
      let result = try Self.result(of: row)
      #expect(row.value != "refused", "\(row.label) is permitted")
      #expect(result.columns[0].type.description == row.type, "\(row.label)")
      let expected = ValueFile.unescaped(row.value)
      #expect(
        Self.isSame(result.rows[0][0], expected, row.type),
        "\(row.label): \(result.rows[0][0]), not \(expected)")
    } catch let refusal as QueryBench.Refused {
      let isExpected = row.value == "refused" && refusal.description.contains(row.type)
      #expect(isExpected, "\(row.label): \(refusal.description)")
    } catch {
      Issue.record("\(row.label): \(error)")
    }
  }

  private static func result(of row: ValueFile.Row) throws -> BenchResult {
    let columns = row.columns.enumerated().map { (name: "k\($0)", type: $1.type) }
    let bench = try shared(columns: columns)
    let cells = row.columns.map {
      $0.text == "NULL" ? "NULL" : "CAST(\(EngineSQL.literal($0.text)) AS \(EngineTypes.sql($0.type)))"
    }
    try bench.fill("inputs", ["(\((cells + ["1"]).joined(separator: ", ")))"])
    let result = try bench.run(try bench.plan("SELECT \(row.expression) AS value FROM inputs"))
    guard result.rows.count == 1 else { throw QueryBench.Refused(description: "\(result.rows.count) rows") }
    return result
  }

  private static func shared(columns: [(name: String, type: ColumnType)]) throws -> QueryBench {
    try QueryBench([.init(name: "inputs", columns: columns + [(name: "spare", type: .integer)])])
  }

  /// The order of result rows gives zero one sign.
  private static func isSame(_ seen: String, _ expected: String, _ type: String) -> Bool {
    guard type == "double" || type == "float", let left = Double(seen), let right = Double(expected) else {
      return seen == expected
    }
    return left.isNaN ? right.isNaN : left == right
  }
}

extension EngineSQL {
  /// NUL would end the text on its way through C.
  static func literal(_ text: String) -> String {
    "("
      + text.split(separator: "\0", omittingEmptySubsequences: false).map { string(String($0)) }
      .joined(separator: " || chr(0) || ") + ")"
  }
}
