/// One receiver of a query's result, in the flow picture.
struct ReceiverBox {
  let width: Double
  private let name: [String]
  private let rows: Int?

  /// `rows` is nil when nothing was delivered.
  init(name: String, rows: Int?, width: Double) {
    self.width = width
    self.rows = rows
    self.name = Lettering(size: 13, style: "strong").wrapped(name, width: width - 24)
  }

  var height: Double { 34 + 16 * Double(name.count) }

  func drawn(x: Double, y: Double) -> Markup {
    let words = rows.map { "receives \(Numbers.count($0, "row"))" } ?? "receives nothing"
    let lines = name.enumerated().map { index, line in
      Drawing.text(line, x: x + 12, y: y + 21 + Double(index) * 16, "strong", size: 13)
    }
    return Drawing.rectangle(Drawing.Box(x: x, y: y, width: width, height: height), "card") + lines.joined()
      + Drawing.text(words, x: x + 12, y: y + height - 12, "soft", size: 11.5, width: width - 24)
  }
}

extension ResultRecord {
  /// Text bytes of the delivered cells; those of rows that the record does not hold are estimated.
  var estimatedBytes: Int {
    guard !rows.isEmpty else { return 0 }
    let shown = rows.reduce(0) { $0 + $1.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 } }
    return Int(Double(shown) * Double(totalRows) / Double(rows.count))
  }
}
