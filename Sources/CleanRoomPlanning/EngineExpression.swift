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
    case .cast(let operand, let type):
      bound([operand]) { "(\(EngineCast.text($0[0], from: operand.type, to: type)))" }
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

  /// NULL where the engine would raise.
  func total(_ operands: [ResolvedExpression], _ body: ([String]) -> String) -> String {
    bound(operands) { "TRY(\(body($0)))" }
  }

  /// A text around operands. What is more than a name is written once and then named, so that nested expressions stay as
  /// short as they were written; `TRY` takes no subquery inside, which is named for that reason.
  func bound(_ operands: [ResolvedExpression], _ body: ([String]) -> String) -> String {
    let texts = operands.map(text)
    // Constants stay as they are: some functions of the engine take nothing else.
    let names = zip(operands, texts).enumerated().map { $1.0.isConstant ? $1.1 : "v.v\($0)_" }
    if operands.allSatisfy(\.isName) { return body(texts) }
    let named = body(names)
    let uses = Self.uses(in: named, of: names.count)
    let isPlain = zip(operands, uses).allSatisfy { operand, count in
      operand.isName || (operand.subqueries.isEmpty && count <= 1)
    }
    if isPlain { return body(texts) }
    let fields = texts.enumerated().map { "'v\($0)_': \($1)" }.joined(separator: ", ")
    return "list_transform([{\(fields)}], lambda v: \(named))[1]"
  }

  /// How often each of the names `v.v0_`, `v.v1_` and so on stands in a text.
  private static func uses(in text: String, of count: Int) -> [Int] {
    var uses = Array(repeating: 0, count: count)
    let bytes = Array(text.utf8)
    var place = 0
    while place + 4 < bytes.count {
      guard bytes[place] == UInt8(ascii: "v"), bytes[place + 1] == UInt8(ascii: "."),
        bytes[place + 2] == UInt8(ascii: "v")
      else {
        place += 1
        continue
      }
      place += 3
      let digits = bytes[place...].prefix(7).prefix { (48...57).contains($0) }
      let end = place + digits.count
      guard !digits.isEmpty, end < bytes.count, bytes[end] == UInt8(ascii: "_") else { continue }
      let index = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
      if index < count { uses[index] += 1 }
      place = end
    }
    return uses
  }

  private func joined(_ parts: [ResolvedExpression], _ separator: String, empty: String) -> String {
    parts.isEmpty ? empty : "(" + parts.map(text).joined(separator: separator) + ")"
  }

  private func compare(
    _ comparison: ComparisonOperator, _ left: ResolvedExpression, _ right: ResolvedExpression
  ) -> String {
    let symbol = comparison == .nullSafeEqual ? "IS NOT DISTINCT FROM" : comparison.rawValue
    return "(\(text(left)) \(symbol) \(text(right)))"
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
    if function == .divideDecimal { return divide(arguments, type) }
    return "TRY_CAST(\(total(arguments) { EngineFunction.text(function, $0) }) AS \(EngineText.type(type)))"
  }
}

extension EngineExpression {
  /// On integers: the digits of both, and as many zeros as the result's scale asks for.
  private func divide(_ arguments: [ResolvedExpression], _ type: ColumnType) -> String {
    guard case .decimal(_, let scale) = type, case .decimal(_, let left) = arguments[0].type,
      case .decimal(_, let right) = arguments[1].type
    else { return "missing" }
    return bound(arguments) {
      let quotient = DecimalText.quotient(
        DecimalText.unscaled($0[0]), "NULLIF(\(DecimalText.unscaled($0[1])), 0)", places: scale - left + right)
      return "TRY_CAST(\(DecimalText.decimal("TRY(\(quotient))", scale: scale)) AS \(EngineText.type(type)))"
    }
  }
}

extension Fragment {
  /// The owner's query: permitted and needed columns of the rows that pass the local filters.
  /// - Parameter relation: SQL of the catalog's relation for this table, made by the engine room.
  public func sql(relation: String) -> String {
    let expression = EngineExpression { EngineText.identifier($0.name) }
    let list = columns.map {
      let source = $0.use == .presence ? "TRUE" : EngineText.identifier($0.column)
      return "\(source) AS \(EngineText.identifier($0.gatheredName))"
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

extension ResolvedExpression {
  fileprivate var isConstant: Bool {
    if case .literal = self { return true }
    return false
  }

  /// Written out it is no longer than a name.
  fileprivate var isName: Bool {
    switch self {
    case .column, .literal: true
    default: false
    }
  }
}
