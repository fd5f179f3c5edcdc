/// The form in which a column leaves its owner.
enum ReleaseKind: String {
  case token, value, presence, other

  init(_ kind: String) { self = ReleaseKind(rawValue: kind.lowercased()) ?? .other }

  /// Class of the small shape before a column's name.
  var shape: String { self == .other ? "presence" : rawValue }
}

/// One owner's release for a query, in the flow picture.
struct ReleaseBox {
  private let release: ReleaseRecord
  private let owner: String
  private static let maximum = 9

  init(_ release: ReleaseRecord, owner: String) {
    self.release = release
    self.owner = owner
  }

  private var shown: ArraySlice<ReleasedColumn> {
    release.columns.prefix(release.columns.count > Self.maximum ? Self.maximum - 1 : Self.maximum)
  }

  private var hidden: Int { release.columns.count - shown.count }

  var height: Double { 72 + 16 * Double(shown.count + (hidden > 0 ? 1 : 0)) }

  func drawn(x: Double, y: Double, width: Double) -> Markup {
    let (left, room) = (x + 12, width - 24)
    let box = Drawing.Box(x: x, y: y, width: width, height: height)
    var result = Drawing.rectangle(box, "card")
    result += Drawing.text(owner, x: left, y: y + 20, "strong", size: 13, width: room)
    result += Drawing.text(release.table, x: left, y: y + 36, "mono soft", size: 11.5, width: room)
    var line = y + 55
    for column in shown {
      result += drawn(column, x: left, y: line, room: room)
      line += 16
    }
    if hidden > 0 { result += Drawing.text("and \(hidden) more", x: left + 14, y: line, "soft italic", size: 11.5) }
    let sum = "\(Numbers.count(release.rows, "row")), \(Numbers.bytes(release.bytes))"
    return result + Drawing.text(sum, x: left, y: box.bottom - 9, "strong", size: 12, width: room)
  }

  private func drawn(_ column: ReleasedColumn, x: Double, y: Double, room: Double) -> Markup {
    let kind = ReleaseKind(column.kind)
    let word = column.kind.uppercased()
    let name = column.name.isEmpty ? "(a row is there)" : column.name
    let wordWidth = Drawing.estimatedWidth(word, size: 9.5) + 6
    return Self.shape(kind, x: x, y: y - 9)
      + Drawing.text(name, x: x + 14, y: y, "mono", size: 11.5, width: room - 14 - wordWidth)
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
