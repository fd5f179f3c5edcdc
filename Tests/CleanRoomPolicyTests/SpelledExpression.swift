import CleanRoomModel

@testable import CleanRoomPolicy

extension ResolvedExpression {
  /// With the types of constants and casts.
  var spelled: String {
    func joined(_ parts: [ResolvedExpression], _ mark: String) -> String {
      "(\(parts.map(\.spelled).joined(separator: mark)))"
    }
    return switch self {
    case .column(let column, _): column.name
    case .literal(.null(let type)): "NULL of \(type)"
    case .literal(.string(let text)): "'\(text)'"
    case .literal(.integer(let value)): "\(type) \(value)"
    case .literal(.decimal(let digits, _, _)): "\(type) \(digits)"
    case .literal(let literal): "\(literal)"
    case .call(let function, let arguments, let type): "\(function.rawValue)\(joined(arguments, ", ")) \(type)"
    case .compare(let operation, let left, let right): joined([left, right], " \(operation.rawValue) ")
    case .arithmetic(let operation, let left, let right, let type):
      "\(joined([left, right], " \(operation.rawValue) ")) \(type)"
    case .and(let parts): joined(parts, " AND ")
    case .or(let parts): joined(parts, " OR ")
    case .not(let inner): "NOT \(inner.spelled)"
    case .isNull(let inner, let negated): "\(inner.spelled) IS \(negated ? "NOT " : "")NULL"
    case .inList(let inner, let list, let negated): "\(inner.spelled) \(negated ? "NOT " : "")IN \(joined(list, ", "))"
    case .like(let inner, let pattern, let escape, let negated):
      "\(inner.spelled) \(negated ? "NOT " : "")LIKE \(pattern.spelled) ESCAPE \(escape)"
    case .cast(let inner, let type): "CAST(\(inner.spelled) AS \(type))"
    case .aggregate(let function, let column, _, _): "\(function.rawValue)(\(column.name))"
    case .caseWhen, .isBoolean, .isDistinct, .aggregateCall, .windowCall, .subquery: "of a CUSTOM query"
    }
  }
}
