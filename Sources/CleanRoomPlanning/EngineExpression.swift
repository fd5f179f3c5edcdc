import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Prints approved expressions as engine SQL in which nothing can raise: what does not compute is NULL.
struct EngineExpression {
  /// How a column is called where the expression stands.
  let column: (ColumnReference) -> String

  func text(_ expression: ResolvedExpression) -> String {
    switch expression {
    case .column(let reference, _): column(reference)
    case .literal(let literal): EngineText.literal(literal)
    case .call(let function, let arguments, let type): call(function, arguments, type)
    case .compare(let comparison, let left, let right): compare(comparison, left, right)
    case .arithmetic(let operation, let left, let right, let type): arithmetic(operation, left, right, type)
    case .negate(let operand, let type): "TRY_CAST(TRY(- \(text(operand))) AS \(EngineText.type(type)))"
    case .and(let parts): joined(parts, " AND ", empty: "TRUE")
    case .or(let parts): joined(parts, " OR ", empty: "FALSE")
    case .not(let operand): "(NOT \(text(operand)))"
    case .isNull(let operand, let negated): "(\(text(operand)) IS \(negated ? "NOT " : "")NULL)"
    case .inList(let operand, let list, let negated):
      "(\(text(operand)) \(negated ? "NOT " : "")IN (\(list.map(text).joined(separator: ", "))))"
    case .like(let operand, let pattern, let escape, let negated):
      "TRY(\(text(operand)) \(negated ? "NOT " : "")LIKE \(text(pattern)) ESCAPE \(EngineText.string(escape)))"
    case .cast(let operand, let type): "TRY_CAST(\(text(operand)) AS \(EngineText.type(type)))"
    case .aggregate(_, let reference, _, _): column(reference)
    }
  }

  private func joined(_ parts: [ResolvedExpression], _ separator: String, empty: String) -> String {
    parts.isEmpty ? empty : "(" + parts.map(text).joined(separator: separator) + ")"
  }

  private func compare(_ comparison: ComparisonOperator, _ left: ResolvedExpression, _ right: ResolvedExpression)
    -> String
  {
    let symbol = comparison == .nullSafeEqual ? "IS NOT DISTINCT FROM" : comparison.rawValue
    return "(\(text(left)) \(symbol) \(text(right)))"
  }

  private func arithmetic(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression, _ type: ColumnType
  ) -> String {
    let (first, second) = (text(left), text(right))
    let body =
      switch operation {
      case .add, .subtract, .multiply, .concatenate: "\(first) \(operation.rawValue) \(second)"
      // Division by zero is NULL in Spark; the engine would give infinity.
      case .divide, .modulo: "\(first) \(operation.rawValue) NULLIF(\(second), 0)"
      case .integerDivide: "\(first) // NULLIF(\(second), 0)"
      }
    return "TRY_CAST(TRY(\(body)) AS \(EngineText.type(type)))"
  }

  private func call(_ function: ScalarFunction, _ arguments: [ResolvedExpression], _ type: ColumnType) -> String {
    let texts = arguments.map(text)
    return "TRY_CAST(TRY(\(Self.body(function, texts, arguments.map(\.type)))) AS \(EngineText.type(type)))"
  }

  private static func body(_ function: ScalarFunction, _ texts: [String], _ types: [ColumnType]) -> String {
    let list = texts.joined(separator: ", ")
    let first = texts.first ?? "NULL"
    switch function {
    case .abs, .coalesce, .floor, .lower, .upper, .length: return "\(function.rawValue)(\(list))"
    case .ceiling: return "ceil(\(list))"
    case .round: return "round(\(list))"
    // Spark trims spaces only, no other white space.
    case .ltrim, .rtrim, .trim: return "\(function.rawValue)(\(first), ' ')"
    case .ln: return "CASE WHEN \(first) > 0 THEN ln(\(first)) END"
    case .log: return logarithm(texts)
    case .sqrt: return "CASE WHEN \(first) >= 0 THEN sqrt(\(first)) END"
    case .substring: return "substring(\(list))"
    case .currentDate: return "NULL"
    case .dateAdd: return "\(first) + \(texts[1])"
    case .toChar: return "strftime(\(list))"
    case .toDate: return "CAST(\(first) AS DATE)"
    case .toNumber: return "\(first)"
    case .toTimestamp: return "CAST(\(first) AS TIMESTAMP)"
    case .trunc: return types.first == .date ? "date_trunc(\(texts[1]), \(first))" : "trunc(\(list))"
    case .year, .month, .day, .hour, .minute, .second, .quarter, .week: return "\(function.rawValue)(\(first))"
    // Spark counts Sunday as 1, the engine as 0.
    case .dayOfWeek: return "dayofweek(\(first)) + 1"
    case .dayOfYear: return "dayofyear(\(first))"
    }
  }

  private static func logarithm(_ texts: [String]) -> String {
    guard texts.count == 2 else { return "CASE WHEN \(texts[0]) > 0 THEN ln(\(texts[0])) END" }
    let (base, value) = (texts[0], texts[1])
    return "CASE WHEN \(value) > 0 AND \(base) > 0 THEN ln(\(value)) / NULLIF(ln(\(base)), 0) END"
  }
}

extension Fragment {
  /// The owner's query: permitted and needed columns of the rows that pass the local filters.
  /// - Parameter relation: SQL of the catalog's relation for this table, made by the engine room.
  public func sql(relation: String) -> String {
    let expression = EngineExpression { EngineText.identifier($0.name) }
    let list = columns.map { "\(EngineText.identifier($0.column)) AS \(EngineText.identifier($0.gatheredName))" }
    let conditions = filter.map { expression.text($0) }
    let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return "SELECT \(list.joined(separator: ", ")) FROM \(relation)\(condition)"
  }

  /// The local conditions in words of SQL, for `explain`.
  public var filterText: [String] {
    filter.map { EngineExpression { EngineText.identifier($0.name) }.text($0) }
  }
}
