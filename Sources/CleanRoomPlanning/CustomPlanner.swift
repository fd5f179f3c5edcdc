import CleanRoomModel
import CleanRoomPolicy

/// Plans a query over tables with CUSTOM rules: what each owner releases, and the query over what was gathered.
enum CustomPlanner {
  static func plan(_ approved: ApprovedQuery, _ custom: CustomQuery, joinsDifferentNames: Bool) -> QueryPlan {
    let pushed = CustomPushdown(custom)
    let uses = CustomUses(pushed.query)
    let scans = ScannedTables(pushed, uses, approved.tables)
    let forms = SlotForms(uses, scans: scans.tables, joinsDifferentNames: joinsDifferentNames)
    let fragments = approved.tables.indices.map { index in
      fragment(of: index, approved.tables[index], scans, uses, forms, pushed)
    }
    var printer = CustomPrinter(
      query: pushed.query, uses: uses, forms: forms, scans: scans.tableIndex, fragments: fragments)
    let output = approved.output.map { ResultColumn(name: $0.name, type: $0.expression.type) }
    return QueryPlan(fragments: fragments, combination: Combination(sql: printer.text(), output: output))
  }

  private static func fragment(
    of index: Int, _ table: ApprovedTable, _ scans: ScannedTables, _ uses: CustomUses, _ forms: SlotForms,
    _ pushed: CustomPushdown
  ) -> Fragment {
    let own = scans.of(table: index)
    var columns: [FragmentColumn] = []
    for column in table.columns.sorted(by: { $0.name < $1.name }) {
      for use in self.uses(of: column, scans: own, uses, forms) {
        columns.append(
          FragmentColumn(column: column.name, type: column.type, use: use, gatheredName: "c\(columns.count)"))
      }
    }
    if columns.isEmpty {
      columns = [FragmentColumn(column: "", type: .boolean, use: .presence, gatheredName: "c0")]
    }
    return Fragment(
      table: table.name, owner: table.owner, gatheredTable: "t\(index)", columns: columns,
      filter: filter(of: own, pushed))
  }

  /// Tokens of every domain that the table's scans need, and the value where one of them does.
  private static func uses(
    of column: PublishedColumn, scans: [Int], _ uses: CustomUses, _ forms: SlotForms
  ) -> [ColumnUse] {
    var tokens: Set<String> = []
    var found: [ColumnUse] = []
    var needsValue = false
    for scan in scans {
      let slot = ColumnReference(table: scan, name: column.name)
      guard uses.live.contains(slot) else { continue }
      let form = forms.form(of: slot)
      needsValue = needsValue || form.value
      let domain = forms.domain(of: slot, name: column.name)
      if form.token, tokens.insert(domain).inserted {
        found.append(.token(domain: domain, form: forms.keyForm(of: slot, declared: column.declaredForm)))
      }
    }
    return needsValue ? found + [.value(column.type)] : found
  }

  /// A row is needed if any scan needs it.
  private static func filter(of scans: [Int], _ pushed: CustomPushdown) -> [ResolvedExpression] {
    let filters = scans.map { scan in (pushed.filters[scan] ?? []).map { $0.atHome } }
    guard filters.count > 1 else { return (filters.first ?? []).distinct }
    guard filters.allSatisfy({ !$0.isEmpty }) else { return [] }
    return [.or(filters.map { .and($0.distinct) }.distinct)]
  }
}

/// The scans of a query that are part of what is printed.
struct ScannedTables {
  /// The index of each scan's table.
  let tableIndex: [Int: Int]
  let tables: [Int: ApprovedTable]

  init(_ pushed: CustomPushdown, _ uses: CustomUses, _ approved: [ApprovedTable]) {
    var counts = RelationCounts()
    for (index, body) in pushed.query.commonTables.enumerated() where uses.commonTables.contains(index) {
      counts.add(body)
    }
    counts.add(pushed.query.body)
    tableIndex = counts.tables
    tables = counts.tables.mapValues { approved[$0] }
  }

  func of(table: Int) -> [Int] { tableIndex.filter { $0.value == table }.keys.sorted() }
}

extension ResolvedExpression {
  /// The owner knows its columns by name; which scan reads them does not matter there.
  fileprivate var atHome: ResolvedExpression {
    mapColumns { reference, expression in
      .column(ColumnReference(table: 0, name: reference.name), expression.type)
    }
  }
}

extension Array where Element: Hashable {
  /// Each element once, in order of first occurrence.
  fileprivate var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
