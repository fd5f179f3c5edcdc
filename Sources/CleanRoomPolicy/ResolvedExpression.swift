import CleanRoomModel
import CleanRoomSQL

/// A column of one of the query's tables.
public struct ColumnReference: Hashable, Sendable {
  /// Index into `ApprovedQuery.tables`; in a `CustomQuery` the identifier of a relation.
  public var table: Int
  public var name: String

  public init(table: Int, name: String) {
    self.table = table
    self.name = name
  }
}

/// A constant with its type. Numbers are kept as the digits that were written, with their sign.
public enum TypedLiteral: Hashable, Sendable {
  case null(ColumnType)
  case boolean(Bool)
  case integer(Int64)
  /// Digits with exactly `scale` places after the point.
  case decimal(String, precision: Int, scale: Int)
  case double(Double)
  case string(String)
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since 1970-01-01T00:00:00.
  case timestamp(Int64)

  public var type: ColumnType {
    switch self {
    case .null(let type): type
    case .boolean: .boolean
    case .integer(let value): Int32(exactly: value) == nil ? .bigint : .integer
    case .decimal(_, let precision, let scale): .decimal(precision: precision, scale: scale)
    case .double: .double
    case .string: .string
    case .date: .date
    case .timestamp: .timestamp
    }
  }
}

/// An expression whose names, types and functions are settled. Only the policy room makes one that gets approved.
public indirect enum ResolvedExpression: Hashable, Sendable {
  case column(ColumnReference, ColumnType)
  case literal(TypedLiteral)
  case call(ScalarFunction, [ResolvedExpression], ColumnType)
  /// Operands have been brought to one type by explicit casts.
  case compare(ComparisonOperator, ResolvedExpression, ResolvedExpression)
  /// `+`, `-` or `*` of two operands of the result's type, or a date and a whole number of days. NULL on overflow.
  case arithmetic(ArithmeticOperator, ResolvedExpression, ResolvedExpression, ColumnType)
  case and([ResolvedExpression])
  case or([ResolvedExpression])
  case not(ResolvedExpression)
  case isNull(ResolvedExpression, negated: Bool)
  case inList(ResolvedExpression, [ResolvedExpression], negated: Bool)
  /// Backslash is the escape character unless another is given.
  case like(ResolvedExpression, pattern: ResolvedExpression, escape: String, negated: Bool)
  /// A cast that gives NULL where the value does not fit.
  case cast(ResolvedExpression, ColumnType)
  /// Only in the select list, HAVING and ORDER BY of an aggregation.
  case aggregate(AggregateFunction, ColumnReference, argument: ColumnType, result: ColumnType)

  // Only in a `CustomQuery`:

  case caseWhen([ResolvedBranch], otherwise: ResolvedExpression?, ColumnType)
  /// IS [NOT] TRUE, IS [NOT] FALSE.
  case isBoolean(ResolvedExpression, value: Bool, negated: Bool)
  /// IS [NOT] DISTINCT FROM; `<=>` is the negated form.
  case isDistinct(ResolvedExpression, ResolvedExpression, negated: Bool)
  case aggregateCall(AggregateCall)
  case windowCall(WindowCall)
  case subquery(SubqueryTest)

  public var type: ColumnType {
    switch self {
    case .column(_, let type), .call(_, _, let type), .arithmetic(_, _, _, let type),
      .cast(_, let type), .aggregate(_, _, _, let type), .caseWhen(_, _, let type),
      .subquery(.scalar(_, let type)):
      type
    case .literal(let literal): literal.type
    case .aggregateCall(let call): call.type
    case .windowCall(let call): call.type
    case .compare, .and, .or, .not, .isNull, .inList, .like, .isBoolean, .isDistinct,
      .subquery(.exists), .subquery(.contains):
      .boolean
    }
  }

  /// The expression's direct parts; of a subquery only what stands outside it.
  public var children: [ResolvedExpression] {
    switch self {
    case .column, .literal, .aggregate: []
    case .call(_, let arguments, _), .and(let arguments), .or(let arguments): arguments
    case .compare(_, let left, let right), .arithmetic(_, let left, let right, _): [left, right]
    case .not(let operand), .isNull(let operand, _), .cast(let operand, _): [operand]
    case .inList(let operand, let list, _): [operand] + list
    case .like(let operand, let pattern, _, _): [operand, pattern]
    case .caseWhen(let branches, let otherwise, _):
      branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
    case .isBoolean(let operand, _, _): [operand]
    case .isDistinct(let left, let right, _): [left, right]
    case .aggregateCall(let call): call.arguments + (call.filter.map { [$0] } ?? [])
    case .windowCall(let call): call.arguments + call.partition + call.order.map(\.expression)
    case .subquery(.contains(let operands, _, _)): operands
    case .subquery(.scalar), .subquery(.exists): []
    }
  }

  /// At most so many nodes.
  public func fits(_ limit: Int) -> Bool {
    var left = limit
    func count(_ expression: ResolvedExpression) -> Bool {
      left -= 1
      return left >= 0 && expression.children.allSatisfy(count)
    }
    return count(self)
  }

  /// What a construct may use more than once: nested, such uses multiply.
  static let longestRepeated = 500

  /// Every column that must be present to evaluate the expression, arguments of aggregates included; not those that
  /// a subquery inside it reads.
  public var columns: Set<ColumnReference> {
    switch self {
    case .column(let reference, _), .aggregate(_, let reference, _, _): [reference]
    default: children.reduce(into: []) { $0.formUnion($1.columns) }
    }
  }

  /// The tables of `columns`.
  func addTables(to tables: inout SmallSet<Int>) {
    switch self {
    case .column(let reference, _), .aggregate(_, let reference, _, _): tables.insert(reference.table)
    default: for child in children { child.addTables(to: &tables) }
    }
  }
}
