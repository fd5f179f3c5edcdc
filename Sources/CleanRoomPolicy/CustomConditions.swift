import CleanRoomModel
import CleanRoomSQL

/// Conditions of a CUSTOM query.
extension CustomResolver {
  /// - Returns: a BOOLEAN; nil after giving the reasons.
  mutating func condition(_ expression: Expression) -> ResolvedExpression? {
    switch expression.node {
    case .and(let parts): return conditions(parts).map { .and($0.flatMap(\.conjuncts)) }
    case .or(let parts): return conditions(parts).map { .or($0) }
    case .not(let inner): return condition(inner).map { .not($0) }
    case .compare(let comparison, let left, let right):
      return compare(comparison, left, right, at: expression.span)
    case .between(let value, let low, let high, let negated):
      return between(value, low, high, negated, at: expression.span)
    case .inList(let value, let list, let negated): return inList(value, list, negated, at: expression.span)
    case .isNull(let inner, let negated): return value(inner).map { .isNull($0, negated: negated) }
    case .isBoolean(let inner, let truth, let negated):
      return condition(inner).map { .isBoolean($0, value: truth, negated: negated) }
    case .isDistinctFrom(let left, let right, let negated):
      note("IS DISTINCT FROM", at: expression.span)
      return distinct(left, right, negated: negated, at: expression.span)
    case .like(let operation, let value, let pattern, let escape, let negated):
      return like(operation, value, pattern, escape, negated, at: expression.span)
    case .exists(let query):
      note("EXISTS", at: expression.span)
      return subquery(query).map { .subquery(.exists($0.body)) }
    case .inSubquery(let value, let query, let negated):
      return contains(value, query, negated, at: expression.span)
    default: return booleanValue(expression)
    }
  }

  private mutating func conditions(_ parts: [Expression]) -> [ResolvedExpression]? {
    let resolved = parts.compactMap { condition($0) }
    return resolved.count == parts.count ? resolved : nil
  }

  /// A value that is a condition by itself; NULL is one too.
  private mutating func booleanValue(_ expression: Expression) -> ResolvedExpression? {
    guard let value = value(expression) else { return nil }
    if case .literal(.null) = value { return .literal(.null(.boolean)) }
    if value.type == .boolean {
      // A bare BOOLEAN says what `= TRUE` says.
      note(comparison: [value, .literal(.boolean(true))], at: expression.span)
      return value
    }
    refuse(.typeMismatch, ReasonText.needsCondition, at: expression.span)
    return nil
  }

  // MARK: Comparisons

  private mutating func compare(
    _ operation: ComparisonOperator, _ left: Expression, _ right: Expression, at span: SourceSpan
  ) -> ResolvedExpression? {
    if operation == .nullSafeEqual {
      note("<=>", at: span)
      return distinct(left, right, negated: true, at: span)
    }
    let operands = (value(left), value(right))
    guard let first = operands.0, let second = operands.1 else { return nil }
    return comparison(operation, first, second, at: span)
  }

  mutating func comparison(
    _ operation: ComparisonOperator, _ left: ResolvedExpression, _ right: ResolvedExpression, at span: SourceSpan
  ) -> ResolvedExpression? {
    guard let aligned = aligned([left, right], at: span) else { return nil }
    if operation == .equal || operation == .notEqual { checkKeyForms(left, right, at: span) }
    return .compare(operation, aligned[0], aligned[1])
  }

  /// Notes that the query compares the operands and brings them to one type.
  private mutating func aligned(_ operands: [ResolvedExpression], at span: SourceSpan) -> [ResolvedExpression]? {
    note(comparison: operands, at: span)
    if let aligned = SparkCoercion.align(operands) { return aligned }
    refuse(.typeMismatch, ReasonText.incomparable(operands), at: span)
    return nil
  }

  private mutating func distinct(_ left: Expression, _ right: Expression, negated: Bool, at span: SourceSpan)
    -> ResolvedExpression?
  {
    let operands = (value(left), value(right))
    guard let first = operands.0, let second = operands.1, let aligned = aligned([first, second], at: span) else {
      return nil
    }
    checkKeyForms(first, second, at: span)
    return .isDistinct(aligned[0], aligned[1], negated: negated)
  }

