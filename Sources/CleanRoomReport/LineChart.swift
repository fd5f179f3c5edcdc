/// Values over dates. Places are percentages, so that the plot fills any width while its letters keep their size.
struct LineChart {
  private let measure: String
  private let lines: [ChartChoice.Line]
  private let days: ClosedRange<Int>
  private let scale: Scale
  private static let (top, plot) = (18.0, 190.0)

  init(measure: String, lines: [ChartChoice.Line]) {
    self.measure = measure
    self.lines = lines
    let points = lines.flatMap(\.points)
    days = (points.map(\.day).min() ?? 0)...(points.map(\.day).max() ?? 0)
    scale = Scale(points.map(\.point.value))
  }

  /// Round steps from zero, or from below it when there are negative values.
  struct Scale: Equatable {
    let step: Double
    let low: Double
    let high: Double

    init(_ values: [Double]) {
      let (least, most) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
      let rough = max(most - least, .leastNormalMagnitude) / 4
      var power = 1.0
      while power * 10 <= rough { power *= 10 }
      while power > rough, power > 1e-12 { power /= 10 }
      step = ([1, 2, 2.5, 5, 10].first { $0 * power >= rough } ?? 10) * power
      low = (least / step).rounded(.down) * step
      high = max((most / step).rounded(.up) * step, low + step)
    }

    var ticks: [Double] { (0...Int(((high - low) / step).rounded())).map { low + Double($0) * step } }
  }

  var figure: Markup {
    let first = lines.flatMap(\.points).min { $0.day < $1.day }?.point.label ?? ""
    let last = lines.flatMap(\.points).max { $0.day < $1.day }?.point.label ?? ""
    return """
      <figure class="chart lines">\(legend)<svg width="100%" height="\(Self.top + Self.plot + 28)" role="img" \
      aria-label="\(measure) from \(first) to \(last)">\(grid)\(lines.indices.map(line))\
      <text class="soft" x="0" y="\(Self.top + Self.plot + 20)" font-size="12">\(first)</text>\
      <text class="soft end" x="100%" y="\(Self.top + Self.plot + 20)" font-size="12">\(last)</text></svg>\
      <figcaption><code>\(measure)</code> by date.</figcaption></figure>

      """
  }

  private var legend: Markup? {
    guard lines.count > 1 else { return nil }
    let keys = lines.enumerated().map { index, line -> Markup in
      "<li><span class=\"key series-\(index)\"></span> \(line.label)</li>"
    }
    return "<ul class=\"legend\">\(keys)</ul>"
  }

  private func height(_ value: Double) -> Double {
    Self.top + Self.plot * (1 - (value - scale.low) / (scale.high - scale.low))
  }

  private func share(_ day: Int) -> Double {
    days.count > 1 ? Double(day - days.lowerBound) / Double(days.count - 1) : 0.5
  }

  private var grid: Markup {
    scale.ticks.map { tick -> Markup in
      let y = height(tick)
      let text = Numbers.grouped(decimal: Numbers.decimal(tick, places: 4))
      return """
        <line class="\(tick == 0 ? "axis" : "hairline")" x1="0" x2="100%" y1="\(y)" y2="\(y)"/>\
        <text class="soft" x="0" y="\(y - 4)" font-size="11">\(text)</text>
        """
    }.joined()
  }

  /// Dots bear the dates when there are few; the line alone when there are many.
  private func line(_ index: Int) -> Markup {
    let points = lines[index].points
    let corners = points.map { day, point -> Markup in "\(share(day) * 1000),\(height(point.value) - Self.top)" }
    let dots =
      points.count > 60
      ? []
      : points.map { day, point -> Markup in
        """
        <circle class="series-\(index)" cx="\(share(day) * 100)%" cy="\(height(point.value))" r="3">\
        <title>\(point.label): \(point.text)</title></circle>
        """
      }
    return """
      <svg x="0" y="\(Self.top)" width="100%" height="\(Self.plot)" viewBox="0 0 1000 \(Self.plot)" \
      preserveAspectRatio="none" overflow="visible"><polyline class="line series-\(index)" \
      points="\(corners.joined(" "))"/></svg>\(dots)
      """
  }
}
