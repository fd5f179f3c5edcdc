import Testing

@testable import CleanRoomReport

@Suite struct ChartTests {
  private func choice(_ columns: [String], _ rows: [[String?]]) -> ChartChoice {
    ChartChoice(ResultRecord(columns: columns, rows: rows, totalRows: rows.count))
  }

  private func shape(_ choice: ChartChoice) -> String {
    switch choice {
    case .bars(let measure, let groups): "bars of \(measure) \(groups.map { "\($0.label)[\($0.points.count)]" })"
    case .lines(let measure, let lines): "lines of \(measure) \(lines.map { "\($0.label)[\($0.points.count)]" })"
    case .none: "none"
    }
  }

  @Test func fitsTheContents() {
    #expect(shape(choice(["region", "n"], [["a", "1"], [nil, "2"], ["c", "-3.5"]])) == #"bars of n ["[3]"]"#)
    #expect(
      shape(choice(["region", "kind", "n"], [["a", "x", "1"], ["a", "y", "2"], ["b", "x", "3"]]))
        == #"bars of n ["a[2]", "b[1]"]"#)
    #expect(
      shape(choice(["d", "n"], [["2025-01-02", "1"], ["2025-01-01", "2"]])) == #"lines of n ["[2]"]"#)
    #expect(
      shape(choice(["d", "k", "n"], [["2025-01", "x", "1"], ["2025-02", "x", "2"], ["2025-01", "y", "3"]]))
        == #"lines of n ["x[2]", "y[1]"]"#)
    #expect(shape(choice(["year", "n"], [["2024", "10"], ["2025", "20"]])) == #"bars of n ["[2]"]"#)
  }

  @Test func staysAwayWhenNothingFits() {
    #expect(choice(["n"], [["1"], ["2"]]) == .none)
    #expect(choice(["region", "n"], [["a", "1"]]) == .none)
    #expect(choice(["region", "note"], [["a", "x"], ["b", "y"]]) == .none)
    #expect(choice(["region", "n"], [["a", "1"], ["a", "2"]]) == .none)
    #expect(choice(["n", "region"], [[nil, "a"], [nil, "b"]]) == .none)
    #expect(choice(["region", "n"], (0..<25).map { ["r\($0)", "\($0)"] }) == .none)
    #expect(
      choice(["d", "e", "n"], [["2025-01-01", "2025-01-02", "1"], ["2025-01-02", "2025-01-03", "1"]]) == .none)
    #expect(choice(["a", "n"], [[], ["x"], []]) == .none)
  }

  @Test(arguments: ["nan", "inf", "0x10", "1e999", "", "-", "1.2.3", "٣", " 1"])
  func notNumbers(_ text: String) { #expect(ColumnContents.number(text) == nil) }

  @Test(arguments: ["2025-13-01", "2025-00-01", "2025-01-32", "25-01-01", "2025-01-0a", "2025", "+025-01-01"])
  func notDates(_ text: String) { #expect(ColumnContents.day(text) == nil) }

  @Test func barsFollowTheirValues() {
    let text = BarChart(
      measure: "n",
      groups: [
        .init(
          label: "", points: [.init(label: "a", value: 30, text: "30"), .init(label: "b", value: -10, text: "-10")])
      ]
    ).figure.text
    #expect(text.contains(#"x="25%" width="75%""#))
    #expect(text.contains(#"x="0%" width="25%""#))
  }

  @Test func scalesAreRoundAndHoldEveryValue() {
    for values in [[0.0], [3], [0.004, 0.02], [-7, 12], [1e12], [99, 101], [-5]] {
      let scale = LineChart.Scale(values)
      #expect(scale.low <= values.min()! && scale.high >= values.max()! && scale.low <= 0 && scale.high >= 0)
      #expect((1...9).contains(scale.ticks.count), "\(values): \(scale.ticks)")
    }
  }

  @Test func tablesKeepCellsAsTheyAre() {
    let result = ResultRecord(
      columns: ["name", "n"], rows: [["", "1234567.50"], [nil, nil]] + (0..<20).map { ["r\($0)", "1"] }, totalRows: 90)
    let text = ResultTable(result).markup.text
    #expect(text.contains("<td class=\"number\">1234567.50</td>"))
    #expect(
      text.contains("<span class=\"null\">NULL</span>") && text.contains("<span class=\"null\">empty text</span>"))
    #expect(text.contains("7\u{A0}further rows") && text.contains("first 22 of 90\u{A0}rows"))
  }
}
