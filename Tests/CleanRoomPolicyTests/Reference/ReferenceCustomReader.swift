import CleanRoomSQL

/// Expressions of the direct reading, over the columns of one FROM and those around it.
struct ReferenceCustomReader {
  typealias Value = ReferenceValueOfCustom

  var policy: ReferenceCustomPolicy
  let common: [String: CommonTableExpression]
  /// The innermost last.
  let scope: ReferenceCustomPolicy.Scope

  // MARK: Values

  mutating func value(_ expression: Expression) -> Value {
    switch expression.node {
    case .column(let qualifier, let name): return column(qualifier, name)
    case .literal(let literal):
      return Value(form: "\(literal)", isBare: true, isConstant: true, mayBeConstant: literal != .null)
    case .parameter(let name):
      return Value(form: constant(name), isBare: true, isConstant: true, mayBeConstant: true)
    case .compare(let comparison, let left, let right):
      if comparison == .nullSafeEqual { policy.constructs.insert("<=>") }
      return compared("\(comparison)", [left, right])
    case .between(let subject, let low, let high, let negated):
      let parts = [subject, low, high].map { value($0) }
      policy.compare([parts[0], parts[1]])
      policy.compare([parts[0], parts[2]])
      return combined("between\(negated)", parts)
    case .inList(let subject, let list, let negated): return compared("in\(negated)", [subject] + list)
    case .like(_, let subject, let pattern, _, let negated): return compared("like\(negated)", [subject, pattern])
    case .and(let parts): return combined("and", parts.map { value($0) })
    case .or(let parts): return combined("or", parts.map { value($0) })
    case .not(let inner): return combined("not", [value(inner)])
    case .negate(let inner): return combined("-", [value(inner)])
    case .arithmetic(let operation, let left, let right): return combined("\(operation)", [value(left), value(right)])
    case .isNull(let inner, let negated): return combined("null\(negated)", [value(inner)])
    case .cast(let inner, let type, _): return combined("cast\(type.name)", [value(inner)])
    case .caseWhen(nil, let branches, let otherwise):
      let parts = branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
      let values = parts.map { value($0) }
      let results = values.enumerated().filter { $0.offset % 2 == 1 || $0.offset == branches.count * 2 }
      return combined("case", values, results.map(\.element))
    case .function(let call): return call.window == nil ? function(call) : window(call)
    case .subquery(let query): return subquery(query, [], isScalar: true)
    case .inSubquery(let subject, let query, _): return subquery(query, [value(subject)], isScalar: false)
    case .exists(let query):
      policy.constructs.insert("EXISTS")
      return subquery(query, [], isScalar: false)
    default:
      policy.refuse()
      return Value()
    }
  }

  private func constant(_ name: String) -> String {
    policy.context.parameters.first { $0.name == name }?.value ?? name
  }

  private mutating func column(_ qualifier: Identifier?, _ name: Identifier) -> Value {
    for columns in scope.reversed() {
      let found = columns.filter { $0.name == name.name && (qualifier == nil || $0.qualifier == qualifier?.name) }
      if found.count == 1 { return found[0].value }
      if found.count > 1 { break }
    }
    policy.refuse()
    return Value()
  }

  /// - Parameter choices: the parts of which the value is one; none where all parts make it.
  private func combined(_ name: String, _ parts: [Value], _ choices: [Value]? = nil) -> Value {
    Value(
      made: parts.reduce(into: []) { $0.formUnion($1.made) }, all: parts.reduce(into: []) { $0.formUnion($1.all) },
      form: "\(name)(\(parts.map(\.form).joined(separator: ",")))",
      mayBeConstant: choices?.contains(where: \.mayBeConstant) ?? parts.allSatisfy(\.mayBeConstant),
      counts: parts.contains(where: \.counts), computed: parts.flatMap(\.computed),
      hasWindow: parts.contains(where: \.hasWindow), hasAggregate: parts.contains(where: \.hasAggregate))
  }

  private mutating func compared(_ name: String, _ operands: [Expression]) -> Value {
    let parts = operands.map { value($0) }
    policy.compare(parts)
    return combined(name, parts)
  }

  // MARK: Functions

