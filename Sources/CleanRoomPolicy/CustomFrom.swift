import CleanRoomModel
import CleanRoomSQL

/// FROM: tables of the collaboration, common and derived tables, and their joins.
extension CustomResolver {
  typealias Source = (relation: Relation, scope: CustomScope)

  /// - Returns: nil for a SELECT without FROM, or after giving the reasons.
  mutating func from(_ items: [TableExpression]) -> Source? {
    let count = items.reduce(0) { $0 + $1.sourceCount }
    guard count <= CustomLimits.sources else {
      refuse(.limitExceeded, ReasonText.tooMany("tables in one FROM", CustomLimits.sources), at: items[0].span)
      return nil
    }
    var result: Source?
    for item in items {
      guard let next = source(item) else { return nil }
      guard !reasons.hasLimit else { return nil }
      guard let before = result else {
        result = next
        continue
      }
      result = (
        .join(.cross, before.relation, next.relation, on: nil),
        joinedScope(before.scope, next.scope, at: item.span)
      )
    }
    return result
  }

  private mutating func source(_ item: TableExpression) -> Source? {
    switch item {
    case .table(let name): return table(name)
    case .derived(let query, let alias, let columns, let span):
      // A derived table sees nothing of the queries around it.
      let outer = scopes
      scopes = []
      let resolved = body(of: query)
      scopes = outer
      guard let resolved, let names = names(columns, for: resolved, at: span) else { return nil }
      let id = newRelation()
      noteOrigins(of: id, resolved.body)
      return (.derived(id: id, resolved.body), resolved.scope(of: id, as: alias?.name, renamed: names))
    case .join(let join):
      let sides = (source(join.left), source(join.right))
      guard let left = sides.0, let right = sides.1 else { return nil }
      return joined(left, right, by: join)
    }
  }

  // MARK: Tables

  private mutating func table(_ name: TableName) -> Source? {
    if name.parts.count == 1, let found = commonTable(name.parts[0]) {
      let id = newRelation()
      noteOrigins(of: id, commonTables[found.index])
      let qualifier = (name.alias ?? name.parts[0]).name.lowercased()
      let columns = found.columns.enumerated().map { index, column in
        ScopeColumn(
          qualifier: qualifier, name: column.name,
          expression: .column(ColumnReference(table: id, name: "c\(index)"), column.type))
      }
      return (.common(id: id, index: found.index), CustomScope(columns: columns, qualifiers: [qualifier]))
    }
    guard scans.count < CustomLimits.scans else {
      refuse(.limitExceeded, ReasonText.tooMany("references to tables", CustomLimits.scans), at: name.span)
      return nil
    }
    guard let index = tableIndex(name) else { return nil }
    let id = newRelation()
    scans[id] = index
    let published = tables[index].published
    let qualifier = (name.alias?.name ?? published.name).lowercased()
    let columns = published.columns.map {
      ScopeColumn(
        qualifier: qualifier, name: $0.name,
        expression: .column(ColumnReference(table: id, name: $0.name), $0.type))
    }
    return (.scan(id: id, table: index), CustomScope(columns: columns, qualifiers: [qualifier]))
  }

  private func commonTable(_ name: Identifier) -> CommonTableName? {
    common.reversed().lazy.compactMap { $0[name.name.lowercased()] }.first
  }

  private mutating func tableIndex(_ name: TableName) -> Int? {
    let written = name.parts.map(\.name).joined(separator: ".")
    let last = name.parts[name.parts.count - 1]
    var found = name.parts.count == 1 ? tablesByName[last.name.lowercased()] ?? [] : []
    if found.count > 1, last.isQuoted { found = found.filter { $0.name == last.name } }
    switch found.count {
    case 0: refuse(.unknownTable, ReasonText.unknownTable(written), at: name.span)
    case 1:
      let published = found[0]
      if let known = tables.firstIndex(where: { $0.published.name == published.name }) { return known }
      if let problem = published.unavailable {
        refuse(.tableUnavailable, ReasonText.unavailable(published, problem), at: name.span)
      }
      tables.append(BoundTable(published, as: name, grants: nil))
      return tables.count - 1
    default: refuse(.ambiguousName, ReasonText.ambiguousTable(written), at: name.span)
    }
    return nil
  }

  // MARK: Joins

