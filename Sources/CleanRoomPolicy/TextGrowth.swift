import CleanRoomModel

/// How many times longer than the longest text of its tables a text inside a CUSTOM query can become, so that nested
/// functions, derived tables and common tables cannot make texts without end.
struct TextGrowth {
  /// One function may pad or repeat up to `SparkFunction.longestPadding`.
  static let limit: Double = 20_000

  /// By relation and name; columns of tables count 1.
  private var columns: [ColumnReference: Double] = [:]
  private var common: [[Double]] = []
  private var largest: Double = 1

  static func isBounded(_ query: CustomQuery) -> Bool {
    var growth = TextGrowth()
    for body in query.commonTables {
      let factors = growth.factors(of: body)
      growth.common.append(factors)
    }
    _ = growth.factors(of: query.body)
    return growth.largest <= limit
  }

  private mutating func factors(of body: QueryBody) -> [Double] {
    let result: [Double]
    switch body.rows {
    case .values(let rows):
      let cells = rows.map { row in row.map { factor(of: $0) } }
      result = body.columnTypes.indices.map { column in cells.map { $0[column] }.max() ?? 1 }
    case .operation(_, _, let left, let right):
      result = zip(factors(of: left), factors(of: right)).map { max($0, $1) }
    case .select(let select):
      if let from = select.from { note(from) }
      let others = select.filter + select.grouping.keys + (select.having.map { [$0] } ?? [])
      for expression in others { _ = factor(of: expression) }
      result = select.output.map { factor(of: $0) }
    }
    for key in body.order { if case .expression(let expression) = key.target { _ = factor(of: expression) } }
    return result
  }

  private mutating func note(_ relation: Relation) {
    switch relation {
    case .scan: break
    case .derived(let id, let body): note(id, factors(of: body))
    case .common(let id, let index): note(id, common[index])
    case .join(_, let left, let right, let condition):
      note(left)
      note(right)
      if let condition { _ = factor(of: condition) }
    }
  }

  private mutating func note(_ id: Int, _ factors: [Double]) {
    for (index, factor) in factors.enumerated() { columns[ColumnReference(table: id, name: "c\(index)")] = factor }
  }

  // MARK: Expressions

  private mutating func factor(of expression: ResolvedExpression) -> Double {
    var inner: [Double] = []
    for child in expression.children { inner.append(factor(of: child)) }
    let result = factor(of: expression, inner)
    largest = max(largest, result)
    return expression.type == .string ? result : 1
  }

  private mutating func factor(of expression: ResolvedExpression, _ inner: [Double]) -> Double {
    switch expression {
    case .column(let reference, _): return columns[reference] ?? 1
    case .call(let function, let arguments, _): return Self.factor(of: function, arguments, inner)
    case .subquery(let test):
      let factors = factors(of: test.body)
      if case .scalar = test { return factors.first ?? 1 }
      return 1
    default: return inner.max() ?? 1
    }
  }

  private static func factor(of function: ScalarFunction, _ arguments: [ResolvedExpression], _ inner: [Double])
    -> Double
  {
    switch function {
    case .concatenate: return inner.reduce(0, +)
    case .repeatText: return inner[0] * max(1, arguments[1].constantNumber ?? limit)
    case .lpad, .rpad: return max(inner[0], arguments[1].constantNumber ?? limit)
    case .hexOfText: return inner[0] * 2
    case .replace, .patternReplace:
      // Texts that are no constants meet a limit of their own where they are computed.
      return inner[0] * max(1, arguments[2].constantLength ?? 100)
    case .md5, .sha1, .sha256: return 1
    default: return inner.max() ?? 1
    }
  }
}

extension ResolvedExpression {
  fileprivate var constantNumber: Double? {
    if case .literal(.integer(let value)) = self { return Double(value) }
    return nil
  }

  fileprivate var constantLength: Double? {
    if case .literal(.string(let value)) = self { return Double(value.utf8.count) }
    return nil
  }
}
