import CleanRoomSQL

/// WHERE: "`= > < <= >= <> != NOT IN NOT IN LIKE IS NULL IS NOT NULL`, AND, OR", and BETWEEN.
extension ReferencePolicy {
  func filterIsPermitted() -> Bool { select.filter.map(isCondition) ?? true }

  private func isCondition(_ expression: Expression) -> Bool {
    switch expression.node {
    case .and(let parts), .or(let parts): return parts.allSatisfy(isCondition)
    case .not(let inner): return isCondition(inner)
    case .compare(let comparison, let left, let right):
      return comparison != .nullSafeEqual && areComparable([left, right])
    case .between(let value, let low, let high, _): return areComparable([value, low, high])
    case .inList(let value, let list, _):
      return areComparable([value] + list) && list.allSatisfy { self.value($0, in: .filter)?.isConstant == true }
    case .isNull(let operand, _): return value(operand, in: .filter) != nil
    case .like(.like, let operand, let pattern, let escape, _):
      guard case .literal(.string(let text)) = pattern.node else { return false }
      return value(operand, in: .filter)?.sort == .text && Self.isPattern(text, escape)
    case .column, .literal, .negate, .arithmetic, .function, .cast, .extract:
      return value(expression, in: .filter)?.sort == .flag
    default: return false
    }
  }

  /// Values of one kind; a constant text is a date where it meets one and spells one.
  private func areComparable(_ expressions: [Expression]) -> Bool {
    let values = expressions.compactMap { value($0, in: .filter) }
    return values.count == expressions.count && Self.areComparable(values)
  }

  static func areComparable(_ values: [ReferenceValue]) -> Bool {
    let known = values.filter { $0.sort != .nothing }
    if known.allSatisfy(\.isNumber) { return true }
    if known.allSatisfy({ $0.sort == .text }) || known.allSatisfy({ $0.sort == .flag }) { return true }
    let hasMoment = known.contains { $0.sort == .moment }
    let firm = known.filter { $0.literal == nil }
    return !firm.isEmpty && firm.allSatisfy(\.isCalendar)
      && known.allSatisfy { value in
        guard let literal = value.literal else { return true }
        guard case .string(let text) = literal else { return false }
        return isDate(text) || (hasMoment && isMoment(text))
      }
  }

  /// The escape character stands before `%`, `_` or itself only.
  private static func isPattern(_ text: String, _ escape: Expression?) -> Bool {
    var mark: Character = "\\"
    if let escape {
      guard case .literal(.string(let written)) = escape.node, written.utf8.count == 1 else { return false }
      mark = written.first ?? mark
    }
    var rest = Array(text)[...]
    while let character = rest.popFirst() {
      guard character == mark else { continue }
      guard let escaped = rest.popFirst(), ["%", "_", mark].contains(escaped) else { return false }
    }
    return true
  }

  // MARK: Texts that spell dates

  static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { "0123456789".contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), year > 0, (1...12).contains(month)
    else { return false }
    let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...lengths[month - 1]).contains(day)
  }

  static func isMoment(_ text: String) -> Bool {
    guard text.count > 10 else { return isDate(text) }
    let time = text.dropFirst(11).split(separator: ":", omittingEmptySubsequences: false)
    guard isDate(String(text.prefix(10))), [" ", "T"].contains(text.dropFirst(10).first), time.count == 3,
      time[0].count == 2, time[1].count == 2, let hour = Int(time[0]), let minute = Int(time[1]),
      let second = Int(time[2].prefix(2)), (0..<24).contains(hour), (0..<60).contains(minute),
      (0..<60).contains(second)
    else { return false }
    return time[2].count == 2
  }
}
