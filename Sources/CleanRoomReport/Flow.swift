/// What left each owner for one query and what came out, as bands whose width follows the bytes.
struct Flow {
  private let query: QueryRecord
  private let names: Names
  private let id: String

  init(_ query: QueryRecord, names: Names, id: String) {
    self.query = query
    self.names = names
    self.id = id
  }

  /// nil when nothing left an owner.
  var figure: Markup? {
    guard !query.released.isEmpty else { return nil }
    let sentences = query.released.map {
      "\(names[$0.party]) released \($0.columns.count) columns of \($0.table), \(Numbers.count($0.rows, "row")), "
        + Numbers.bytes($0.bytes)
    }
    let received =
      query.result.map { " \(names.list(query.receivers)) received \(Numbers.count($0.totalRows, "row"))." } ?? ""
    return Drawing.figure(
      "\(id)-flow", title: "What was released for this query",
      description: sentences.joined(separator: "; ") + "." + received, caption: Self.caption,
      draw: { $0 == .wide ? wide : narrow })
  }

  private static let caption: Markup = """
    What left each owner, by its own ledger. <span class="key token"></span> TOKEN: a keyed hash, good for this query \
    only; <span class="key value"></span> VALUE: in clear to the coordinator. The width of a band follows its bytes.
    """

  private var boxes: [ReleaseBox] { query.released.map { ReleaseBox($0, owner: names[$0.party]) } }

  private var bytes: Double { Double(max(1, query.released.reduce(0) { $0 + $1.bytes })) }

  private func thickness(_ bytes: Int, of all: Double) -> Double { max(2, Double(bytes) / self.bytes * all) }

