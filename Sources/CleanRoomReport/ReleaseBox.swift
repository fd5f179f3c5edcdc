/// The form in which a column leaves its owner.
enum ReleaseKind: String {
  case token, value, presence, other

  init(_ kind: String) { self = ReleaseKind(rawValue: kind.lowercased()) ?? .other }

  /// Class of the small shape before a column's name.
  var shape: String { self == .other ? "presence" : rawValue }
}

/// One owner's release for a query, in the flow picture.
struct ReleaseBox {
  /// A column at its place within the box.
  private struct Entry {
    let column: ReleasedColumn
    let name: String
    let x: Double
    let line: Int
  }

  private let release: ReleaseRecord
  private let width: Double
  private let owner: [String]
  private let entries: [Entry]
  private let isCompact: Bool
  private static let maximumLines = 9
  private static let margin = 12.0

  /// A compact box sets columns beside one another, and leaves what kind they are to their shapes.
  init(_ release: ReleaseRecord, owner: String, width: Double, isCompact: Bool) {
    self.release = release
    self.width = width
    self.isCompact = isCompact
    let room = width - 2 * Self.margin
    self.owner = Lettering(size: 13, style: "strong").wrapped(owner, width: room)
    let all = isCompact ? Self.beside(release.columns, room: room) : Self.below(release.columns)
    let lines = (all.last?.line ?? -1) + 1
    entries = lines > Self.maximumLines ? all.filter { $0.line < Self.maximumLines - 1 } : all
  }

  private static func name(_ column: ReleasedColumn) -> String {
    column.name.isEmpty ? "(a row is there)" : column.name
  }

  private static func below(_ columns: [ReleasedColumn]) -> [Entry] {
    columns.enumerated().map { Entry(column: $1, name: name($1), x: 0, line: $0) }
  }

  private static func beside(_ columns: [ReleasedColumn], room: Double) -> [Entry] {
    let letters = Lettering(size: 11.5, style: "mono")
    var (x, line) = (0.0, 0)
    return columns.map { column in
      let name = letters.fitted(name(column), width: room - 14)
      let width = 14 + letters.width(name)
      if x > 0, x + width > room { (x, line) = (0, line + 1) }
      defer { x += width + 12 }
      return Entry(column: column, name: name, x: x, line: line)
    }
  }

  private var hidden: Int { release.columns.count - entries.count }
  private var lines: Int { (entries.last?.line ?? -1) + 1 + (hidden > 0 ? 1 : 0) }
  private var head: Double { 23 + 16 * Double(owner.count) }

  var height: Double { head + 33 + 16 * Double(lines) }

  func drawn(x: Double, y: Double) -> Markup {
    let (left, room) = (x + Self.margin, width - 2 * Self.margin)
    let box = Drawing.Box(x: x, y: y, width: width, height: height)
    var result = Drawing.rectangle(box, "card")
    for (index, line) in owner.enumerated() {
      result += Drawing.text(line, x: left, y: y + 20 + Double(index) * 16, "strong", size: 13)
    }
    result += Drawing.text(release.table, x: left, y: y + head - 3, "mono soft", size: 11.5, width: room)
    for entry in entries {
      result += drawn(entry, x: left + entry.x, y: y + head + 16 + 16 * Double(entry.line), room: room)
    }
    if hidden > 0 {
      let last = y + head + 16 * Double(lines)
      result += Drawing.text("and \(hidden) more", x: left + 14, y: last, "soft italic", size: 11.5)
    }
    let sum = "\(Numbers.count(release.rows, "row")), \(Numbers.bytes(release.bytes))"
    return result + Drawing.text(sum, x: left, y: box.bottom - 9, "strong", size: 12, width: room)
  }

  private func drawn(_ entry: Entry, x: Double, y: Double, room: Double) -> Markup {
    let kind = ReleaseKind(entry.column.kind)
    let shape = Self.shape(kind, x: x, y: y - 9)
    guard !isCompact else { return shape + Drawing.text(entry.name, x: x + 14, y: y, "mono", size: 11.5) }
    let word = entry.column.kind.uppercased()
    let wordWidth = min(Lettering(size: 9.5, style: "strong").width(word), room / 2)
    return shape + Drawing.text(entry.name, x: x + 14, y: y, "mono", size: 11.5, width: room - 20 - wordWidth)
      + Drawing.text(word, x: x + room, y: y, "kind \(kind.shape) end", size: 9.5, width: room / 2)
  }

  /// Different by form, not by colour alone: a diamond for tokens, a square for values, a ring for presence.
  private static func shape(_ kind: ReleaseKind, x: Double, y: Double) -> Markup {
    switch kind {
    case .token: "<path class=\"shape token\" d=\"M\(x + 4.5) \(y)l4.5 4.5l-4.5 4.5l-4.5 -4.5Z\"/>"
    case .value: Drawing.rectangle(Drawing.Box(x: x + 0.5, y: y + 0.5, width: 8, height: 8), "shape value", radius: 1)
    case .presence, .other: "<circle class=\"shape presence\" cx=\"\(x + 4.5)\" cy=\"\(y + 4.5)\" r=\"3.5\"/>"
    }
  }
}
