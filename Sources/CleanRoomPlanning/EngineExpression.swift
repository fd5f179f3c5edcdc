import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Prints approved expressions as engine SQL in which nothing can raise: what does not compute is NULL.
struct EngineExpression {
  /// How a column is called where the expression stands.
  let column: (ColumnReference) -> String
  /// What stands for an expression as a whole, where something does.
  var special: (ResolvedExpression) -> String? = { _ in nil }

  func text(_ expression: ResolvedExpression) -> String {
    if let known = special(expression) { return known }
    return switch expression {
    case .column(let reference, _): column(reference)
    case .literal(let literal): EngineText.literal(literal)
    case .call(let function, let arguments, let type): call(function, arguments, type)
    case .compare(let comparison, let left, let right): compare(comparison, left, right)
    case .arithmetic(let operation, let left, let right, let type): arithmetic(operation, left, right, type)
    case .and(let parts): joined(parts, " AND ", empty: "TRUE")
    case .or(let parts): joined(parts, " OR ", empty: "FALSE")
    case .not(let operand): "(NOT \(text(operand)))"
    case .isNull(let operand, let negated): "(\(text(operand)) IS \(negated ? "NOT " : "")NULL)"
    case .inList(let operand, let list, let negated):
      "(\(text(operand)) \(negated ? "NOT " : "")IN (\(list.map(text).joined(separator: ", "))))"
    case .like(let operand, let pattern, let escape, let negated):
      total([operand, pattern]) {
        "\($0[0]) \(negated ? "NOT " : "")LIKE \($0[1]) ESCAPE \(EngineText.string(escape))"
      }
    case .cast(let operand, let type): cast(operand, type)
    case .aggregate(_, let reference, _, _): column(reference)
    case .caseWhen(let branches, let otherwise, _): caseWhen(branches, otherwise)
    case .isBoolean(let operand, let value, let negated):
      "(\(text(operand)) IS \(negated ? "NOT " : "")\(value ? "TRUE" : "FALSE"))"
    case .isDistinct(let left, let right, let negated):
      "(\(text(left)) IS \(negated ? "NOT " : "")DISTINCT FROM \(text(right)))"
    // Only `special` knows them; a wrong name makes the engine refuse, never disclose.
    case .aggregateCall, .windowCall, .subquery: "missing"
    }
  }

  private func caseWhen(_ branches: [ResolvedBranch], _ otherwise: ResolvedExpression?) -> String {
    let parts = branches.map { " WHEN \(text($0.condition)) THEN \(text($0.result))" }
    return "(CASE\(parts.joined())\(otherwise.map { " ELSE \(text($0))" } ?? "") END)"
  }

  /// NULL where the engine would raise. `TRY` takes no subquery inside, so a lambda stands between them.
  func total(_ operands: [ResolvedExpression], _ body: ([String]) -> String) -> String {
    let texts = operands.map(text)
    guard operands.contains(where: { !$0.subqueries.isEmpty }) else { return "TRY(\(body(texts)))" }
    let fields = texts.enumerated().map { "'v\($0)': \($1)" }.joined(separator: ", ")
    let names = operands.indices.map { "v.v\($0)" }
    return "list_transform([{\(fields)}], lambda v: TRY(\(body(names))))[1]"
  }

  private func joined(_ parts: [ResolvedExpression], _ separator: String, empty: String) -> String {
    parts.isEmpty ? empty : "(" + parts.map(text).joined(separator: separator) + ")"
  }

  private func compare(
    _ comparison: ComparisonOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  )
    -> String
  {
    let symbol = comparison == .nullSafeEqual ? "IS NOT DISTINCT FROM" : comparison.rawValue
    return "(\(text(left)) \(symbol) \(text(right)))"
  }

  /// Spark cuts digits after the point where the engine would round them.
  private func cast(_ operand: ResolvedExpression, _ type: ColumnType) -> String {
    if case .decimal = operand.type, type.isInteger {
      return "TRY_CAST(trunc(\(text(operand))) AS \(EngineText.type(type)))"
    }
    return "TRY_CAST(\(text(operand)) AS \(EngineText.type(type)))"
  }

  private func arithmetic(
    _ operation: ArithmeticOperator, _ left: ResolvedExpression, _ right: ResolvedExpression,
    _ type: ColumnType
  ) -> String {
    "TRY_CAST(\(total([left, right]) { "\($0[0]) \(operation.rawValue) \($0[1])" }) AS \(EngineText.type(type)))"
  }

  private func call(_ function: ScalarFunction, _ arguments: [ResolvedExpression], _ type: ColumnType)
    -> String
  {
    "TRY_CAST(\(total(arguments) { EngineFunction.text(function, $0) }) AS \(EngineText.type(type)))"
  }
}

extension Fragment {
  /// The owner's query: permitted and needed columns of the rows that pass the local filters.
  /// - Parameter relation: SQL of the catalog's relation for this table, made by the engine room.
  public func sql(relation: String) -> String {
    let expression = EngineExpression { EngineText.identifier($0.name) }
    let list = columns.map {
      "\(EngineText.identifier($0.column)) AS \(EngineText.identifier($0.gatheredName))"
    }
    let conditions = filter.map { expression.text($0) }
    let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return "SELECT \(list.joined(separator: ", ")) FROM \(relation)\(condition)"
  }

  /// The local conditions in words of SQL, for `explain`.
  public var filterText: [String] {
    filter.map { EngineExpression { EngineText.identifier($0.name) }.text($0) }
  }
}
