import CleanRoomModel
import CleanRoomSQL

/// Values of a CUSTOM query.
extension CustomResolver {
  /// - Returns: nil after giving the reasons.
  mutating func value(_ expression: Expression) -> ResolvedExpression? {
    switch expression.node {
    case .column(let qualifier, let name): return column(qualifier, name, at: expression.span)
    case .literal(let literal): return constant(literal, isNegative: false, at: expression.span)
    case .parameter(let name): return parameter(name, at: expression.span)
    case .negate(let inner): return negated(inner, at: expression.span)
    case .arithmetic(let operation, let left, let right):
      return arithmetic(operation, left, right, at: expression.span)
    case .function(let call): return function(call, at: expression.span)
    case .cast(let inner, let type, let isTry):
      return value(inner).flatMap {
        settled(SparkCast.resolve($0, to: type, isTry: isTry), "CAST", at: expression.span)
      }
    case .extract(let field, let inner):
      note("EXTRACT", at: expression.span)
      return value(inner).flatMap {
        call("extract", [.literal(.string(field.name)), $0], modifier: nil, at: expression.span)
      }
    case .caseWhen(let operand, let branches, let otherwise):
      return caseWhen(operand, branches, otherwise, at: expression.span)
    case .subquery(let query): return scalar(query, at: expression.span)
    case .and, .or, .not, .compare, .isNull, .isBoolean, .isDistinctFrom, .between, .inList, .inSubquery,
      .exists, .like:
      return condition(expression)
    case .star: refuse(.unsupportedConstruct, ReasonText.misplacedStar, at: expression.span)
    case .interval: unavailable("INTERVAL other than added to a date or timestamp", at: expression.span)
    case .row: unavailable("A row of values outside IN", at: expression.span)
    }
    return nil
  }

  private mutating func constant(_ literal: Literal, isNegative: Bool, at span: SourceSpan) -> ResolvedExpression? {
    if let value = LiteralReader.read(literal, isNegative: isNegative) { return .literal(value) }
    refuse(.typeMismatch, ReasonText.badLiteral(literal), at: span)
    return nil
  }

  /// `:name` of a template.
  private mutating func parameter(_ name: String, at span: SourceSpan) -> ResolvedExpression? {
    guard case .template = context.analysis else {
      refuse(.unsupportedConstruct, ReasonText.parameterOutsideTemplate(name), at: span)
      return nil
    }
    guard let parameter = context.parameters.first(where: { $0.name.lowercased() == name.lowercased() }) else {
      refuse(.unsupportedConstruct, ReasonText.unknownParameter(name), at: span)
      return nil
    }
    switch ParameterReader.read(parameter) {
    case .value(let literal): return .literal(literal)
    case .missing: refuse(.typeMismatch, ReasonText.missingParameter(name), at: span)
    case .wrong: refuse(.typeMismatch, ReasonText.wrongParameter(name, parameter.type), at: span)
    case .unavailable: unavailable("Parameter type \(parameter.type)", at: span)
    }
    return nil
  }

  // MARK: Columns

  private mutating func column(_ qualifier: Identifier?, _ name: Identifier, at span: SourceSpan)
    -> ResolvedExpression?
  {
    if qualifier == nil, let found = place.aliases[name.name.lowercased()], !place.isInsideAggregate {
      if let only = found.first, found.dropFirst().allSatisfy({ $0 == only }) {
        return mayRepeat(only, at: span) ? only : nil
      }
      refuse(.ambiguousName, ReasonText.ambiguousAlias(name.name), at: span)
      return nil
    }
    for scope in scopes.reversed() {
      if let qualifier, !scope.has(qualifier) { continue }
      let found = scope.columns(named: name, of: qualifier)
      if found.count == 1 { return found[0].expression }
      if !found.isEmpty {
        refuse(
          .ambiguousName, ReasonText.ambiguousColumn(name.name, found.compactMap(\.qualifier)), at: span)
        return nil
      }
      if qualifier != nil { break }
    }
    refuseColumn(qualifier, name, at: span)
    return nil
  }

