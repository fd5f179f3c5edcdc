/// The room drawn: every party with its tables, the coordinator between them, and the links that join them.
struct Topology {
  private let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  var figure: Markup {
    let columns = record.parties.flatMap(\.tables).flatMap(\.columns)
    let allowed = columns.count { $0.isAllowed }
    let description =
      "\(Names.list(record.parties.map(\.name))), each joined to the coordinator by a mutual TLS link of its own. "
      + "Of \(columns.count) columns, \(allowed) may be used by queries and \(columns.count - allowed) stay with their owners."
    return Drawing.figure(
      "topology", title: "The parties and the coordinator", description: description, caption: caption,
      draw: { $0 == .wide ? wide : narrow })
  }

  private var caption: Markup {
    let bytes: Markup =
      record.disclosure == nil ? "" : " Bytes are those on the party’s own socket, encrypted."
    return """
      Each square is a column: <span class="key allowed"></span> allowed for queries under the owner’s rule, \
      <span class="key stays"></span> stays with its owner. Padlocks are mutual TLS 1.3 links, opened by the party; \
      no party has a link to another.\(bytes)
      """
  }

  private func card(_ party: PartyRecord, width: Double) -> PartyCard {
    let link = record.disclosure?.links.first { $0.party == party.id }
    let traffic = link.map { "sent \(Numbers.bytes($0.bytesSent)), received \(Numbers.bytes($0.bytesReceived))" }
    return PartyCard(party, traffic: traffic, width: width)
  }

  // MARK: On a page: the coordinator in the middle, parties on both sides

  private struct Side {
    var cards: [PartyCard] = []
    static let gap = 18.0

    var height: Double { cards.reduce(-Self.gap) { $0 + $1.height + Self.gap } }

    /// The upper edge of each card when the side is centred in `total`.
    func tops(total: Double) -> [Double] {
      var top = (total - height) / 2
      return cards.map { card in
        defer { top += card.height + Self.gap }
        return top
      }
    }
  }

  private var wide: (Drawing.Size, Markup) {
    let (width, cardWidth) = (760.0, 258.0)
    var sides = [Side(), Side()]
    for (index, party) in record.parties.enumerated() { sides[index % 2].cards.append(card(party, width: cardWidth)) }
    let height = max(sides[0].height, sides[1].height, 120)
    let most = Double(max(sides[0].cards.count, sides[1].cards.count))
    let middle = Drawing.Box(
      x: 312, y: height / 2 - max(118, most * 40) / 2, width: 136, height: max(118, most * 40))
    let links = links(sides, height: height, middle: middle, cardWidth: cardWidth, width: width)
    let cards = zip(sides, [0, width - cardWidth]).map { side, x in
      zip(side.cards, side.tops(total: height)).map { $0.drawn(x: x, y: $1) }.joined()
    }
    return (Drawing.Size(width: width, height: height), links + cards.joined() + coordinator(middle))
  }

  private func links(
    _ sides: [Side], height: Double, middle: Drawing.Box, cardWidth: Double, width: Double
  ) -> Markup {
    sides.enumerated().map { number, side -> Markup in
      let (outer, inner) = number == 0 ? (cardWidth, middle.x) : (width - cardWidth, middle.right)
      return zip(side.cards, side.tops(total: height)).enumerated().map { index, pair -> Markup in
        let start = pair.1 + pair.0.height / 2
        let share = (Double(index) + 0.5) / Double(side.cards.count)
        return link(from: (outer, start), to: (inner, middle.y + middle.height * share))
      }.joined()
    }.joined()
  }

  private func link(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) -> Markup {
    let bend = (start.x + end.x) / 2
    return "<path class=\"link\" d=\"M\(start.x) \(start.y)C\(bend) \(start.y) \(bend) \(end.y) \(end.x) \(end.y)\"/>"
      + Drawing.lock(x: bend, y: (start.y + end.y) / 2)
  }

  private func coordinator(_ box: Drawing.Box) -> Markup {
    let lines = ["judges every query,", "joins what it is sent,", "applies thresholds,", "holds no token key"]
    let top = box.middle - 32
    return Drawing.rectangle(box, "coordinator")
      + Drawing.text("Coordinator", x: box.x + box.width / 2, y: top + 4, "strong center light", size: 14)
      + lines.enumerated().map { index, line in
        Drawing.text(line, x: box.x + box.width / 2, y: top + 23 + Double(index) * 15, "center light", size: 11)
      }.joined()
  }

  // MARK: On a phone: the coordinator above, parties below one another

  private var narrow: (Drawing.Size, Markup) {
    let (width, left, trunk) = (340.0, 40.0, 14.0)
    let head = Drawing.Box(x: 0, y: 0, width: width, height: 58)
    var content = Markup.empty
    var top = head.bottom + 20
    var last = head.bottom
    for party in record.parties {
      let card = card(party, width: width - left)
      last = top + 24
      content += "<path class=\"link\" d=\"M\(trunk) \(last)H\(left)\"/>" + card.drawn(x: left, y: top)
      content += Drawing.lock(x: trunk, y: last)
      top += card.height + 14
    }
    let line: Markup = "<path class=\"link\" d=\"M\(trunk) \(head.bottom)V\(last)\"/>"
    let words =
      Drawing.rectangle(head, "coordinator")
      + Drawing.text("Coordinator", x: 14, y: 24, "strong light", size: 14)
      + Drawing.text("judges, joins, applies thresholds; holds no token key", x: 14, y: 43, "light", size: 11.5)
    return (Drawing.Size(width: width, height: max(top - 14, head.bottom)), line + content + words)
  }
}
