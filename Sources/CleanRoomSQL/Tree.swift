/// A name as written. Unquoted names are folded to lower case; quoted ones keep their spelling.
public struct Identifier: Sendable, Hashable {
  public var name: String
  public var isQuoted: Bool
  public var span: SourceSpan

  public init(name: String, isQuoted: Bool = false, span: SourceSpan = .none) {
    self.name = name
    self.isQuoted = isQuoted
    self.span = span
  }
}

public struct Expression: Sendable, Hashable {
  public var node: Node
  public var span: SourceSpan

  public init(_ node: Node, span: SourceSpan = .none) {
    self.node = node
    self.span = span
  }

  public indirect enum Node: Sendable, Hashable {
    case column(qualifier: Identifier?, name: Identifier)
    /// `*` or `t.*`.
    case star(qualifier: Identifier?)
    case literal(Literal)
    /// `:name`.
    case parameter(String)
    /// Two or more operands: `a AND b AND c` is one node, so a long chain is not a deep tree.
    case and([Expression])
    case or([Expression])
    case not(Expression)
    case negate(Expression)
    case compare(ComparisonOperator, Expression, Expression)
    case arithmetic(ArithmeticOperator, Expression, Expression)
    case isNull(Expression, negated: Bool)
    case isBoolean(Expression, value: Bool, negated: Bool)
    case isDistinctFrom(Expression, Expression, negated: Bool)
    case between(Expression, low: Expression, high: Expression, negated: Bool)
    case inList(Expression, [Expression], negated: Bool)
    case inSubquery(Expression, Query, negated: Bool)
    case exists(Query)
    case like(PatternOperator, Expression, pattern: Expression, escape: Expression?, negated: Bool)
    case function(FunctionCall)
    /// `CAST(x AS t)`, `x::t`; `TRY_CAST` with `isTry`.
    case cast(Expression, TypeName, isTry: Bool)
    /// `EXTRACT(field FROM x)`.
    case extract(field: Identifier, Expression)
    case caseWhen(operand: Expression?, branches: [CaseBranch], otherwise: Expression?)
    case subquery(Query)
    /// `INTERVAL '1' DAY` and `INTERVAL '1 day 2 hours'` (no unit).
    case interval(value: Expression, unit: String?)
    /// `(a, b)`.
    case row([Expression])
  }
}

public struct CaseBranch: Sendable, Hashable {
  public var condition: Expression
  public var result: Expression

  public init(condition: Expression, result: Expression) {
    self.condition = condition
    self.result = result
  }
}

/// Numbers keep their digits as written, so that nothing is lost before types are known.
public enum Literal: Sendable, Hashable {
  case null
  case boolean(Bool)
  /// Digits only.
  case integer(String)
  /// Digits with a decimal point.
  case decimal(String)
  /// With an exponent.
  case double(String)
  case string(String)
  /// `DATE '2025-12-01'`; the text is checked during resolution.
  case date(String)
  case timestamp(String)
}

public enum ComparisonOperator: String, Sendable, Hashable, CaseIterable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// NULL-safe equality.
  case nullSafeEqual = "<=>"
}

public enum ArithmeticOperator: String, Sendable, Hashable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case integerDivide = "DIV"
  case concatenate = "||"
}

public enum PatternOperator: String, Sendable, Hashable {
  case like = "LIKE"
  case ilike = "ILIKE"
  case rlike = "RLIKE"
  case similarTo = "SIMILAR TO"
}

public struct FunctionCall: Sendable, Hashable {
  /// Folded to lower case.
  public var name: Identifier
  public var arguments: [Expression]
  /// `f(DISTINCT x)`.
  public var isDistinct: Bool
  /// `FILTER (WHERE …)`.
  public var filter: Expression?
  /// `WITHIN GROUP (ORDER BY …)` or an ORDER BY inside the parentheses.
  public var ordering: [OrderItem]
  public var window: WindowSpecification?
  /// `TRIM(LEADING x FROM y)` and its like keep the keyword here, upper case.
  public var modifier: String?

  public init(
    name: Identifier, arguments: [Expression], isDistinct: Bool = false, filter: Expression? = nil,
    ordering: [OrderItem] = [], window: WindowSpecification? = nil, modifier: String? = nil
  ) {
    self.name = name
    self.arguments = arguments
    self.isDistinct = isDistinct
    self.filter = filter
    self.ordering = ordering
    self.window = window
    self.modifier = modifier
  }
}

public struct WindowSpecification: Sendable, Hashable {
  /// `OVER name`, defined in a WINDOW clause.
  public var name: Identifier?
  public var partition: [Expression]
  public var order: [OrderItem]
  public var frame: WindowFrame?

  public init(name: Identifier? = nil, partition: [Expression], order: [OrderItem], frame: WindowFrame?) {
    self.name = name
    self.partition = partition
    self.order = order
    self.frame = frame
  }
}

public struct WindowFrame: Sendable, Hashable {
  public enum Unit: String, Sendable, Hashable {
    case rows = "ROWS"
    case range = "RANGE"
  }
  public enum Bound: Sendable, Hashable {
    case unboundedPreceding
    case preceding(Expression)
    case currentRow
    case following(Expression)
    case unboundedFollowing
  }

  public var unit: Unit
  public var start: Bound
  public var end: Bound

  public init(unit: Unit, start: Bound, end: Bound) {
    self.unit = unit
    self.start = start
    self.end = end
  }
}

/// A type as written, not yet resolved: `DECIMAL(10, 2)`, `STRING`.
public struct TypeName: Sendable, Hashable {
  /// Upper case, words joined by one space.
  public var name: String
  public var arguments: [Int]
  public var span: SourceSpan

  public init(name: String, arguments: [Int], span: SourceSpan = .none) {
    self.name = name
    self.arguments = arguments
    self.span = span
  }
}
