import CleanRoomModel
import CleanRoomSQL

/// "ON: only equalities `column = column`, each side from a different table, both joinColumns of their own tables;
/// combined by AND/OR as each table's allowedJoinOperators permits."
extension ReferencePolicy {
  mutating func isSound(_ join: Join) -> Bool {
    guard join.kind == .inner, !join.isNatural else { return false }
    switch join.condition {
    case .none: return false
    case .on(let condition): return isSound(condition) && ties(condition)
    case .using(let names): return isSound(using: names)
    }
  }

  private mutating func isSound(_ condition: Expression) -> Bool {
    switch condition.node {
    case .and(let parts): return combines(parts, .and)
    case .or(let parts): return combines(parts, .or)
    default:
      guard let (left, right) = columns(of: condition) else { return false }
      return isSound(left, right)
    }
  }

  private mutating func combines(_ parts: [Expression], _ operation: JoinOperator) -> Bool {
    let first = equalities.count
    for part in parts { guard isSound(part) else { return false } }
    return equalities[first...].allSatisfy { equality in
      [equality.left, equality.right].allSatisfy { tables[$0.table].operators.contains(operation) }
    }
  }

  private func columns(of condition: Expression) -> (ReferenceColumn, ReferenceColumn)? {
    guard case .compare(.equal, let left, let right) = condition.node,
      case .column(let leftTable, let leftName) = left.node,
      case .column(let rightTable, let rightName) = right.node,
      let first = column(leftTable, leftName), let second = column(rightTable, rightName)
    else { return nil }
    return (first, second)
  }

  private mutating func isSound(_ left: ReferenceColumn, _ right: ReferenceColumn) -> Bool {
    let families = [left, right].map { tables[$0.table].type(of: $0.name).flatMap(ReferenceValue.sort) }
    guard left.table != right.table, tables[left.table].keys.contains(left.name),
      tables[right.table].keys.contains(right.name), families[0] == families[1],
      [.text, .whole, .day].contains(families[0]), context.joinsDifferentNames || left.name == right.name
    else { return false }
    equalities.append(ReferenceEquality(left: left, right: right))
    return true
  }

  /// "With OR in an ON, each branch alone must still tie both sides of that join."
  private func ties(_ condition: Expression) -> Bool {
    let newest = tables.count - 1
    switch condition.node {
    case .and(let parts): return parts.contains { ties($0) }
    case .or(let parts): return parts.allSatisfy { ties($0) }
    default: return columns(of: condition).map { ($0.0.table == newest) != ($0.1.table == newest) } ?? false
    }
  }

  /// USING (a, b) is `x.a = y.a AND x.b = y.b`, after which a and b are one column each.
  private mutating func isSound(using names: [Identifier]) -> Bool {
    let newest = tables.count - 1
    for name in names {
      let left: [Int] = merged[name.name].map { [$0] } ?? holders(of: name.name).filter { $0 < newest }
      guard left.count == 1, tables[newest].type(of: name.name) != nil,
        isSound(
          ReferenceColumn(table: left[0], name: name.name), ReferenceColumn(table: newest, name: name.name))
      else { return false }
      merged[name.name] = left[0]
      guard names.count == 1 || [left[0], newest].allSatisfy({ tables[$0].operators.contains(.and) }) else {
        return false
      }
    }
    return true
  }

  /// Keys that are equated, directly or through others, are declared in one form or not at all.
  func declaredFormsAgree() -> Bool {
    var rest = equalities
    while let start = rest.first {
      var members: Set<ReferenceColumn> = [start.left]
      var grew = true
      while grew {
        let touching = rest.filter { members.contains($0.left) || members.contains($0.right) }
        rest.removeAll { members.contains($0.left) || members.contains($0.right) }
        for equality in touching { members.formUnion([equality.left, equality.right]) }
        grew = !touching.isEmpty
      }
      guard Set(members.compactMap { tables[$0.table].form(of: $0.name) }).count <= 1 else { return false }
    }
    return true
  }

  // MARK: Names

  private func holders(of name: String) -> [Int] {
    tables.indices.filter { tables[$0].type(of: name) != nil }
  }

  /// Nil for withheld, unknown and ambiguous names alike.
  func column(_ qualifier: Identifier?, _ name: Identifier) -> ReferenceColumn? {
    let found: [Int]
    if let qualifier {
      let table = tables.firstIndex { table in
        qualifier.isQuoted ? table.exposed == qualifier.name : table.exposed.lowercased() == qualifier.name
      }
      found = table.map { [$0] } ?? []
    } else {
      found = merged[name.name].map { [$0] } ?? holders(of: name.name)
    }
    guard found.count == 1, tables[found[0]].type(of: name.name) != nil else { return nil }
    return ReferenceColumn(table: found[0], name: name.name)
  }

  /// What a position or an alias stands for. GROUP BY means columns before aliases, the others aliases first.
  func meant(by written: Expression, in place: ReferencePlace) -> Expression? {
    switch written.node {
    case .literal(.integer(let digits)) where place != .having:
      guard let position = Int(digits), select.items.indices.contains(position - 1) else { return nil }
      return select.items[position - 1].expression
    case .column(nil, let name):
      if place == .grouping, !holders(of: name.name).isEmpty { return written }
      let named = select.items.filter { $0.alias?.name == name.name }.map(\.expression)
      guard let first = named.first else { return written }
      return Set(named.map(form)).count == 1 ? first : nil
    default: return written
    }
  }

  private func form(_ expression: Expression) -> String {
    isAggregateCall(expression) ? aggregate(expression) ?? "" : value(expression, in: .select)?.form ?? ""
  }
}