  /// Withheld and unknown columns give the same reason: neither is in any published table.
  private mutating func refuseColumn(_ qualifier: Identifier?, _ name: Identifier, at span: SourceSpan) {
    if let qualifier, !scopes.contains(where: { $0.has(qualifier) }) {
      refuse(.unknownTable, ReasonText.unknownQualifier(qualifier.name), at: qualifier.span)
    } else {
      refuse(.unknownColumn, ReasonText.unknownColumn(name.name, place.clause), at: span)
    }
  }

  // MARK: Arithmetic

  @inline(never)
  private mutating func negated(_ inner: Expression, at span: SourceSpan) -> ResolvedExpression? {
    if case .literal(let literal) = inner.node {
      switch literal {
      case .integer, .decimal, .double: return constant(literal, isNegative: true, at: span)
      default: break
      }
    }
    return value(inner).flatMap { settled(SparkOperator.negated($0), "-", at: span) }
  }

  @inline(never)
  private mutating func arithmetic(
    _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression, at span: SourceSpan
  ) -> ResolvedExpression? {
    if case .interval(let amount, let unit) = right.node, operation == .add || operation == .subtract {
      return step(left, by: amount, unit, isNegative: operation == .subtract, at: span)
    }
    if case .interval(let amount, let unit) = left.node, operation == .add {
      return step(right, by: amount, unit, isNegative: false, at: span)
    }
    let operands = (value(left), value(right))
    guard let first = operands.0, let second = operands.1 else { return nil }
    return settled(SparkOperator.arithmetic(operation, first, second), operation.rawValue, at: span)
  }

  @inline(never)
  private mutating func step(
    _ moment: Expression, by amount: Expression, _ unit: String?, isNegative: Bool, at span: SourceSpan
  ) -> ResolvedExpression? {
    guard let moment = value(moment) else { return nil }
    guard let interval = IntervalReader.read(amount, unit: unit) else {
      refuse(.typeMismatch, ReasonText.badInterval, at: amount.span)
      return nil
    }
    return settled(SparkOperator.step(moment, by: interval, isNegative: isNegative), "INTERVAL", at: span)
  }

  // MARK: CASE

  @inline(never)
  private mutating func caseWhen(
    _ operand: Expression?, _ branches: [CaseBranch], _ otherwise: Expression?, at span: SourceSpan
  ) -> ResolvedExpression? {
    note("CASE", at: span)
    let subject = operand.flatMap { value($0) }
    if operand != nil && subject == nil { return nil }
    if let subject, !subject.fits(ResolvedExpression.longestRepeated) {
      refuse(.limitExceeded, ReasonText.repeated("CASE"), at: span)
      return nil
    }
    var conditions: [ResolvedExpression] = []
    var results: [ResolvedExpression] = []
    for branch in branches {
      let condition = subject.map { equality(of: $0, branch.condition) } ?? self.condition(branch.condition)
      guard let condition, let result = value(branch.result) else { return nil }
      conditions.append(condition)
      results.append(result)
    }
    if let otherwise {
      guard let result = value(otherwise) else { return nil }
      results.append(result)
    }
    guard let aligned = SparkCoercion.unify(results) else {
      refuse(.typeMismatch, ReasonText.incomparable(results), at: span)
      return nil
    }
    let resolved = zip(conditions, aligned).map { ResolvedBranch(condition: $0, result: $1) }
    return .caseWhen(resolved, otherwise: otherwise == nil ? nil : aligned[aligned.count - 1], aligned[0].type)
  }

  /// `CASE subject WHEN value`.
  private mutating func equality(of subject: ResolvedExpression, _ expression: Expression) -> ResolvedExpression? {
    guard mayRepeat(subject, at: expression.span), let other = value(expression) else { return nil }
    return comparison(.equal, subject, other, at: expression.span)
  }

  // MARK: Outcomes

  mutating func settled(_ result: FunctionResult, _ name: String, at span: SourceSpan) -> ResolvedExpression? {
    switch result {
    case .resolved(let expression): return expression
    case .mismatch: refuse(.typeMismatch, ReasonText.argumentTypes(name), at: span)
    case .unavailable(let what): refuse(.functionNotAllowed, ReasonText.unavailable(what), at: span)
    }
    return nil
  }
}
