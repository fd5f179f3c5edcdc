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
    only; <span class="key value"></span> VALUE: in clear to the coordinator. Bands are as wide as their bytes, compared within this query.
    """

  private func boxes(width: Double) -> [ReleaseBox] {
    query.released.map {
      ReleaseBox($0, owner: names[$0.party], width: width, isCompact: query.released.count > 5)
    }
  }

  private func receivers(width: Double) -> [ReceiverBox] {
    query.receivers.map { ReceiverBox(name: names[$0], rows: query.result?.totalRows, width: width) }
  }

  private var bytes: Double { Double(max(1, query.released.reduce(0) { $0 + $1.bytes })) }

  private func thickness(_ bytes: Int, of all: Double) -> Double { max(2, Double(bytes) / self.bytes * all) }

  private func style(_ release: ReleaseRecord) -> String {
    release.columns.contains { ReleaseKind($0.kind) == .value } ? "band value" : "band token"
  }

  // MARK: On a page: from left to right

  private var wide: (Drawing.Size, Markup) {
    let (boxWidth, gap, span) = (290.0, 16.0, 96.0)
    let boxes = boxes(width: boxWidth)
    let receivers = receivers(width: 204)
    let left = boxes.reduce(-gap) { $0 + $1.height + gap }
    let right = receivers.reduce(-gap) { $0 + $1.height + gap }
    let height = max(left, right, 132)
    let middle = Drawing.Box(x: 364, y: height / 2 - 66, width: 132, height: 132)
    let widths = query.released.map { thickness($0.bytes, of: span) }
    var (top, entry) = ((height - left) / 2, middle.middle - widths.reduce(0, +) / 2)
    var content = Markup.empty
    for (index, box) in boxes.enumerated() {
      content += Drawing.ribbon(
        from: (boxWidth, top + box.height / 2), to: (middle.x, entry + widths[index] / 2), thickness: widths[index],
        style(query.released[index]))
      content += box.drawn(x: 0, y: top)
      top += box.height + gap
      entry += widths[index]
    }
    content += drawn(receivers, middle: middle, top: (height - right) / 2, gap: gap)
    return (Drawing.Size(width: 760, height: height), content + coordinator(middle))
  }

  private func drawn(_ receivers: [ReceiverBox], middle: Drawing.Box, top: Double, gap: Double) -> Markup {
    let thickness = min(thickness(query.result?.estimatedBytes ?? 0, of: 96), 40)
    var top = top
    return receivers.enumerated().map { index, receiver -> Markup in
      defer { top += receiver.height + gap }
      let exit = middle.middle + (Double(index) - Double(receivers.count - 1) / 2) * (thickness + 4)
      let entry = (x: 556.0, y: top + receiver.height / 2)
      let band = Drawing.ribbon(from: (middle.right, exit), to: entry, thickness: thickness, "band result")
      return (query.result == nil ? .empty : band) + receiver.drawn(x: 556, y: top)
    }.joined()
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
    let boxes = boxes(width: boxWidth)
    let receivers = receivers(width: boxWidth)
    let floor = boxes.reduce(0) { $0 + $1.height + gap } + 14
    var (content, top, right) = (Markup.empty, 0.0, width)
    for (index, box) in boxes.enumerated() {
      let thickness = min(thickness(query.released[index].bytes, of: span), span)
      let outer = max(right, boxWidth + 12)
      content += Self.corner(
        from: (boxWidth, top + box.height / 2), right: outer, down: floor, thickness: thickness,
        style(query.released[index]))
      content += box.drawn(x: 0, y: top)
      top += box.height + gap
      right -= thickness + 2
    }
    let middle = Drawing.Box(x: 0, y: floor, width: width, height: 44)
    content += drawn(receivers, below: middle)
    let words = query.thresholds.isEmpty ? "joins and combines" : "joins, combines, drops small groups"
    content += Drawing.rectangle(middle, "coordinator")
    content += Drawing.text("Coordinator", x: 12, y: floor + 19, "strong light", size: 13)
    content += Drawing.text(words, x: 12, y: floor + 35, "light", size: 11.5)
    let height = receivers.reduce(middle.bottom) { $0 + $1.height + 20 }
    return (Drawing.Size(width: width, height: height), content)
  }

  private func drawn(_ receivers: [ReceiverBox], below middle: Drawing.Box) -> Markup {
    let thickness = min(thickness(query.result?.estimatedBytes ?? 0, of: 84), 30)
    var top = middle.bottom + 20
    return receivers.enumerated().map { index, receiver -> Markup in
      defer { top += receiver.height + 20 }
      let height = top + receiver.height / 2
      let right = 340 - Double(receivers.count - 1 - index) * (thickness + 3)
      let down = Drawing.Box(
        x: right - thickness, y: middle.bottom, width: thickness, height: height - middle.bottom + thickness / 2)
      let across = Drawing.Box(
        x: receiver.width, y: height - thickness / 2, width: right - thickness - receiver.width, height: thickness)
      let band =
        Drawing.rectangle(down, "band result", radius: 0) + Drawing.rectangle(across, "band result", radius: 0)
      return (query.result == nil ? .empty : band) + receiver.drawn(x: 0, y: top)
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
