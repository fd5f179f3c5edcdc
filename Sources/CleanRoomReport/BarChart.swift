/// Bars beside their labels; each bar is a picture of its own, so that labels wrap and keep their size on a phone.
struct BarChart {
  private let measure: String
  private let groups: [ChartChoice.Group]
  private let low: Double
  private let high: Double

  init(measure: String, groups: [ChartChoice.Group]) {
    self.measure = measure
    self.groups = groups
    let values = groups.flatMap(\.points).map(\.value)
    low = min(0, values.min() ?? 0)
    high = max(0, values.max() ?? 0)
  }

  var figure: Markup {
    let parts = groups.map { group -> Markup in
      let head: Markup? = group.label.isEmpty ? nil : "<p class=\"group\">\(group.label)</p>"
      return "<li>\(head)<ol>\(group.points.map(bar))</ol></li>"
    }
    return """
      <figure class="chart bars"><ol class="groups">\(parts)</ol>\
      <figcaption><code>\(measure)</code> by row of the result.</figcaption></figure>

      """
  }

  private func bar(_ point: ChartChoice.Point) -> Markup {
    let span = high > low ? high - low : 1
    let start = (min(0, point.value) - low) / span * 100
    let length = point.value.magnitude / span * 100
    return """
      <li><span class="label">\(point.label)</span><svg class="bar" width="100%" height="14" aria-hidden="true">\
      <rect class="series-0" x="\(start)%" width="\(length)%" y="0" height="14"/></svg>\
      <span class="number">\(point.text)</span></li>

      """
  }
}
