/// Calls, windows and the expressions with a syntax of their own.
extension SQLWriter {
  mutating func writeForm(_ node: Expression.Node) {
    switch node {
    case .cast(let operand, let type, let isTry):
      put(isTry ? "TRY_CAST(" : "CAST(")
      write(operand)
      put(" AS ")
      write(type)
      put(")")
    case .extract(let field, let operand):
      put("EXTRACT(")
      put(field)
      put(" FROM ")
      write(operand)
      put(")")
    case .caseWhen(let operand, let branches, let otherwise): writeCase(operand, branches, otherwise)
    case .interval(let value, let unit):
      put("INTERVAL ")
      write(value)
      if let unit { put(" " + unit.uppercased()) }
    default: return
    }
  }

  private mutating func write(_ type: TypeName) {
    put(type.name)
    if !type.arguments.isEmpty { put("(" + type.arguments.map(String.init).joined(separator: ", ") + ")") }
  }

  private mutating func writeCase(_ operand: Expression?, _ branches: [CaseBranch], _ otherwise: Expression?) {
    put("CASE")
    prefixed(" ", operand)
    for branch in branches {
      prefixed(" WHEN ", branch.condition)
      prefixed(" THEN ", branch.result)
    }
    prefixed(" ELSE ", otherwise)
    put(" END")
  }

  mutating func prefixed(_ prefix: String, _ expression: Expression?) {
    guard let expression else { return }
    put(prefix)
    write(expression)
  }

  mutating func write(_ call: FunctionCall) {
    // A few functions have names that are reserved as names of anything else.
    put(call.name.name)
    put("(")
    if let modifier = call.modifier { writeArguments(of: call, modifier) } else { writeArguments(of: call) }
    put(")")
    if !call.ordering.isEmpty {
      put(" WITHIN GROUP (")
      write(call.ordering)
      put(")")
    }
    if let filter = call.filter {
      prefixed(" FILTER (WHERE ", filter)
      put(")")
    }
    guard let window = call.window else { return }
    put(" OVER ")
    write(window)
  }

  private mutating func writeArguments(of call: FunctionCall) {
    if call.isDistinct { put("DISTINCT ") }
    let first: Precedence = call.name.name == "position" ? .comparison : .or
    list(Array(call.arguments.enumerated())) { $0.write($1.element, $1.offset == 0 ? first : .or) }
  }

  private mutating func writeArguments(of call: FunctionCall, _ modifier: String) {
    let arguments = call.arguments
    switch call.name.name {
    case "trim":
      put(modifier + " ")
      if arguments.count > 1 { prefixed("", arguments[0]) }
      prefixed(arguments.count > 1 ? " FROM " : "FROM ", arguments.last)
    case "position":
      if let first = arguments.first { write(first, .comparison) }
      prefixed(" IN ", arguments.last)
    default:
      for (argument, word) in zip(arguments, ["", " FROM ", " FOR "]) { prefixed(word, argument) }
    }
  }

  // MARK: Windows

  mutating func write(_ window: WindowSpecification) {
    if let name = window.name { return put(name) }
    put("(")
    var separator = ""
    if !window.partition.isEmpty {
      put("PARTITION BY ")
      expressions(window.partition)
      separator = " "
    }
    if !window.order.isEmpty {
      put(separator)
      write(window.order)
      separator = " "
    }
    if let frame = window.frame {
      put(separator + frame.unit.rawValue + " BETWEEN ")
      write(frame.start)
      put(" AND ")
      write(frame.end)
    }
    put(")")
  }

  private mutating func write(_ bound: WindowFrame.Bound) {
    switch bound {
    case .unboundedPreceding: put("UNBOUNDED PRECEDING")
    case .unboundedFollowing: put("UNBOUNDED FOLLOWING")
    case .currentRow: put("CURRENT ROW")
    case .preceding(let distance):
      write(distance)
      put(" PRECEDING")
    case .following(let distance):
      write(distance)
      put(" FOLLOWING")
    }
  }

  /// With its ORDER BY.
  mutating func write(_ order: [OrderItem]) {
    put("ORDER BY ")
    list(order) { writer, item in
      writer.write(item.expression)
      if item.descending { writer.put(" DESC") }
      if let first = item.nullsFirst { writer.put(first ? " NULLS FIRST" : " NULLS LAST") }
    }
  }
}
