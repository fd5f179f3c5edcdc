/// Pieces of SVG. Colours and fonts come from the page's style, so that a picture follows light, dark and print.
enum Drawing {
  enum Layout: String, CaseIterable { case wide, narrow }

  /// The same picture laid out for a page and for a phone; the style shows one of them.
  static func figure(
    _ name: String, title: String, description: String, caption: Markup, draw: (Layout) -> (size: Size, content: Markup)
  ) -> Markup {
    let pictures = Layout.allCases.map { layout -> Markup in
      let (size, content) = draw(layout)
      let id = "\(name)-\(layout.rawValue)"
      return """
        <svg class="\(layout.rawValue)" viewBox="0 0 \(size.width) \(size.height)" role="img" \
        aria-labelledby="\(id)-title \(id)-desc"><title id="\(id)-title">\(title)</title>\
        <desc id="\(id)-desc">\(description)</desc>\(content)</svg>

        """
    }
    return "<figure>\(pictures)<figcaption>\(caption)</figcaption></figure>\n"
  }

  struct Size {
    var width: Double
    var height: Double
  }

  struct Box {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
    var middle: Double { y + height / 2 }
  }

  static func rectangle(_ box: Box, _ style: String, radius: Double = 4) -> Markup {
    """
    <rect class="\(style)" x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="\(radius)"/>
    """
  }

  static func text(
    _ text: String, x: Double, y: Double, _ style: String, size: Double = 12, width: Double = .infinity
  ) -> Markup {
    let shown = Lettering(size: size, style: style).fitted(text, width: width)
    let full: Markup? = shown == text ? nil : "<title>\(text)</title>"
    return "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\">\(full)\(shown)</text>"
  }

  /// A ribbon between two upright edges, as thick at both ends.
  static func ribbon(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), thickness: Double, _ style: String
  ) -> Markup {
    let bend = (start.x + end.x) / 2
    let half = thickness / 2
    return """
      <path class="\(style)" d="M\(start.x) \(start.y - half)C\(bend) \(start.y - half) \(bend) \(end.y - half) \
      \(end.x) \(end.y - half)V\(end.y + half)C\(bend) \(end.y + half) \(bend) \(start.y + half) \
      \(start.x) \(start.y + half)Z"/>
      """
  }

  /// A padlock, its middle at the point.
  static func lock(x: Double, y: Double) -> Markup {
    """
    <g class="lock"><circle cx="\(x)" cy="\(y)" r="9"/><path d="M\(x - 2.5) \(y - 1)v-1.5a2.5 2.5 0 0 1 5 0v1.5"/>\
    <rect x="\(x - 4)" y="\(y - 1)" width="8" height="5.5" rx="1"/></g>
    """
  }
}
