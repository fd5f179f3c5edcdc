/// The chart that fits a result, chosen by what its columns hold.
enum ChartChoice: Equatable {
  struct Point: Equatable {
    var label: String
    var value: Double
    var text: String
  }

  struct Group: Equatable {
    /// Empty when every bar stands for itself.
    var label: String
    var points: [Point]
  }

  struct Line: Equatable {
    var label: String
    /// Day since 1970, and the point.
    var points: [(day: Int, point: Point)]

    static func == (left: Line, right: Line) -> Bool {
      left.label == right.label && left.points.elementsEqual(right.points) { $0 == $1 }
    }
  }

  case bars(measure: String, groups: [Group])
  case lines(measure: String, lines: [Line])
  case none

  private static let maximumBars = 24
  private static let maximumSeries = 5

  init(_ result: ResultRecord) {
    let table = Table(result)
    guard result.rows.count > 1, let measure = table.columns(.number).first else {
      self = .none
      return
    }
    let categories = table.columns(.category)
    let dates = table.columns(.date)
    self =
      switch (dates.count, categories.count) {
      case (1, 0...1): table.lines(measure, date: dates[0], series: categories.first)
      case (0, 2): table.grouped(measure, categories[0], categories[1])
      case (0, 1...): table.single(measure, categories)
      default: .none
      }
  }

  private struct Table {
    let result: ResultRecord
    let contents: [ColumnContents]

    init(_ result: ResultRecord) {
      self.result = result
      contents = result.columns.enumerated().map { index, name in
        ColumnContents(name: name, cells: result.rows.map { index < $0.count ? $0[index] : nil })
      }
    }

    func columns(_ kind: ColumnContents) -> [Int] { contents.indices.filter { contents[$0] == kind } }

    private func point(_ row: [String?], _ measure: Int, label: String) -> Point? {
      guard measure < row.count, let text = row[measure], let value = ColumnContents.number(text) else { return nil }
      return Point(label: label, value: value, text: Numbers.grouped(decimal: text))
    }

    private func label(_ row: [String?], _ columns: [Int]) -> String {
      columns.map { ($0 < row.count ? row[$0] : nil) ?? "NULL" }.joined(separator: " · ")
    }

    /// One bar for a row; only when the labels tell the rows apart.
    func single(_ measure: Int, _ categories: [Int]) -> ChartChoice {
      let points = result.rows.compactMap { point($0, measure, label: label($0, categories)) }
      guard points.count > 1, points.count <= maximumBars, Set(points.map(\.label)).count == points.count else {
        return .none
      }
      return .bars(measure: result.columns[measure], groups: [Group(label: "", points: points)])
    }

    /// Bars in groups by the column with fewer bars in a group.
    func grouped(_ measure: Int, _ first: Int, _ second: Int) -> ChartChoice {
      let distinct = { (column: Int) in Set(result.rows.map { label($0, [column]) }).count }
      let (outer, inner) = distinct(second) <= maximumSeries ? (first, second) : (second, first)
      let pairs = Set(result.rows.map { [label($0, [outer]), label($0, [inner])] })
      guard distinct(inner) > 1, distinct(inner) <= maximumSeries, distinct(outer) < result.rows.count else {
        return single(measure, [first, second])
      }
      guard pairs.count == result.rows.count, result.rows.count <= maximumBars * 2 else { return .none }
      var groups: [Group] = []
      for row in result.rows {
        guard let point = point(row, measure, label: label(row, [inner])) else { continue }
        let name = label(row, [outer])
        if let index = groups.firstIndex(where: { $0.label == name }) {
          groups[index].points.append(point)
        } else {
          groups.append(Group(label: name, points: [point]))
        }
      }
      return groups.isEmpty ? .none : .bars(measure: result.columns[measure], groups: groups)
    }

    func lines(_ measure: Int, date: Int, series: Int?) -> ChartChoice {
      var lines: [Line] = []
      for row in result.rows {
        guard let text = row[date], let day = ColumnContents.day(text), let point = point(row, measure, label: text)
        else { continue }
        let name = series.map { label(row, [$0]) } ?? ""
        if let index = lines.firstIndex(where: { $0.label == name }) {
          lines[index].points.append((day, point))
        } else {
          lines.append(Line(label: name, points: [(day, point)]))
        }
      }
      for index in lines.indices { lines[index].points.sort { $0.day < $1.day } }
      let isFunction = lines.allSatisfy { Set($0.points.map(\.day)).count == $0.points.count }
      guard isFunction, lines.count <= maximumSeries, lines.contains(where: { $0.points.count > 1 }) else {
        return .none
      }
      return .lines(measure: result.columns[measure], lines: lines)
    }
  }
}
