import CleanRoomModel
import CleanRoomSQL

enum ReferencePlace { case select, filter, grouping, having, order }

/// "Dimension columns, allowed scalar functions over them, string and numeric literals"; in WHERE math operators too.
extension ReferencePolicy {
  func value(_ expression: Expression, in place: ReferencePlace) -> ReferenceValue? {
    switch expression.node {
    case .column(let qualifier, let name):
      guard let column = column(qualifier, name), tables[column.table].shows(column.name),
        let sort = tables[column.table].type(of: column.name).flatMap(ReferenceValue.sort)
      else { return nil }
      return ReferenceValue(sort: sort, form: "\(column.table).\(column.name)")
    case .literal(let literal): return Self.constant(literal)
    case .negate(let inner): return negated(inner, in: place)
    case .arithmetic(let operation, let left, let right):
      guard place == .filter, let first = value(left, in: place), let second = value(right, in: place) else {
        return nil
      }
      return Self.arithmetic(operation, first, second)
    case .function(let call): return function(call, in: place)
    case .cast(let inner, let type, _):
      return scalar("CAST", [inner], in: place) { ReferenceFunctions.cast($0[0], to: type) }
    case .extract(let field, let inner):
      let part = field.name.uppercased()
      let name = ["YEAR", "MONTH"].contains(part) ? part : "EXTRACT"
      return scalar(name, [inner], in: place) { ReferenceFunctions.extract(part, $0[0]) }
    default: return nil
    }
  }

  static func constant(_ literal: Literal, sign: String = "") -> ReferenceValue? {
    let form = "\(sign)\(literal)"
    switch literal {
    case .null: return ReferenceValue(sort: .nothing, form: form, isConstant: true, literal: literal)
    case .string: return ReferenceValue(sort: .text, form: form, isConstant: true, literal: literal)
    case .integer: return ReferenceValue(sort: .whole, form: form, isConstant: true, literal: literal)
    case .decimal: return ReferenceValue(sort: .exact, form: form, isConstant: true, literal: literal)
    case .double: return ReferenceValue(sort: .floating, form: form, isConstant: true, literal: literal)
    case .boolean: return ReferenceValue(sort: .flag, form: form, isConstant: true)
    case .date(let text): return isDate(text) ? ReferenceValue(sort: .day, form: form, isConstant: true) : nil
    case .timestamp(let text):
      return isMoment(text) ? ReferenceValue(sort: .moment, form: form, isConstant: true) : nil
    }
  }

  private func negated(_ inner: Expression, in place: ReferencePlace) -> ReferenceValue? {
    if case .literal(let literal) = inner.node {
      return Self.constant(literal, sign: "-").flatMap { $0.isNumber ? $0 : nil }
    }
    guard place == .filter, let value = value(inner, in: place), value.isNumber else { return nil }
    return ReferenceValue(sort: value.sort, form: "-\(value.form)")
  }

  /// Numbers: `+`, `-` and `*`, which cannot raise. Dates: a whole number of days more or less.
  private static func arithmetic(_ operation: ArithmeticOperator, _ left: ReferenceValue, _ right: ReferenceValue)
    -> ReferenceValue?
  {
    let form = "(\(left.form)\(operation.rawValue)\(right.form))"
    func isDays(_ value: ReferenceValue) -> Bool { value.sort == .whole && value.literal != nil }
    switch operation {
    case .add where left.sort == .day && isDays(right), .subtract where left.sort == .day && isDays(right),
      .add where isDays(left) && right.sort == .day:
      return ReferenceValue(sort: .day, form: form, isConstant: left.isConstant && right.isConstant)
    case .add, .subtract, .multiply:
      guard left.isNumber, right.isNumber else { return nil }
      let sort: ReferenceValue.Sort =
        [left.sort, right.sort].contains(.floating)
        ? .floating : left.sort == .whole && right.sort == .whole ? .whole : .exact
      return ReferenceValue(sort: sort, form: form)
    default: return nil
    }
  }

  // MARK: Functions

  private func function(_ call: FunctionCall, in place: ReferencePlace) -> ReferenceValue? {
    guard !call.isDistinct, call.filter == nil, call.ordering.isEmpty, call.window == nil else { return nil }
    let synonyms = ["CEIL": "CEILING", "SUBSTR": "SUBSTRING"]
    let written = call.name.name.uppercased()
    let name = synonyms[written] ?? written
    if name == "DATEADD", call.arguments.count == 3 {
      guard case .column(nil, let unit) = call.arguments[0].node else { return nil }
      return scalar(name, Array(call.arguments.dropFirst()), in: place) { ReferenceFunctions.add(unit.name, $0) }
    }
    // No rule can list DAYOFYEAR; it is EXTRACT, as YEAR and MONTH are.
    let entry = name == "DAYOFYEAR" ? "EXTRACT" : name
    return scalar(entry, call.arguments, in: place) { ReferenceFunctions.call(name, $0) }
  }

  /// "Scalar functions nested in each other or around/inside aggregates: refused"; every table whose columns go in
  /// must list the function. YEAR and MONTH are EXTRACT, and the other way round.
  private func scalar(
    _ name: String, _ arguments: [Expression], in place: ReferencePlace,
    _ result: ([ReferenceValue]) -> ReferenceValue?
  ) -> ReferenceValue? {
    let isPart = name == "YEAR" || name == "MONTH"
    let entries = isPart ? (context.extended ? [name, "EXTRACT"] : ["EXTRACT"]) : [name]
    var values: [ReferenceValue] = []
    var owners: Set<Int> = []
    for argument in arguments {
      switch argument.node {
      case .column(let qualifier, let name):
        if let column = column(qualifier, name) { owners.insert(column.table) }
      case .literal: break
      case .negate(let inner):
        guard case .literal = inner.node else { return nil }
      default: return nil
      }
      guard let value = value(argument, in: place) else { return nil }
      values.append(value)
    }
    func lists(_ table: Int) -> Bool { entries.contains { tables[table].functions.contains($0) } }
    guard owners.isEmpty ? tables.indices.contains(where: lists) : owners.allSatisfy(lists) else { return nil }
    return result(values)
  }

  // MARK: Aggregates

  func isAggregateCall(_ expression: Expression) -> Bool {
    guard case .function(let call) = expression.node else { return false }
    return ["sum", "count", "avg", "min", "max", "median", "stddev", "any_value"].contains(call.name.name)
  }

  /// "Argument is a bare column only; the function/column pair must be in aggregateColumns." Nil when refused.
  func aggregate(_ expression: Expression) -> String? {
    guard case .function(let call) = expression.node, call.arguments.count == 1,
      case .column(let qualifier, let name) = call.arguments[0].node, call.filter == nil, call.ordering.isEmpty,
      call.window == nil, call.modifier == nil, let column = column(qualifier, name)
    else { return nil }
    let function: AggregateFunction
    switch (call.name.name, call.isDistinct) {
    case ("sum", false): function = .sum
    case ("sum", true): function = .sumDistinct
    case ("count", false): function = .count
    case ("count", true): function = .countDistinct
    case ("avg", false): function = .avg
    default: return nil
    }
    let adds = function != .count && function != .countDistinct
    guard tables[column.table].permits(function, of: column.name),
      !adds || tables[column.table].type(of: column.name)?.isNumeric == true
    else { return nil }
    return "\(function.rawValue)(\(column.table).\(column.name))"
  }
}
