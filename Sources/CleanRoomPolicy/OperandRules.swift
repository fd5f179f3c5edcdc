import CleanRoomModel
import CleanRoomSQL

/// Values: what may stand in SELECT, GROUP BY and ORDER BY, and beside an operator in WHERE.
extension QueryChecker {
  /// - Returns: nil after giving the reasons.
  mutating func operand(_ expression: Expression, in clause: Clause) -> ResolvedExpression? {
    switch expression.node {
    case .column(let qualifier, let name):
      return dimension(qualifier, name, in: clause, at: expression.span)?.expression
    case .literal(let literal): return constant(literal, isNegative: false, at: expression.span)
    case .negate(let inner): return negated(inner, in: clause, at: expression.span)
    case .arithmetic(let operation, let left, let right):
      return arithmetic(operation, left, right, in: clause, at: expression.span)
    case .function(let call): return function(call, in: clause, at: expression.span)
    case .cast(let inner, let type, let isTry):
      return cast(inner, type, isTry: isTry, in: clause, at: expression.span)
    case .extract(let field, let inner): return extract(field, inner, in: clause, at: expression.span)
    case .star:
      refuse(.columnNotAllowed, ReasonText.star, at: expression.span)
    case .and, .or, .not, .compare, .isNull, .isBoolean, .isDistinctFrom, .between, .inList, .like:
      refuse(.unsupportedConstruct, ReasonText.conditionAsValue(clause), at: expression.span)
    case .parameter, .inSubquery, .exists, .caseWhen, .subquery, .interval, .row:
      refuse(.unsupportedConstruct, ReasonText.notAccepted(expression.node.construct), at: expression.span)
    }
    return nil
  }

  mutating func constant(_ literal: Literal, isNegative: Bool, at span: SourceSpan) -> ResolvedExpression? {
    if let value = LiteralReader.read(literal, isNegative: isNegative) { return .literal(value) }
    refuse(.typeMismatch, ReasonText.badLiteral(literal), at: span)
    return nil
  }

  private mutating func negated(_ inner: Expression, in clause: Clause, at span: SourceSpan)
    -> ResolvedExpression?
  {
    if case .literal(let literal) = inner.node { return constant(literal, isNegative: true, at: span) }
    return arithmetic(.subtract, Expression(.literal(.integer("0")), span: span), inner, in: clause, at: span)
  }

  // MARK: Arithmetic

  private mutating func arithmetic(
    _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression, in clause: Clause,
    at span: SourceSpan
  ) -> ResolvedExpression? {
    let operands = (operand(left, in: clause), operand(right, in: clause))
    guard clause == .filter else {
      refuse(.unsupportedConstruct, ReasonText.arithmetic(clause), at: span)
      return nil
    }
    guard [.add, .subtract, .multiply].contains(operation) else {
      refuse(.unsupportedConstruct, ReasonText.operation(operation), at: span)
      return nil
    }
    guard let first = operands.0, let second = operands.1 else { return nil }
    if let result = Arithmetic.resolve(operation, first, second) { return result }
    refuse(.typeMismatch, ReasonText.arithmeticTypes(operation, first.type, second.type), at: span)
    return nil
  }

  // MARK: Functions

  private mutating func function(_ call: FunctionCall, in clause: Clause, at span: SourceSpan)
    -> ResolvedExpression?
  {
    guard AggregateName(call.name.name) == nil else {
      hasAggregate = true
      refuse(.aggregateNotAllowed, ReasonText.aggregatePlace(call.name.name, clause), at: span)
      return nil
    }
    guard let known = KnownFunction(call.name.name) else {
      refuse(.functionNotAllowed, ReasonText.unknownFunction(call.name.name), at: span)
      return nil
    }
    guard isPlain(call, at: span) else { return nil }
    if known == .dateAdd, call.arguments.count == 3 {
      return dateAdd(call.arguments, in: clause, at: span)
    }
    let arguments = call.arguments.map { argument($0, of: known, in: clause) }
    return granted(known, arguments.compactMap { $0 }, count: arguments.count, at: span) { arguments, now in
      known.resolve(arguments, modifier: call.modifier, now: now)
    }
  }

  /// `DATEADD(unit, number, value)`: the unit is a word, not a column.
  private mutating func dateAdd(_ arguments: [Expression], in clause: Clause, at span: SourceSpan)
    -> ResolvedExpression?
  {
    let rest = arguments.dropFirst().map { argument($0, of: .dateAdd, in: clause) }
    guard case .column(nil, let unit) = arguments[0].node else {
      refuse(.typeMismatch, ReasonText.arguments(.dateAdd), at: arguments[0].span)
      return nil
    }
    return granted(.dateAdd, rest.compactMap { $0 }, count: 2, at: span) { arguments, _ in
      KnownFunction.dateAdd(unit: unit.name, arguments)
    }
  }

