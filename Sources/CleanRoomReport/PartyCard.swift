/// A party in the picture of the room: its tables, and column by column what may be used and what stays.
struct PartyCard {
  private struct Table {
    let record: TableRecord
    let squareRows: Int

    var allowed: Int { record.columns.count { $0.isAllowed } }
    var height: Double { 39 + Double(squareRows) * Metric.pitch }
  }

  private enum Metric {
    static let pitch = 11.0
    static let square = 8.0
    static let margin = 12.0
    static let maximumSquareRows = 3
  }

  private let party: PartyRecord
  private let traffic: String?
  private let width: Double
  private let tables: [Table]
  private let name: [String]

  init(_ party: PartyRecord, traffic: String?, width: Double) {
    self.party = party
    self.traffic = traffic
    self.width = width
    name = Lettering(size: 14, style: "strong").wrapped(party.name, width: width - 2 * Metric.margin)
    let perRow = Self.perRow(width)
    tables = party.tables.map { table in
      let rows = (table.columns.count + perRow - 1) / perRow
      return Table(record: table, squareRows: min(rows, Metric.maximumSquareRows))
    }
  }

  private static func perRow(_ width: Double) -> Int { max(1, Int((width - 2 * Metric.margin) / Metric.pitch)) }

  var height: Double {
    let inner = tables.isEmpty ? 20 : tables.reduce(0) { $0 + $1.height }
    return head + inner + (traffic == nil ? 4 : 26)
  }

  private var head: Double { 29 + 17 * Double(name.count) }

  func drawn(x: Double, y: Double) -> Markup {
    let box = Drawing.Box(x: x, y: y, width: width, height: height)
    let left = x + Metric.margin
    let room = width - 2 * Metric.margin
    var result = Drawing.rectangle(box, "card")
    for (index, line) in name.enumerated() {
      result += Drawing.text(line, x: left, y: y + 21 + Double(index) * 17, "strong", size: 14)
    }
    result += Drawing.text(Self.role(party), x: left, y: y + head - 9, "soft", size: 11, width: room)
    var top = y + head
    if tables.isEmpty { result += Drawing.text("Brings no table", x: left, y: top + 12, "soft italic", size: 11.5) }
    for table in tables {
      result += drawn(table, x: left, y: top, room: room)
      top += table.height
    }
    if let traffic {
      result += "<path class=\"hairline\" d=\"M\(left) \(box.bottom - 23)h\(room)\"/>"
      result += Drawing.text(traffic, x: left, y: box.bottom - 8, "soft", size: 11, width: room)
    }
    return result
  }

  static func role(_ party: PartyRecord) -> String {
    let roles = party.abilities.map { ability in
      switch ability {
      case "CAN_QUERY": "queries"
      case "CAN_RECEIVE_RESULTS": "receives results"
      default: ability
      }
    }
    return roles.isEmpty ? "brings data only" : roles.joined(separator: ", ")
  }

  private func drawn(_ table: Table, x: Double, y: Double, room: Double) -> Markup {
    let rule = table.record.rule ?? ""
    let ruleWidth = min(Lettering(size: 9.5).width(rule), room / 2)
    var result = Drawing.text(table.record.name, x: x, y: y + 13, "mono", size: 12, width: room - ruleWidth - 10)
    if !rule.isEmpty { result += Drawing.text(rule, x: x + room, y: y + 13, "rule end", size: 9.5, width: room / 2) }
    result += squares(table, x: x, y: y + 19)
    let words = Self.words(table.record, allowed: table.allowed)
    return result
      + Drawing.text(
        words, x: x, y: y + 29 + Double(table.squareRows) * Metric.pitch, "soft", size: 11, width: room)
  }

  private func squares(_ table: Table, x: Double, y: Double) -> Markup {
    let perRow = Self.perRow(width)
    let ordered = table.record.columns.filter(\.isAllowed) + table.record.columns.filter { !$0.isAllowed }
    return ordered.prefix(perRow * Metric.maximumSquareRows).enumerated().map { index, column -> Markup in
      let left = x + Double(index % perRow) * Metric.pitch
      let top = y + Double(index / perRow) * Metric.pitch
      let inset = column.isAllowed ? 0.0 : 0.5
      let box = Drawing.Box(
        x: left + inset, y: top + inset, width: Metric.square - 2 * inset, height: Metric.square - 2 * inset)
      return Drawing.rectangle(box, column.isAllowed ? "allowed" : "stays", radius: 1)
    }.joined()
  }

  static func words(_ table: TableRecord, allowed: Int) -> String {
    let stay = table.columns.count - allowed
    let rows = table.rows.map { " · " + Numbers.count($0, "row") } ?? ""
    return "\(allowed) allowed, \(stay) \(stay == 1 ? "stays" : "stay")\(rows)"
  }
}
