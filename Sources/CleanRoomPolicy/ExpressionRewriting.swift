extension ResolvedExpression {
  /// Replaces the queries inside, at any depth of the expression.
  public func mapSubqueries(_ transform: (QueryBody) -> QueryBody) -> ResolvedExpression {
    guard !subqueries.isEmpty else { return self }
    guard case .subquery(let test) = self else { return mapChildren { $0.mapSubqueries(transform) } }
    switch test {
    case .scalar(let body, let type): return .subquery(.scalar(transform(body), type))
    case .exists(let body): return .subquery(.exists(transform(body)))
    case .contains(let operands, let body, let negated):
      return .subquery(.contains(operands.map { $0.mapSubqueries(transform) }, transform(body), negated: negated))
    }
  }

  /// The same expression with other parts; queries inside it stay as they are.
  public func mapChildren(_ transform: (ResolvedExpression) -> ResolvedExpression) -> ResolvedExpression {
    switch self {
    case .column, .literal, .aggregate, .subquery(.scalar), .subquery(.exists): self
    case .call(let function, let arguments, let type): .call(function, arguments.map(transform), type)
    case .compare(let comparison, let left, let right):
      .compare(comparison, transform(left), transform(right))
    case .arithmetic(let operation, let left, let right, let type):
      .arithmetic(operation, transform(left), transform(right), type)
    case .and(let parts): .and(parts.map(transform))
    case .or(let parts): .or(parts.map(transform))
    case .not(let operand): .not(transform(operand))
    case .isNull(let operand, let negated): .isNull(transform(operand), negated: negated)
    case .inList(let operand, let list, let negated):
      .inList(transform(operand), list.map(transform), negated: negated)
    case .like(let operand, let pattern, let escape, let negated):
      .like(transform(operand), pattern: transform(pattern), escape: escape, negated: negated)
    case .cast(let operand, let type): .cast(transform(operand), type)
    case .isBoolean(let operand, let value, let negated):
      .isBoolean(transform(operand), value: value, negated: negated)
    case .isDistinct(let left, let right, let negated):
      .isDistinct(transform(left), transform(right), negated: negated)
    case .caseWhen(let branches, let otherwise, let type):
      .caseWhen(
        branches.map { ResolvedBranch(condition: transform($0.condition), result: transform($0.result)) },
        otherwise: otherwise.map(transform), type)
    case .subquery(.contains(let operands, let body, let negated)):
      .subquery(.contains(operands.map(transform), body, negated: negated))
    case .aggregateCall(let call):
      .aggregateCall(
        AggregateCall(
          kind: call.kind, arguments: call.arguments.map(transform), isDistinct: call.isDistinct,
          filter: call.filter.map(transform), type: call.type))
    case .windowCall(let call):
      .windowCall(
        WindowCall(
          kind: call.kind, arguments: call.arguments.map(transform), partition: call.partition.map(transform),
          order: call.order.map {
            .init(expression: transform($0.expression), descending: $0.descending, nullsFirst: $0.nullsFirst)
          }, frame: call.frame, type: call.type))
    }
  }
}
