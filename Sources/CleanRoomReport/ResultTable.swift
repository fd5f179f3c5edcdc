/// A delivered result: its first rows as they are, with a chart when one fits.
struct ResultTable {
  private let result: ResultRecord
  private let isNumeric: [Bool]
  private static let first = 15

  init(_ result: ResultRecord) {
    self.result = result
    isNumeric = result.columns.indices.map { column in
      let values = result.rows.compactMap { column < $0.count ? $0[column] : nil }
      return !values.isEmpty && values.allSatisfy { ColumnContents.number($0) != nil }
    }
  }

  var markup: Markup {
    guard !result.rows.isEmpty else { return rest }
    return chart + table(result.rows.prefix(Self.first), label: "First rows of the result") + rest
  }

  private var chart: Markup {
    switch ChartChoice(result) {
    case .bars(let measure, let groups): BarChart(measure: measure, groups: groups).figure
    case .lines(let measure, let lines): LineChart(measure: measure, lines: lines).figure
    case .none: .empty
    }
  }

  private var rest: Markup {
    let hidden = result.rows.dropFirst(Self.first)
    let missing = result.totalRows - result.rows.count
    let note: Markup =
      missing > 0
      ? "<p class=\"note\">The record of this run holds the first \(Numbers.grouped(result.rows.count)) of \(Numbers.count(result.totalRows, "row")).</p>\n"
      : ""
    guard !hidden.isEmpty else { return note }
    return """
      <details><summary>\(Numbers.count(hidden.count, "further row"))</summary>
      \(table(hidden, label: "Further rows of the result"))</details>
      \(note)
      """
  }

  private func table(_ rows: ArraySlice<[String?]>, label: String) -> Markup {
    let head = result.columns.enumerated().map { index, name -> Markup in
      "<th scope=\"col\"\(isNumeric[index] ? " class=\"number\"" : Markup.empty)>\(name)</th>"
    }
    let body = rows.map { row -> Markup in "<tr>\(row.enumerated().map(cell))</tr>\n" }
    return Page.scrolling(
      label, "<table class=\"result\"><thead><tr>\(head)</tr></thead><tbody>\n\(body)</tbody></table>")
  }

  private func cell(_ index: Int, _ value: String?) -> Markup {
    let style: Markup = index < isNumeric.count && isNumeric[index] ? " class=\"number\"" : ""
    let content: Markup =
      switch value {
      case nil: "<span class=\"null\">NULL</span>"
      case "": "<span class=\"null\">empty text</span>"
      case let text?: "\(text)"
      }
    return "<td\(style)>\(content)</td>"
  }
}
