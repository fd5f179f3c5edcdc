import CleanRoomModel
import CleanRoomPolicy

/// What a CUSTOM query does with its columns: which it reads at all, which it needs as values, and which it only tells
/// apart or compares. Column `c<i>` of a query's body is named by the body's identifier.
struct CustomUses {
  /// Columns that something reads.
  private(set) var live: Set<ColumnReference> = []
  /// The columns of each body that the queries around it read, by body.
  private(set) var demand: [Int: Set<Int>] = [:]
  private(set) var classes = SlotClasses()
  /// Common tables that are read.
  private(set) var commonTables: Set<Int> = []
  private let query: PushedQuery
  private var commonDemand: [Int: Set<Int>] = [:]

  init(_ query: PushedQuery) {
    self.query = query
    let all = Set(query.body.columnTypes.indices)
    for index in all { classes.needValue(of: query.body.column(index)) }
    visit(query.body, demanded: all, isOutermost: true)
    // A common table is read by later ones only.
    for index in query.commonTables.indices.reversed() where commonTables.contains(index) {
      visit(query.commonTables[index], demanded: commonDemand[index] ?? [])
    }
  }

  // MARK: Bodies

  private mutating func visit(_ body: QueryBody, demanded: Set<Int>, isOutermost: Bool = false) {
    var demanded = demanded
    // Without LIMIT the order of a subquery has no effect.
    if isOutermost || body.limit != nil || body.offset != nil {
      for key in body.order {
        switch key.target {
        case .column(let index):
          demanded.insert(index)
          classes.needValue(of: body.column(index))
        case .expression(let expression): use(expression)
        }
      }
    }
    if body.rows.needsAllColumns { demanded.formUnion(body.columnTypes.indices) }
    demand[body.id] = demanded
    switch body.rows {
    case .select(let select): visit(select, of: body, demanded)
    case .values(let rows):
      for index in demanded { classes.compute(body.column(index)) }
      for cell in rows.joined() { use(cell) }
    case .operation(_, _, let left, let right):
      for index in demanded { for side in [left, right] { pass(body, side, index) } }
      visit(left, demanded: demanded)
      visit(right, demanded: demanded)
    }
  }

  private mutating func pass(_ body: QueryBody, _ side: QueryBody, _ index: Int) {
    let (type, own) = (body.columnTypes[index], side.columnTypes[index])
    if type == own || (type.keyFamily != nil && type.keyFamily == own.keyFamily) {
      classes.flow(side.column(index), body.column(index))
    } else {
      classes.compute(body.column(index))
      classes.needValue(of: side.column(index))
    }
  }

  private mutating func visit(_ select: SelectBody, of body: QueryBody, _ demanded: Set<Int>) {
    for condition in select.filter { use(condition) }
    for key in select.grouping.keys { tellApart(key) }
    if let having = select.having { use(having) }
    for threshold in select.thresholds { count(threshold.identity) }
    for index in demanded.sorted() {
      if case .column(let reference, _) = select.output[index] {
        live.insert(reference)
        classes.flow(reference, body.column(index))
      } else {
        use(select.output[index])
        classes.compute(body.column(index))
      }
    }
    if let from = select.from {
      useConditions(of: from)
      visit(from)
    }
  }

  private mutating func useConditions(of relation: Relation) {
    guard case .join(_, let left, let right, let condition) = relation else { return }
    if let condition { use(condition) }
    useConditions(of: left)
    useConditions(of: right)
  }

  private mutating func visit(_ relation: Relation) {
    switch relation {
    case .scan: break
    case .derived(let id, let body):
      visit(body, demanded: connect(id, to: body))
    case .common(let id, let index):
      commonTables.insert(index)
      commonDemand[index, default: []].formUnion(connect(id, to: query.commonTables[index]))
    case .join(_, let left, let right, _):
      visit(left)
      visit(right)
    }
  }

  /// - Returns: the body's columns that are read under this relation's name.
  private mutating func connect(_ id: Int, to body: QueryBody) -> Set<Int> {
    let read = body.columnTypes.indices.filter { live.contains(ColumnReference(table: id, name: "c\($0)")) }
    for index in read { classes.flow(ColumnReference(table: id, name: "c\(index)"), body.column(index)) }
    return Set(read)
  }

  // MARK: Expressions

  private mutating func use(_ expression: ResolvedExpression) {
    switch expression {
    case .column(let reference, _):
      live.insert(reference)
      classes.needValue(of: reference)
    case .compare(.equal, let left, let right), .compare(.notEqual, let left, let right),
      .isDistinct(let left, let right, _):
      equate(left, right)
    case .isNull(let operand, _): tellApart(operand)
    case .aggregateCall(let call) where call.kind == .count:
      for argument in call.arguments { call.isDistinct ? count(argument) : tellApart(argument) }
      if let filter = call.filter { use(filter) }
    case .windowCall(let call): window(call)
    case .subquery(let test): subquery(test)
    default: for child in expression.children { use(child) }
    }
  }

  private mutating func equate(_ left: ResolvedExpression, _ right: ResolvedExpression) {
    guard let first = left.comparedColumn, let second = right.comparedColumn else {
      use(left)
      use(right)
      return
    }
    live.formUnion([first, second])
    classes.equate(first, second)
  }

  private mutating func tellApart(_ expression: ResolvedExpression) {
    if case .column(let reference, _) = expression { live.insert(reference) } else { use(expression) }
  }

  /// COUNT(DISTINCT) of a key counts what matching takes for one.
  private mutating func count(_ expression: ResolvedExpression) {
    if case .column(let reference, _) = expression { classes.compareEqual(reference) }
    tellApart(expression)
  }

  private mutating func window(_ call: WindowCall) {
    for argument in call.arguments {
      call.kind == .aggregate(.count) ? tellApart(argument) : use(argument)
    }
    for key in call.partition { tellApart(key) }
    for key in call.order { use(key.expression) }
  }

  private mutating func subquery(_ test: SubqueryTest) {
    switch test {
    case .scalar(let body, _):
      classes.needValue(of: body.column(0))
      visit(body, demanded: [0])
    case .exists(let body): visit(body, demanded: [])
    case .contains(let operands, let body, _):
      for (index, operand) in operands.enumerated() {
        if let reference = operand.comparedColumn {
          live.insert(reference)
          classes.equate(reference, body.column(index))
        } else {
          use(operand)
          classes.needValue(of: body.column(index))
        }
      }
      visit(body, demanded: Set(operands.indices))
    }
  }
}

extension QueryBody {
  /// The name of the body's own column, for the classes of slots.
  func column(_ index: Int) -> ColumnReference { ColumnReference(table: id, name: "c\(index)") }
}

extension RowSource {
  /// Rows are told apart by all their columns.
  fileprivate var needsAllColumns: Bool {
    switch self {
    case .select(let select): select.isDistinct
    case .values: false
    case .operation(let operation, let all, _, _): !(operation == .union && all)
    }
  }
}

extension ResolvedExpression {
  /// A column by itself, or widened within its key family: its token says as much about equality as its value.
  var comparedColumn: ColumnReference? {
    switch self {
    case .column(let reference, _): reference
    case .cast(.column(let reference, let source), let target)
    where source.isInteger && target.isInteger && source.integerWidth <= target.integerWidth:
      reference
    default: nil
    }
  }
}

extension ColumnType {
  fileprivate var integerWidth: Int {
    switch self {
    case .tinyint: 1
    case .smallint: 2
    case .integer: 4
    default: 8
    }
  }
}
