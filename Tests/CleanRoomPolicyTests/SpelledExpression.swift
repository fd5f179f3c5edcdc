import CleanRoomModel

@testable import CleanRoomPolicy

extension ResolvedExpression {
  /// With the types of constants and casts.
  var spelled: String { spelled(inside: nil) }

  /// - Parameter query: the CUSTOM query whose relations name the columns.
  func spelled(inside query: SpelledQuery?) -> String {
    func text(_ part: ResolvedExpression) -> String { part.spelled(inside: query) }
    func joined(_ parts: [ResolvedExpression], _ mark: String) -> String {
      "(\(parts.map(text).joined(separator: mark)))"
    }
    return switch self {
    case .column(let column, _): query == nil ? column.name : "r\(column.table).\(column.name)"
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
    case .not(let inner): "NOT \(text(inner))"
    case .isNull(let inner, let negated): "\(text(inner)) IS \(negated ? "NOT " : "")NULL"
    case .inList(let inner, let list, let negated): "\(text(inner)) \(negated ? "NOT " : "")IN \(joined(list, ", "))"
    case .like(let inner, let pattern, let escape, let negated):
      "\(text(inner)) \(negated ? "NOT " : "")LIKE \(text(pattern)) ESCAPE \(escape)"
    case .cast(let inner, let type): "CAST(\(text(inner)) AS \(type))"
    case .aggregate(let function, let column, _, _): "\(function.rawValue)(\(column.name))"
    case .caseWhen, .isBoolean, .isDistinct, .aggregateCall, .windowCall, .subquery:
      query?.special(self) ?? "of a CUSTOM query"
    }
  }
}
