import CleanRoomModel
import CleanRoomSQL

/// WHERE: comparisons of permitted columns, functions and constants, combined by AND, OR and NOT.
extension QueryChecker {
  /// - Returns: conditions that must all hold; nil after giving the reasons.
  mutating func filter(of select: Select) -> [ResolvedExpression]? {
    guard let filter = select.filter else { return [] }
    guard case .and(let parts) = filter.node else { return condition(filter).map { [$0] } }
    return conditions(parts)
  }

  private mutating func conditions(_ parts: [Expression]) -> [ResolvedExpression]? {
    let resolved = parts.map { condition($0) }
    let known = resolved.compactMap { $0 }
    return known.count == parts.count ? known : nil
  }

  private mutating func condition(_ expression: Expression) -> ResolvedExpression? {
    switch expression.node {
    case .and(let parts): return conditions(parts).map { .and($0) }
    case .or(let parts): return conditions(parts).map { .or($0) }
    case .not(let inner): return condition(inner).map { .not($0) }
    case .compare(let comparison, let left, let right):
      return compare(comparison, left, right, at: expression.span)
    case .between(let value, let low, let high, let negated):
      return between(value, low, high, negated, at: expression.span)
    case .inList(let value, let list, let negated): return inList(value, list, negated, at: expression.span)
    case .isNull(let value, let negated):
      return operand(value, in: .filter).map { .isNull($0, negated: negated) }
    case .like(let operation, let value, let pattern, let escape, let negated):
      return like(operation, value, pattern, escape, negated, at: expression.span)
    case .isBoolean, .isDistinctFrom, .inSubquery, .exists, .star, .parameter, .caseWhen, .subquery,
      .interval, .row:
      refuse(.unsupportedConstruct, ReasonText.notAccepted(expression.node.construct), at: expression.span)
      return nil
    case .column, .literal, .negate, .arithmetic, .function, .cast, .extract:
      return booleanValue(expression)
    }
  }

  /// A value that is a condition by itself.
  private mutating func booleanValue(_ expression: Expression) -> ResolvedExpression? {
    guard let value = operand(expression, in: .filter) else { return nil }
    if value.type == .boolean { return value }
    refuse(.typeMismatch, ReasonText.notACondition, at: expression.span)
    return nil
  }

  private mutating func compare(
    _ comparison: ComparisonOperator, _ left: Expression, _ right: Expression, at span: SourceSpan
  ) -> ResolvedExpression? {
    let operands = [operand(left, in: .filter), operand(right, in: .filter)].compactMap { $0 }
    guard comparison != .nullSafeEqual else {
      refuse(.unsupportedConstruct, ReasonText.notAccepted("<=>"), at: span)
      return nil
    }
    guard operands.count == 2 else { return nil }
    if let aligned = Coercion.align(operands) { return .compare(comparison, aligned[0], aligned[1]) }
    refuse(.typeMismatch, ReasonText.incomparable(operands), at: span)
    return nil
  }

  private mutating func between(
    _ value: Expression, _ low: Expression, _ high: Expression, _ negated: Bool, at span: SourceSpan
  ) -> ResolvedExpression? {
    let operands = [value, low, high].map { operand($0, in: .filter) }.compactMap { $0 }
    guard operands.count == 3 else { return nil }
    guard let aligned = Coercion.align(operands) else {
      refuse(.typeMismatch, ReasonText.incomparable(operands), at: span)
      return nil
    }
    let within = ResolvedExpression.and([
      .compare(.greaterOrEqual, aligned[0], aligned[1]), .compare(.lessOrEqual, aligned[0], aligned[2]),
    ])
    return negated ? .not(within) : within
  }

  private mutating func inList(
    _ value: Expression, _ list: [Expression], _ negated: Bool, at span: SourceSpan
  )
    -> ResolvedExpression?
  {
    let operand = operand(value, in: .filter)
    let elements = list.map { element($0) }.compactMap { $0 }
    guard let operand, elements.count == list.count else { return nil }
    guard let aligned = Coercion.align([operand] + elements) else {
      refuse(.typeMismatch, ReasonText.incomparable([operand] + elements), at: span)
      return nil
    }
    return .inList(aligned[0], Array(aligned.dropFirst()), negated: negated)
  }

  private mutating func element(_ expression: Expression) -> ResolvedExpression? {
    guard let value = operand(expression, in: .filter) else { return nil }
    if case .literal = value { return value }
    refuse(.unsupportedConstruct, ReasonText.listOfConstants, at: expression.span)
    return nil
  }

  private mutating func like(
    _ operation: PatternOperator, _ value: Expression, _ pattern: Expression, _ escape: Expression?,
    _ negated: Bool,
    at span: SourceSpan
  ) -> ResolvedExpression? {
    let operand = operand(value, in: .filter)
    guard operation == .like else {
      refuse(.unsupportedConstruct, ReasonText.notAccepted(operation.rawValue), at: span)
      return nil
    }
    guard let text = LikePattern(pattern, escape: escape) else {
      refuse(.typeMismatch, ReasonText.badPattern, at: pattern.span)
      return nil
    }
    guard let operand else { return nil }
    guard operand.type == .string else {
      refuse(.typeMismatch, ReasonText.likeType(operand.type), at: value.span)
      return nil
    }
    return .like(operand, pattern: .literal(.string(text.pattern)), escape: text.escape, negated: negated)
  }
}

/// A constant pattern in which every escape character escapes `%`, `_` or itself, as Spark demands.
struct LikePattern {
  let pattern: String
  let escape: String

  init?(_ expression: Expression, escape: Expression?) {
    guard case .literal(.string(let pattern)) = expression.node else { return nil }
    var mark: UInt8 = UInt8(ascii: "\\")
    if let escape {
      guard case .literal(.string(let text)) = escape.node, text.utf8.count == 1, let byte = text.utf8.first
      else {
        return nil
      }
      mark = byte
    }
    var isEscaped = false
    for byte in pattern.utf8 {
      if isEscaped {
        guard byte == mark || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "_") else { return nil }
        isEscaped = false
      } else {
        isEscaped = byte == mark
      }
    }
    guard !isEscaped else { return nil }
    self.pattern = pattern
    self.escape = String(decoding: [mark], as: UTF8.self)
  }
}
