/// The parties: drawn, then listed with every column's name, for readers of either kind.
struct PartySection {
  private let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  var markup: Markup {
    guard !record.parties.isEmpty else { return "<p>The record names no party.</p>\n" }
    return """
      <p>Each party runs its own daemon beside its own data and dials out to the coordinator. Raw data stays with its \
      owner; queries may use only the columns that the owner allows, under the owner’s rule.</p>
      \(Topology(record).figure)
      <details><summary>Every table and column by name</summary>
      \(Page.scrolling("Tables and columns", table))</details>

      """
  }

  private var table: Markup {
    let rows = record.parties.flatMap { party -> [Markup] in
      party.tables.isEmpty ? [row(party, nil)] : party.tables.map { row(party, $0) }
    }
    return """
      <table><thead><tr><th scope="col">Party</th><th scope="col">Table</th><th scope="col">Rule</th>\
      <th scope="col" class="number">Rows</th><th scope="col">Allowed columns</th>\
      <th scope="col">Columns that stay</th></tr></thead><tbody>
      \(rows)</tbody></table>
      """
  }

  private func row(_ party: PartyRecord, _ table: TableRecord?) -> Markup {
    let columns = table?.columns ?? []
    return """
      <tr><th scope="row">\(party.name)<br><span class="soft">\(party.account)</span></th>\
      <td>\(table.map { "<code>\($0.name)</code>" as Markup } ?? "none")</td><td>\(table?.rule ?? "none")</td>\
      <td class="number">\(table?.rows.map(Numbers.grouped) ?? "")</td>\
      <td>\(list(columns.filter(\.isAllowed)))</td><td>\(list(columns.filter { !$0.isAllowed }))</td></tr>

      """
  }

  private func list(_ columns: [ColumnRecord]) -> Markup {
    guard !columns.isEmpty else { return "none" }
    return columns.map { column -> Markup in
      let type: Markup? = column.type.map { " <span class=\"soft\">\($0)</span>" }
      return "<span class=\"column\"><code>\(column.name)</code>\(type)</span>"
    }.joined(", ")
  }
}
