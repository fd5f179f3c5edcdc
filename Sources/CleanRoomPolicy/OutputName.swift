import CleanRoomSQL

/// Spark's name for an output column without an alias: the column's name, or the text of the expression.
enum OutputName {
  static func text(_ expression: Expression) -> String {
    switch expression.node {
    case .column(_, let name): name.name
    case .literal(let literal): text(literal)
    case .negate(let inner): "-" + text(inner)
    case .function(let call): text(call)
    case .cast(let inner, let type, _): "CAST(\(text(inner)) AS \(text(type)))"
    case .extract(let field, let inner): "extract(\(field.name.uppercased()) FROM \(text(inner)))"
    case .star, .parameter, .and, .or, .not, .compare, .arithmetic, .isNull, .isBoolean, .isDistinctFrom,
      .between,
      .inList, .inSubquery, .exists, .like, .caseWhen, .subquery, .interval, .row:
      expression.node.construct
    }
  }

  private static func text(_ literal: Literal) -> String {
    switch literal {
    case .null: "NULL"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let text), .decimal(let text), .double(let text), .string(let text): text
    case .date(let text): "DATE '\(text)'"
    case .timestamp(let text): "TIMESTAMP '\(text)'"
    }
  }

  private static func text(_ call: FunctionCall) -> String {
    let arguments = call.arguments.map(text).joined(separator: ", ")
    let name = call.name.name
    if call.arguments.isEmpty { return name + "()" }
    if let modifier = call.modifier, name == "trim" {
      return "TRIM(\(modifier) FROM \(arguments))"
    }
    return "\(name)(\(call.isDistinct ? "DISTINCT " : "")\(arguments))"
  }

  private static func text(_ type: TypeName) -> String {
    type.arguments.isEmpty
      ? type.name : "\(type.name)(\(type.arguments.map(String.init).joined(separator: ",")))"
  }
}

extension Expression.Node {
  /// The construct's name in a reason.
  var construct: String {
    switch self {
    case .column: "A column"
    case .star: "*"
    case .literal: "A constant"
    case .parameter: "A parameter"
    case .and: "AND"
    case .or: "OR"
    case .not: "NOT"
    case .negate, .arithmetic: "Arithmetic"
    case .compare: "A comparison"
    case .isNull: "IS NULL"
    case .isBoolean: "IS TRUE or IS FALSE"
    case .isDistinctFrom: "IS DISTINCT FROM"
    case .between: "BETWEEN"
    case .inList: "IN"
    case .inSubquery, .exists, .subquery: "A subquery"
    case .like: "LIKE"
    case .function, .extract: "A function"
    case .cast: "CAST"
    case .caseWhen: "CASE"
    case .interval: "INTERVAL"
    case .row: "A row of values"
    }
  }
}
