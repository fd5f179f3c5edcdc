import CleanRoomModel
import Foundation

/// Rows `expression | type | value`. In the expression `{type text}` stands for a column of that type which holds the
/// text, `{type NULL}` for one that holds NULL. A value `refused` with a part of the reason as its type stands for a
/// query that the policy turns away.
struct ValueFile {
  struct Row: Sendable {
    let place: String
    /// With columns in place of braces.
    let expression: String
    let columns: [(type: ColumnType, text: String)]
    let type: String
    let value: String

    var label: String { "\(place): \(expression)" }
  }

  static let names = ["numbers", "decimals", "texts", "patterns", "moments", "casts", "conditions"]

  static func rows(_ name: String) throws -> [Row] {
    guard let file = Bundle.module.url(forResource: name, withExtension: "values", subdirectory: "Values") else {
      throw QueryBench.Refused(description: "no file \(name)")
    }
    let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    return try lines.enumerated().filter { !$1.isEmpty && !$1.hasPrefix("#") }.map {
      try row($1, "\(name):\($0 + 1)")
    }
  }

  private static func row(_ line: String, _ place: String) throws -> Row {
    let parts = line.components(separatedBy: " | ")
    guard parts.count >= 3 else { throw QueryBench.Refused(description: "\(place): needs three fields") }
    let (expression, columns) = columns(in: parts.dropLast(2).joined(separator: " | "))
    return Row(
      place: place, expression: expression, columns: columns,
      type: parts[parts.count - 2].trimmingCharacters(in: .whitespaces), value: parts[parts.count - 1])
  }

  private static func columns(in text: String) -> (String, [(type: ColumnType, text: String)]) {
    var (rest, result) = (text[...], "")
    var columns: [(type: ColumnType, text: String)] = []
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)...]
      guard let close = inside.firstIndex(of: "}") else { break }
      let words = inside[..<close].split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      rest = inside[inside.index(after: close)...]
      guard let type = ColumnType(name: String(words[0])) else {
        result += "{\(inside[...close])"
        continue
      }
      result += "k\(columns.count)"
      columns.append((type, unescaped(words.count > 1 ? String(words[1]) : "")))
    }
    return (result + rest, columns)
  }

  /// `\n`, `\t` and `\0`.
  static func unescaped(_ text: String) -> String {
    text.replacing("\\n", with: "\n").replacing("\\t", with: "\t").replacing("\\0", with: "\0")
  }
}