  private mutating func function(_ call: FunctionCall) -> Value {
    let name = call.name.name
    if name == "reverse" || name == "count_if" { policy.constructs.insert(name) }
    if ReferenceCustomReader.aggregates.contains(name) { return aggregate(call) }
    let parts = call.arguments.map { value($0) }
    if name == "nullif" {
      policy.compare(parts)
      return combined(name, parts, Array(parts.prefix(1)))
    }
    return combined(name, parts, name == "coalesce" ? parts : nil)
  }

  private static let aggregates: Set<String> = ["count", "sum", "min", "max", "avg", "count_if"]

  private mutating func arguments(_ call: FunctionCall) -> [Value] {
    var parts: [Value] = []
    for argument in call.arguments {
      if case .star = argument.node { continue }
      parts.append(value(argument))
    }
    return parts
  }

  private mutating func aggregate(_ call: FunctionCall) -> Value {
    var parts = arguments(call)
    if let filter = call.filter {
      policy.constructs.insert("FILTER")
      parts.append(value(filter))
    }
    for part in parts where !part.isBare { policy.changedArguments.append(part.all) }
    var result = combined("\(call.name.name)\(call.isDistinct)", parts)
    settle(&result, of: call, made: parts)
    result.computed = [call.name.name.uppercased()]
    result.hasAggregate = true
    result.isBare = call.filter == nil && call.name.name != "count_if"
    return result
  }

  private mutating func window(_ call: FunctionCall) -> Value {
    let parts = arguments(call)
    for part in parts where !part.isBare { policy.changedArguments.append(part.all) }
    let keys = ((call.window?.partition ?? []) + (call.window?.order.map(\.expression) ?? [])).map { value($0) }
    for key in keys { policy.compared.formUnion(key.made) }
    var result = combined("\(call.name.name)-over", parts + keys)
    settle(&result, of: call, made: parts)
    result.computed.append(call.name.name.uppercased())
    result.hasWindow = true
    return result
  }

  /// A count shows none of the columns that it counts; the keys of a window do not show either.
  private func settle(_ result: inout Value, of call: FunctionCall, made parts: [Value]) {
    let isCount = ["count", "count_if"].contains(call.name.name)
    result.made = isCount ? [] : parts.reduce(into: []) { $0.formUnion($1.made) }
    result.mayBeConstant = ["min", "max"].contains(call.name.name) && parts.contains(where: \.mayBeConstant)
    if result.all.isEmpty { result.counts = true }
  }

  // MARK: Subqueries

  private mutating func subquery(_ query: Query, _ operands: [Value], isScalar: Bool) -> Value {
    let inner = policy.rows(query, common, scope)
    policy.exposures += inner.carried.count
    guard let first = inner.columns.first?.value else { return Value() }
    if !operands.isEmpty { policy.compare(operands + [first]) }
    var result = combined("query\(query.span.start.offset)", operands)
    result.all.formUnion(inner.everything)
    result.mayBeConstant = isScalar && first.mayBeConstant
    if isScalar {
      result.made.formUnion(first.made)
      result.counts = first.counts
    }
    return result
  }

  // MARK: Keys

  /// A number is the place of an item.
  mutating func keys(_ select: Select, _ result: ReferenceRows) -> [Value] {
    var keys: [Value] = []
    for element in select.grouping {
      let expressions: [Expression]
      switch element {
      case .expression(let expression): expressions = [expression]
      case .rollup(let list, _): (expressions, _) = (list, policy.constructs.insert("ROLLUP"))
      case .cube(let list, _): (expressions, _) = (list, policy.constructs.insert("CUBE"))
      case .groupingSets(let lists, _):
        (expressions, _) = (lists.flatMap { $0 }, policy.constructs.insert("GROUPING SETS"))
      }
      for expression in expressions {
        var key = Value()
        if case .literal(.integer(let digits)) = expression.node {
          let place = (Int(digits) ?? 0) - 1
          if result.columns.indices.contains(place) { key = result.columns[place].value } else { policy.refuse() }
        } else {
          key = value(expression)
        }
        if key.hasWindow || key.hasAggregate { policy.refuse() }
        keys.append(key)
      }
    }
    return keys
  }

  /// Columns that are equal in every row that passes.
  mutating func equalities(_ condition: Expression) -> [(String, String)] {
    switch condition.node {
    case .and(let parts): return parts.flatMap { equalities($0) }
    case .compare(.equal, let left, let right): return [(value(left).form, value(right).form)]
    default: return []
    }
  }
}