  private mutating func between(
    _ subject: Expression, _ low: Expression, _ high: Expression, _ negated: Bool, at span: SourceSpan
  ) -> ResolvedExpression? {
    let operands = [subject, low, high].compactMap { value($0) }
    guard operands.count == 3 else { return nil }
    guard operands[0].fits(ResolvedExpression.longestRepeated) else {
      refuse(.limitExceeded, ReasonText.repeated("BETWEEN"), at: span)
      return nil
    }
    // Spark compares with each bound by itself.
    guard mayRepeat(operands[0], at: span), let below = aligned([operands[0], operands[1]], at: span),
      let above = aligned([operands[0], operands[2]], at: span)
    else { return nil }
    let within = ResolvedExpression.and([
      .compare(.greaterOrEqual, below[0], below[1]), .compare(.lessOrEqual, above[0], above[1]),
    ])
    return negated ? .not(within) : within
  }

  private mutating func inList(
    _ subject: Expression, _ list: [Expression], _ negated: Bool, at span: SourceSpan
  ) -> ResolvedExpression? {
    let operands = ([subject] + list).compactMap { value($0) }
    guard operands.count == list.count + 1, let aligned = aligned(operands, at: span) else { return nil }
    return .inList(aligned[0], Array(aligned.dropFirst()), negated: negated)
  }

  // MARK: Patterns

  private mutating func like(
    _ operation: PatternOperator, _ subject: Expression, _ pattern: Expression, _ escape: Expression?,
    _ negated: Bool, at span: SourceSpan
  ) -> ResolvedExpression? {
    guard let operand = value(subject), let constant = patternText(pattern) else { return nil }
    note(comparison: [operand, .literal(.string(constant))], at: span)
    switch operation {
    case .like, .ilike: return like(operation, operand, constant, escape, negated, at: pattern.span)
    case .rlike:
      let result = call("rlike", [operand, .literal(.string(constant))], modifier: nil, at: span)
      return negated ? result.map { .not($0) } : result
    case .similarTo:
      unavailable("SIMILAR TO", at: span)
      return nil
    }
  }

  private mutating func patternText(_ pattern: Expression) -> String? {
    switch pattern.node {
    case .literal(.string), .parameter:
      if case .literal(.string(let text)) = value(pattern) { return text }
    default: break
    }
    refuse(.typeMismatch, ReasonText.constantPattern, at: pattern.span)
    return nil
  }

  private mutating func like(
    _ operation: PatternOperator, _ operand: ResolvedExpression, _ text: String, _ escape: Expression?,
    _ negated: Bool, at span: SourceSpan
  ) -> ResolvedExpression? {
    guard let pattern = LikePattern(Expression(.literal(.string(text))), escape: escape) else {
      refuse(.typeMismatch, ReasonText.badPattern, at: span)
      return nil
    }
    guard operand.type == .string else {
      refuse(.typeMismatch, ReasonText.likeType(operand.type), at: span)
      return nil
    }
    if operation == .like {
      return .like(operand, pattern: .literal(.string(pattern.pattern)), escape: pattern.escape, negated: negated)
    }
    // Spark compares LOWER of both; the constant's LOWER is known here for ASCII only.
    guard pattern.pattern.utf8.allSatisfy({ $0 < 0x80 }),
      pattern.escape.lowercased() == pattern.escape,
      let lower = call("lower", [operand], modifier: nil, at: span)
    else {
      unavailable("ILIKE with a pattern beyond ASCII", at: span)
      return nil
    }
    return .like(
      lower, pattern: .literal(.string(pattern.pattern.lowercased())), escape: pattern.escape, negated: negated)
  }
}

extension ResolvedExpression {
  /// Written as a condition, not a value that serves as one.
  var isCondition: Bool {
    switch self {
    case .compare, .and, .or, .not, .isNull, .inList, .like, .isBoolean, .isDistinct, .subquery(.exists),
      .subquery(.contains):
      true
    default: false
    }
  }

  /// Conditions that must all hold for this one to hold.
  public var conjuncts: [ResolvedExpression] {
    if case .and(let parts) = self { return parts.flatMap(\.conjuncts) }
    return [self]
  }
}