  /// Text bytes of the delivered cells; those of rows that the record does not hold are estimated.
  private var resultBytes: Int {
    guard let result = query.result, !result.rows.isEmpty else { return 0 }
    let shown = result.rows.reduce(0) { $0 + $1.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 } }
    return Int(Double(shown) * Double(result.totalRows) / Double(result.rows.count))
  }

  private func style(_ release: ReleaseRecord) -> String {
    release.columns.contains { ReleaseKind($0.kind) == .value } ? "band value" : "band token"
  }

  // MARK: On a page: from left to right

  private var wide: (Drawing.Size, Markup) {
    let (boxWidth, gap, span) = (264.0, 16.0, 96.0)
    let boxes = boxes
    let left = boxes.reduce(-gap) { $0 + $1.height + gap }
    let right = Double(query.receivers.count) * 66 - gap
    let height = max(left, right, 132)
    let middle = Drawing.Box(x: 350, y: height / 2 - 66, width: 124, height: 132)
    let widths = query.released.map { thickness($0.bytes, of: span) }
    var (top, entry) = ((height - left) / 2, middle.middle - widths.reduce(0, +) / 2)
    var content = Markup.empty
    for (index, box) in boxes.enumerated() {
      content += Drawing.ribbon(
        from: (boxWidth, top + box.height / 2), to: (middle.x, entry + widths[index] / 2), thickness: widths[index],
        style(query.released[index]))
      content += box.drawn(x: 0, y: top, width: boxWidth)
      top += box.height + gap
      entry += widths[index]
    }
    content += receivers(middle: middle, top: (height - right) / 2, gap: gap, span: span)
    return (Drawing.Size(width: 760, height: height), content + coordinator(middle))
  }

  private func receivers(middle: Drawing.Box, top: Double, gap: Double, span: Double) -> Markup {
    let thickness = min(thickness(resultBytes, of: span), 40)
    return query.receivers.enumerated().map { index, receiver -> Markup in
      let box = Drawing.Box(x: 556, y: top + Double(index) * (50 + gap), width: 204, height: 50)
      let exit = middle.middle + (Double(index) - Double(query.receivers.count - 1) / 2) * (thickness + 4)
      return Drawing.ribbon(
        from: (middle.right, exit), to: (box.x, box.middle), thickness: thickness, "band result")
        + self.receiver(receiver, box)
    }.joined()
  }

  private func receiver(_ id: String, _ box: Drawing.Box) -> Markup {
    let rows = query.result.map { "receives \(Numbers.count($0.totalRows, "row"))" } ?? "receives nothing"
    return Drawing.rectangle(box, "card")
      + Drawing.text(names[id], x: box.x + 12, y: box.y + 21, "strong", size: 13, width: box.width - 24)
      + Drawing.text(rows, x: box.x + 12, y: box.y + 38, "soft", size: 11.5, width: box.width - 24)
  }

  private func coordinator(_ box: Drawing.Box) -> Markup {
    let center = box.x + box.width / 2
    let lines = query.thresholds.isEmpty ? ["joins", "and combines"] : ["joins, combines,", "drops small groups"]
    return Drawing.rectangle(box, "coordinator")
      + Drawing.text("Coordinator", x: center, y: box.middle - 12, "strong center light", size: 14)
      + Drawing.text(lines[0], x: center, y: box.middle + 8, "center light", size: 11.5)
      + Drawing.text(lines[1], x: center, y: box.middle + 23, "center light", size: 11.5)
  }

  // MARK: On a phone: from above downwards, the bands beside the boxes

  private var narrow: (Drawing.Size, Markup) {
    let (width, boxWidth, gap, span) = (340.0, 238.0, 12.0, 84.0)
    let boxes = boxes
    let floor = boxes.reduce(0) { $0 + $1.height + gap } + 14
    var (content, top, right) = (Markup.empty, 0.0, width)
    for (index, box) in boxes.enumerated() {
      let thickness = min(thickness(query.released[index].bytes, of: span), span)
      let outer = max(right, boxWidth + 12)
      content += Self.corner(
        from: (boxWidth, top + box.height / 2), right: outer, down: floor, thickness: thickness,
        style(query.released[index]))
      content += box.drawn(x: 0, y: top, width: boxWidth)
      top += box.height + gap
      right -= thickness + 2
    }
    let middle = Drawing.Box(x: 0, y: floor, width: width, height: 44)
    content += receivers(below: middle)
    let words = query.thresholds.isEmpty ? "joins and combines" : "joins, combines, drops small groups"
    content += Drawing.rectangle(middle, "coordinator")
    content += Drawing.text("Coordinator", x: 12, y: floor + 19, "strong light", size: 13)
    content += Drawing.text(words, x: 12, y: floor + 35, "light", size: 11.5)
    return (Drawing.Size(width: width, height: middle.bottom + Double(query.receivers.count) * 70), content)
  }

  private func receivers(below middle: Drawing.Box) -> Markup {
    let thickness = min(thickness(resultBytes, of: 84), 30)
    return query.receivers.enumerated().map { index, receiver -> Markup in
      let box = Drawing.Box(x: 0, y: middle.bottom + 20 + Double(index) * 70, width: 238, height: 50)
      let right = 340 - Double(query.receivers.count - 1 - index) * (thickness + 3)
      let band = Drawing.Box(
        x: right - thickness, y: middle.bottom, width: thickness, height: box.middle - middle.bottom + thickness / 2)
      let across = Drawing.Box(
        x: box.right, y: box.middle - thickness / 2, width: right - thickness - box.right, height: thickness)
      return Drawing.rectangle(band, "band result", radius: 0) + Drawing.rectangle(across, "band result", radius: 0)
        + self.receiver(receiver, box)
    }.joined()
  }

  /// A band that leaves a box to the right, turns and falls.
  private static func corner(
    from start: (x: Double, y: Double), right: Double, down: Double, thickness: Double, _ style: String
  ) -> Markup {
    let half = thickness / 2
    let inner = max(start.x + 2, right - thickness)
    let radius = min(right - start.x - 1, thickness + 6)
    let small = min(6, inner - start.x)
    return """
      <path class="\(style)" d="M\(start.x) \(start.y - half)H\(right - radius)Q\(right) \(start.y - half) \(right) \
      \(start.y - half + radius)V\(down)H\(inner)V\(start.y + half + small)Q\(inner) \(start.y + half) \
      \(inner - small) \(start.y + half)H\(start.x)Z"/>
      """
  }
}