  private mutating func joinedScope(_ left: CustomScope, _ right: CustomScope, at span: SourceSpan) -> CustomScope {
    guard limits.join(columns: left.size + right.size) else {
      refuse(.limitExceeded, ReasonText.tooMany("columns in its joins", CustomLimits.scopes), at: span)
      return left
    }
    for name in left.qualifiers.intersection(right.qualifiers).sorted() {
      refuse(.ambiguousName, ReasonText.sameTableName(name), at: span)
    }
    return left.joined(with: right)
  }

  private mutating func joined(_ left: Source, _ right: Source, by join: Join) -> Source? {
    let both = joinedScope(left.scope, right.scope, at: join.span)
    if reasons.hasLimit { return nil }
    if join.kind == .leftSemi || join.kind == .leftAnti { note("\(join.kind.rawValue) JOIN", at: join.span) }
    let shared = join.isNatural ? commonNames(left.scope, right.scope, join.span) : usingNames(join)
    if let shared {
      guard let merged = merge(shared, left.scope, right.scope, join) else { return nil }
      let condition: ResolvedExpression? = merged.equalities.isEmpty ? nil : .and(merged.equalities)
      let kind: JoinKind = join.kind == .inner && condition == nil ? .cross : join.kind
      let scope =
        join.kind.showsLeftOnly ? left.scope : left.scope.joined(with: right.scope, merging: merged.columns)
      return (.join(kind, left.relation, right.relation, on: condition), scope)
    }
    var condition: ResolvedExpression?
    if case .on(let written) = join.condition {
      scopes.append(both)
      place = Place(clause: .on)
      condition = self.condition(written)
      scopes.removeLast()
      if condition == nil { return nil }
    }
    let kind: JoinKind = join.kind == .inner && condition == nil ? .cross : join.kind
    guard condition != nil || kind == .cross else {
      refuse(.joinNotAllowed, ReasonText.joinNeedsCondition, at: join.span)
      return nil
    }
    return (.join(kind, left.relation, right.relation, on: condition), kind.showsLeftOnly ? left.scope : both)
  }

  private func usingNames(_ join: Join) -> [Identifier]? {
    if case .using(let names) = join.condition { return names }
    return nil
  }

  private func commonNames(_ left: CustomScope, _ right: CustomScope, _ span: SourceSpan) -> [Identifier] {
    let names = Set(right.columns.map { $0.name.lowercased() })
    return left.columns.filter { names.contains($0.name.lowercased()) }
      .map { Identifier(name: $0.name, isQuoted: true, span: span) }
  }

  private mutating func merge(
    _ names: [Identifier], _ left: CustomScope, _ right: CustomScope, _ join: Join
  ) -> (columns: [(name: String, expression: ResolvedExpression)], equalities: [ResolvedExpression])? {
    var columns: [(name: String, expression: ResolvedExpression)] = []
    var equalities: [ResolvedExpression] = []
    for name in names {
      let sides = [left, right].map { sharedColumn(name, in: $0) }
      guard let first = sides[0], let second = sides[1] else { return nil }
      guard let aligned = SparkCoercion.align([first, second]) else {
        refuse(.typeMismatch, ReasonText.incomparable([first, second]), at: name.span)
        return nil
      }
      note(comparison: [first, second], isMerge: true, at: name.span)
      checkKeyForms(first, second, at: name.span)
      equalities.append(.compare(.equal, aligned[0], aligned[1]))
      let expression: ResolvedExpression =
        switch join.kind {
        case .right: second
        case .full: .call(.coalesce, aligned, aligned[0].type)
        default: first
        }
      if case .column(let kept, _) = expression, !join.kind.showsLeftOnly {
        merges[kept, default: []].append(expression == first ? second : first)
      }
      columns.append((name.name, expression))
    }
    return (columns, equalities)
  }

  private mutating func sharedColumn(_ name: Identifier, in scope: CustomScope) -> ResolvedExpression? {
    let found = scope.columns(named: name, of: nil)
    if found.count == 1 { return found[0].expression }
    if found.isEmpty {
      refuse(.unknownColumn, ReasonText.unknownColumn(name.name, .on), at: name.span)
    } else {
      refuse(
        .ambiguousName, ReasonText.ambiguousColumn(name.name, found.compactMap(\.qualifier)), at: name.span)
    }
    return nil
  }
}
