import CleanRoomModel
import CleanRoomSQL

/// Aggregates: those that a rule lists, each over one bare column.
extension QueryChecker {
  static func aggregateName(_ expression: Expression) -> AggregateName? {
    guard case .function(let call) = expression.node else { return nil }
    return AggregateName(call.name.name)
  }

  /// - Parameter expression: one for which `aggregateName` is known.
  mutating func aggregate(_ expression: Expression, in clause: Clause) -> ResolvedExpression? {
    guard case .function(let call) = expression.node, let name = AggregateName(call.name.name) else {
      return nil
    }
    let isPlain = checkPlain(call, at: expression.span)
    guard let function = function(name, call, at: expression.span) else { return nil }
    guard let argument = argument(of: call, at: expression.span) else { return nil }
    guard let column = column(argument.qualifier, argument.name, in: clause, at: argument.span),
      isGranted(function, column, at: expression.span), isPlain
    else { return nil }
    guard let result = function.result(of: column.published.type) else {
      refuse(.typeMismatch, ReasonText.aggregateType(function, column.published), at: argument.span)
      return nil
    }
    return .aggregate(function, column.reference, argument: column.published.type, result: result)
  }

  private mutating func checkPlain(_ call: FunctionCall, at span: SourceSpan) -> Bool {
    if call.isBare { return true }
    let extras: [(Bool, String)] = [
      (call.filter != nil, "FILTER"), (!call.ordering.isEmpty, "ORDER BY inside an aggregate"),
      (call.window != nil, "A window function"), (call.modifier != nil, "A keyword inside an aggregate"),
    ].filter(\.0)
    for (_, name) in extras { refuse(.unsupportedConstruct, ReasonText.notAccepted(name), at: span) }
    return extras.isEmpty
  }

  private mutating func function(_ name: AggregateName, _ call: FunctionCall, at span: SourceSpan)
    -> AggregateFunction?
  {
    switch name {
    case .count: return call.isDistinct ? .countDistinct : .count
    case .sum: return call.isDistinct ? .sumDistinct : .sum
    case .avg where !call.isDistinct: return .avg
    case .avg, .other:
      let written = call.name.name.uppercased() + (call.isDistinct ? "(DISTINCT …)" : "")
      refuse(.aggregateNotAllowed, ReasonText.unknownAggregate(written), at: span)
      return nil
    }
  }

  private mutating func argument(of call: FunctionCall, at span: SourceSpan)
    -> (qualifier: Identifier?, name: Identifier, span: SourceSpan)?
  {
    if call.arguments.count == 1, case .column(let qualifier, let name) = call.arguments[0].node {
      return (qualifier, name, call.arguments[0].span)
    }
    refuse(
      .aggregateNotAllowed, ReasonText.bareColumn(call.name.name), at: call.arguments.first?.span ?? span)
    return nil
  }

  private mutating func isGranted(_ function: AggregateFunction, _ column: BoundColumn, at span: SourceSpan)
    -> Bool
  {
    let table = scope.tables[column.reference.table]
    guard let grants = table.grants else { return false }
    if grants.grants(function, of: column.reference.name) { return true }
    let granted = grants.functions(of: column.reference.name)
    refuse(
      .aggregateNotAllowed, ReasonText.aggregate(function, column.reference.name, table, granted), at: span)
    return false
  }
}

extension FunctionCall {
  /// Nothing but arguments, and perhaps DISTINCT.
  var isBare: Bool { filter == nil && ordering.isEmpty && window == nil && modifier == nil }
}

extension AggregateFunction {
  /// As in Spark; nil for types that do not add up.
  func result(of type: ColumnType) -> ColumnType? {
    switch (self, type) {
    case (.count, _), (.countDistinct, _): .bigint
    case (.sum, .decimal(let precision, let scale)), (.sumDistinct, .decimal(let precision, let scale)):
      .decimal(precision: min(precision + 10, 38), scale: scale)
    case (.avg, .decimal(let precision, let scale)):
      .decimal(precision: min(precision + 4, 38), scale: min(scale + 4, 38))
    case (.sum, _) where type.isInteger, (.sumDistinct, _) where type.isInteger: .bigint
    default: type.isNumeric ? .double : nil
    }
  }
}