  private mutating func cast(
    _ inner: Expression, _ type: TypeName, isTry: Bool, in clause: Clause, at span: SourceSpan
  ) -> ResolvedExpression? {
    let value = argument(inner, of: .cast, in: clause)
    return granted(.cast, [value].compactMap { $0 }, count: 1, at: span) { arguments, _ in
      CastRules.resolve(arguments[0], to: type)
    }
  }

  private mutating func extract(
    _ field: Identifier, _ inner: Expression, in clause: Clause, at span: SourceSpan
  )
    -> ResolvedExpression?
  {
    let known = KnownFunction.extract(field: field.name)
    let value = argument(inner, of: known, in: clause)
    return granted(known, [value].compactMap { $0 }, count: 1, at: span) { arguments, _ in
      KnownFunction.extract(field: field.name, from: arguments[0])
    }
  }

  /// Functions take columns and constants; they do not nest.
  private mutating func argument(_ expression: Expression, of function: KnownFunction, in clause: Clause)
    -> ResolvedExpression?
  {
    switch expression.node {
    case .column, .literal: return operand(expression, in: clause)
    case .negate(let inner):
      if case .literal(let literal) = inner.node {
        return constant(literal, isNegative: true, at: expression.span)
      }
    default: hasAggregate = hasAggregate || Self.aggregateName(expression) != nil
    }
    refuse(.functionNotAllowed, ReasonText.nested(function), at: expression.span)
    return nil
  }

  private mutating func isPlain(_ call: FunctionCall, at span: SourceSpan) -> Bool {
    if call.isBare, !call.isDistinct { return true }
    let extras: [(Bool, String)] = [
      (call.isDistinct, "DISTINCT in a scalar function"), (call.filter != nil, "FILTER"),
      (!call.ordering.isEmpty, "ORDER BY in a function"), (call.window != nil, "A window function"),
    ].filter(\.0)
    for (_, name) in extras { refuse(.unsupportedConstruct, ReasonText.notAccepted(name), at: span) }
    return extras.isEmpty
  }

  /// Asks the rule of every table whose columns go into the function, then settles its type.
  private mutating func granted(
    _ function: KnownFunction, _ arguments: [ResolvedExpression], count: Int, at span: SourceSpan,
    _ resolve: ([ResolvedExpression], Timestamp) -> FunctionResult
  ) -> ResolvedExpression? {
    let tables = Self.tables(of: arguments)
    let isGranted =
      tables.isEmpty ? grantsConstant(function, at: span) : tables.allSatisfy { grants(function, $0, span) }
    guard isGranted, arguments.count == count else { return nil }
    switch resolve(arguments, context.now) {
    case .resolved(let expression): return expression
    case .mismatch: refuse(.typeMismatch, ReasonText.arguments(function), at: span)
    case .unavailable(let what): refuse(.functionNotAllowed, ReasonText.unavailableFunction(what), at: span)
    }
    return nil
  }

  /// Each once, in FROM order.
  private static func tables(of arguments: [ResolvedExpression]) -> [Int] {
    var tables: SmallSet<Int> = []
    for argument in arguments { argument.addTables(to: &tables) }
    return tables.elements.sorted()
  }

  private mutating func grants(_ function: KnownFunction, _ index: Int, _ span: SourceSpan) -> Bool {
    let table = scope.tables[index]
    guard let grants = table.grants else { return false }
    let names = function.grantedBy.filter(grants.scalarFunctions.contains)
    if names.contains(where: { !KnownFunction.extensionNames.contains($0) }) { return true }
    if context.extended && !names.isEmpty {
      extensions.insert(.yearAndMonthFunctions)
      return true
    }
    let listed = Set(
      grants.scalarFunctions.filter { context.extended || !KnownFunction.extensionNames.contains($0) })
    refuse(.functionNotAllowed, ReasonText.functionNotGranted(function, table, listed), at: span)
    return false
  }

  /// A function of constants shows nobody's data; one table's rule that lists it is enough.
  private mutating func grantsConstant(_ function: KnownFunction, at span: SourceSpan) -> Bool {
    let granting = scope.tables.indices.first { index in
      let names = function.grantedBy.filter { context.extended || !KnownFunction.extensionNames.contains($0) }
      return scope.tables[index].grants.map { grants in names.contains(where: grants.scalarFunctions.contains)
      } ?? false
    }
    if let granting { return grants(function, granting, span) }
    refuse(.functionNotAllowed, ReasonText.constantFunction(function), at: span)
    return false
  }
}
