/// A whole query: one SELECT, or several combined, with what surrounds them.
public struct Query: Sendable, Hashable {
  public var with: [CommonTableExpression]
  public var isRecursive: Bool
  public var body: SetExpression
  public var order: [OrderItem]
  public var limit: Expression?
  public var offset: Expression?
  public var span: SourceSpan

  public init(
    with: [CommonTableExpression] = [], isRecursive: Bool = false, body: SetExpression,
    order: [OrderItem] = [],
    limit: Expression? = nil, offset: Expression? = nil, span: SourceSpan = .none
  ) {
    self.with = with
    self.isRecursive = isRecursive
    self.body = body
    self.order = order
    self.limit = limit
    self.offset = offset
    self.span = span
  }
}

public struct CommonTableExpression: Sendable, Hashable {
  public var name: Identifier
  public var columns: [Identifier]
  public var query: Query

  public init(name: Identifier, columns: [Identifier], query: Query) {
    self.name = name
    self.columns = columns
    self.query = query
  }
}

public indirect enum SetExpression: Sendable, Hashable {
  case select(Select)
  /// A parenthesized query with clauses of its own.
  case nested(Query)
  case values([[Expression]], SourceSpan)
  case operation(SetOperator, all: Bool, SetExpression, SetExpression, SourceSpan)
}

public enum SetOperator: String, Sendable, Hashable {
  case union = "UNION"
  case intersect = "INTERSECT"
  /// MINUS is read as EXCEPT.
  case except = "EXCEPT"
}

public struct Select: Sendable, Hashable {
  public var isDistinct: Bool
  public var items: [SelectItem]
  /// Comma-separated FROM items; each carries its own joins.
  public var from: [TableExpression]
  public var filter: Expression?
  public var grouping: [GroupingElement]
  public var having: Expression?
  public var qualify: Expression?
  public var windows: [NamedWindow]
  public var span: SourceSpan

  public init(
    isDistinct: Bool, items: [SelectItem], from: [TableExpression], filter: Expression? = nil,
    grouping: [GroupingElement] = [], having: Expression? = nil, qualify: Expression? = nil,
    windows: [NamedWindow] = [], span: SourceSpan = .none
  ) {
    self.isDistinct = isDistinct
    self.items = items
    self.from = from
    self.filter = filter
    self.grouping = grouping
    self.having = having
    self.qualify = qualify
    self.windows = windows
    self.span = span
  }
}

public struct NamedWindow: Sendable, Hashable {
  public var name: Identifier
  public var specification: WindowSpecification

  public init(name: Identifier, specification: WindowSpecification) {
    self.name = name
    self.specification = specification
  }
}

public struct SelectItem: Sendable, Hashable {
  public var expression: Expression
  public var alias: Identifier?

  public init(expression: Expression, alias: Identifier?) {
    self.expression = expression
    self.alias = alias
  }
}

public indirect enum TableExpression: Sendable, Hashable {
  case table(TableName)
  case derived(Query, alias: Identifier?, columns: [Identifier], SourceSpan)
  case join(Join)
}

public struct TableName: Sendable, Hashable {
  /// One part normally; `a.b` gives two.
  public var parts: [Identifier]
  public var alias: Identifier?
  public var span: SourceSpan

  public init(parts: [Identifier], alias: Identifier?, span: SourceSpan = .none) {
    self.parts = parts
    self.alias = alias
    self.span = span
  }
}

public struct Join: Sendable, Hashable {
  public var kind: JoinKind
  public var isNatural: Bool
  public var left: TableExpression
  public var right: TableExpression
  public var condition: JoinConstraint
  public var span: SourceSpan

  public init(
    kind: JoinKind, isNatural: Bool, left: TableExpression, right: TableExpression, condition: JoinConstraint,
    span: SourceSpan = .none
  ) {
    self.kind = kind
    self.isNatural = isNatural
    self.left = left
    self.right = right
    self.condition = condition
    self.span = span
  }
}

public enum JoinKind: String, Sendable, Hashable {
  case inner = "INNER"
  case left = "LEFT"
  case right = "RIGHT"
  case full = "FULL"
  case cross = "CROSS"
  case leftSemi = "LEFT SEMI"
  case leftAnti = "LEFT ANTI"
}

public enum JoinConstraint: Sendable, Hashable {
  case none
  case on(Expression)
  case using([Identifier])
}

public enum GroupingElement: Sendable, Hashable {
  case expression(Expression)
  case rollup([Expression], SourceSpan)
  case cube([Expression], SourceSpan)
  case groupingSets([[Expression]], SourceSpan)
}

public struct OrderItem: Sendable, Hashable {
  public var expression: Expression
  public var descending: Bool
  /// Nil when not written; Spark then puts NULLs first ascending and last descending.
  public var nullsFirst: Bool?

  public init(expression: Expression, descending: Bool, nullsFirst: Bool?) {
    self.expression = expression
    self.descending = descending
    self.nullsFirst = nullsFirst
  }
}
