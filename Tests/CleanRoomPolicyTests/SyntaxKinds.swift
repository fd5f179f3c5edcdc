import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// The kinds of nodes that a tree consists of, whatever it consists of.
enum SyntaxKinds {
  /// Of a parse tree: nodes of expressions by their name, others as `Type.name`, functions as `name()`.
  static func collect(_ value: Any, _ kinds: inout Set<String>) {
    let mirror = Mirror(reflecting: value)
    switch value {
    case is SourceSpan, is Identifier, is String, is TypeName: return
    case is CommonTableExpression: kinds.insert("CommonTableExpression")
    case is NamedWindow: kinds.insert("NamedWindow")
    case .some(is WindowSpecification) as Any?: kinds.insert("WindowSpecification")
    case let call as FunctionCall:
      kinds.insert("\(call.name.name.lowercased())\(call.isDistinct ? " distinct" : "")()")
    default: break
    }
    if mirror.displayStyle == .enum, !(value is WindowFrame.Bound) {
      let name = mirror.children.first?.label ?? "\(value)"
      kinds.insert(value is Expression.Node ? name : "\(type(of: value)).\(name)")
    }
    for child in mirror.children { collect(child.value, &kinds) }
  }

  /// Of the tree of an approved CUSTOM query: every enumeration as `Type.name`, and clauses that may be missing.
  static func collectResolved(_ value: Any, _ kinds: inout Set<String>) {
    let mirror = Mirror(reflecting: value)
    switch value {
    case is ColumnType, is String: return
    case let query as CustomQuery: if !query.commonTables.isEmpty { kinds.insert("CustomQuery.commonTables") }
    case let body as QueryBody:
      if !body.order.isEmpty { kinds.insert("QueryBody.order") }
      if body.limit != nil { kinds.insert("QueryBody.limit") }
      if body.offset != nil { kinds.insert("QueryBody.offset") }
    case let select as SelectBody:
      if select.having != nil { kinds.insert("SelectBody.having") }
      if select.isDistinct { kinds.insert("SelectBody.distinct") }
      if !select.thresholds.isEmpty { kinds.insert("SelectBody.thresholds") }
    case let call as AggregateCall:
      if call.isDistinct { kinds.insert("AggregateCall.distinct") }
      if call.filter != nil { kinds.insert("AggregateCall.filter") }
    default: break
    }
    if mirror.displayStyle == .enum {
      kinds.insert("\(type(of: value)).\(mirror.children.first?.label ?? "\(value)")")
    }
    for child in mirror.children { collectResolved(child.value, &kinds) }
  }
}
