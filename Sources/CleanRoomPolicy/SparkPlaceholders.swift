import CleanRoomModel
import CleanRoomSQL

enum SparkCoercion {
  static func align(_ operands: [ResolvedExpression]) -> [ResolvedExpression]? { Coercion.align(operands) }
  static func commonType(_ types: [ColumnType]) -> ColumnType? {
    types.dropFirst().reduce(types.first) { left, right in left.flatMap { Coercion.widest($0, right) } }
  }
}
struct FunctionRequest {
  let name: String
  let arguments: [ResolvedExpression]
  let modifier: String?
  let now: Timestamp
}
enum SparkFunction {
  static let unitFunctions: Set<String> = ["date_add", "dateadd", "date_diff", "datediff"]
  static let units: Set<String> = ["year", "month", "day"]
  static func resolve(_ call: FunctionRequest) -> FunctionResult? {
    if call.name == "extract", case .literal(.string(let field)) = call.arguments[0] {
      return KnownFunction.extract(field: field, from: call.arguments[1])
    }
    return KnownFunction(call.name).map { $0.resolve(call.arguments, modifier: call.modifier, now: call.now) }
  }
}
struct IntervalConstant { var months = 0; var days = 0; var microseconds: Int64 = 0 }
enum IntervalReader {
  static func read(_ amount: Expression, unit: String?) -> IntervalConstant? {
    guard case .literal(.string(let text)) = amount.node, let value = Int(text), unit == "day" else { return nil }
    return IntervalConstant(days: value)
  }
}
enum SparkOperator {
  static func arithmetic(_ op: ArithmeticOperator, _ l: ResolvedExpression, _ r: ResolvedExpression) -> FunctionResult {
    Arithmetic.resolve(op, l, r).map { .resolved($0) } ?? .mismatch
  }
  static func step(_ moment: ResolvedExpression, by interval: IntervalConstant, isNegative: Bool) -> FunctionResult {
    Arithmetic.step(moment, by: Int64(isNegative ? -interval.days : interval.days)).map { .resolved($0) } ?? .mismatch
  }
}
enum SparkCast {
  static func resolve(_ value: ResolvedExpression, to type: TypeName, isTry: Bool) -> FunctionResult {
    CastRules.resolve(value, to: type)
  }
}
enum SparkAggregate {
  static let names: Set<String> = ["count", "sum", "avg", "min", "max"]
  static func resolve(name: String, arguments: [ResolvedExpression], isDistinct: Bool, filter: ResolvedExpression?)
    -> FunctionResult?
  {
    let kinds: [String: AggregateKind] = [
      "count": .count, "sum": .sum, "avg": .average, "min": .minimum, "max": .maximum,
    ]
    guard let kind = kinds[name] else { return nil }
    let type: ColumnType = kind == .count ? .bigint : arguments.first?.type ?? .bigint
    return .resolved(
      .aggregateCall(
        AggregateCall(kind: kind, arguments: arguments, isDistinct: isDistinct, filter: filter, type: type)))
  }
}
struct ResolvedWindow {
  let kind: WindowKind
  let arguments: [ResolvedExpression]
  let type: ColumnType
}
enum WindowResult {
  case resolved(ResolvedWindow)
  case mismatch
  case unavailable(String)
}
enum SparkWindow {
  static let names: Set<String> = ["row_number", "rank", "dense_rank"]
  static func resolve(name: String, arguments: [ResolvedExpression]) -> WindowResult? {
    switch name {
    case "row_number": return .resolved(ResolvedWindow(kind: .rowNumber, arguments: [], type: .integer))
    case "rank": return .resolved(ResolvedWindow(kind: .rank, arguments: [], type: .integer))
    case "sum": return .resolved(ResolvedWindow(kind: .aggregate(.sum), arguments: arguments, type: arguments[0].type))
    default: return nil
    }
  }
}
