import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Window functions in the engine's words.
extension CustomPrinter {
  /// - Parameter ties: columns that settle the order of rows which the query's own keys leave open.
  mutating func add(_ call: WindowCall, ties: [String], to layer: inout CustomLayer) {
    let over = " OVER (\(specification(call, ties: ties)))"
    let isCount = call.kind == .aggregate(.count)
    let arguments = call.arguments.map { isCount ? identityText($0) : text($0) }
    guard case .aggregate(let kind) = call.kind else {
      layer.add(.windowCall(call), text: text(call, arguments, ties: ties) + over)
      return
    }
    layer.add(.windowCall(call), suffix: over) {
      $0.value(kind, of: arguments, types: call.arguments.map(\.type), distinct: false, result: call.type)
    }
  }

  private mutating func text(_ call: WindowCall, _ arguments: [String], ties: [String]) -> String {
    // Where peers share a frame their order is settled inside the function, not by the frame.
    let inner = call.isOrderedInside ? " ORDER BY \((keys(call) + Self.ascending(ties)).joined(separator: ", "))" : ""
    let list = arguments.joined(separator: ", ") + (call.order.isEmpty && ties.isEmpty ? "" : inner)
    return "\(call.kind.engineName)(\(list))"
  }

  private static func ascending(_ columns: [String]) -> [String] { columns.map { "\($0) ASC NULLS FIRST" } }

  private mutating func keys(_ call: WindowCall) -> [String] {
    call.order.map {
      "\(text($0.expression)) \($0.descending ? "DESC" : "ASC") NULLS \($0.nullsFirst ? "FIRST" : "LAST")"
    }
  }

  private mutating func specification(_ call: WindowCall, ties: [String]) -> String {
    var parts: [String] = []
    let partition = call.partition.map { CustomPrinter.keyText(identityText($0), windowKeyType($0)) }
    if !partition.isEmpty { parts.append("PARTITION BY " + partition.joined(separator: ", ")) }
    var order = keys(call)
    if call.hasRangeDistance, let key = call.order.first {
      // Wide enough for every key and distance together.
      let days = "datediff('day', CAST('1970-01-01' AS DATE), \(text(key.expression)))"
      let number = "CAST(\(key.expression.type == .date ? "TRY(\(days))" : text(key.expression)) AS HUGEINT)"
      order = ["\(number) \(key.descending ? "DESC" : "ASC") NULLS \(key.nullsFirst ? "FIRST" : "LAST")"]
    }
    if call.dependsOnTies { order += Self.ascending(ties) }
    if !order.isEmpty { parts.append("ORDER BY " + order.joined(separator: ", ")) }
    if let frame = call.frame {
      parts.append("\(frame.unit.rawValue) BETWEEN \(bound(frame.start, call)) AND \(bound(frame.end, call))")
    }
    return parts.joined(separator: " ")
  }

  /// Tokens have no type that would need one spelling of zero.
  private func windowKeyType(_ expression: ResolvedExpression) -> ColumnType {
    if case .column(let reference, _) = expression, forms.form(of: reference).token { return .string }
    return expression.type
  }

  private func bound(_ bound: WindowCall.Bound, _ call: WindowCall) -> String {
    switch bound {
    case .unboundedPreceding: "UNBOUNDED PRECEDING"
    case .currentRow: "CURRENT ROW"
    case .unboundedFollowing: "UNBOUNDED FOLLOWING"
    case .preceding(let distance): "\(EngineText.literal(distance)) PRECEDING"
    case .following(let distance): "\(EngineText.literal(distance)) FOLLOWING"
    }
  }
}

extension WindowCall {
  /// The result depends on the order among rows with equal keys.
  fileprivate var dependsOnTies: Bool {
    switch kind {
    case .rowNumber, .ntile, .lag, .lead: true
    case .rank, .denseRank, .percentRank, .cumulativeDistribution: false
    case .firstValue, .lastValue, .nthValue, .aggregate: frame?.unit == .rows
    }
  }

  /// RANGE with a distance from the current key.
  fileprivate var hasRangeDistance: Bool {
    guard let frame, frame.unit == .range else { return false }
    return [frame.start, frame.end].contains {
      switch $0 {
      case .preceding, .following: true
      default: false
      }
    }
  }

  fileprivate var isOrderedInside: Bool {
    switch kind {
    case .firstValue, .lastValue, .nthValue: frame?.unit != .rows
    default: false
    }
  }
}

extension WindowKind {
  fileprivate var engineName: String {
    switch self {
    case .rowNumber: "row_number"
    case .rank: "rank"
    case .denseRank: "dense_rank"
    case .percentRank: "percent_rank"
    case .cumulativeDistribution: "cume_dist"
    case .ntile: "ntile"
    case .lag: "lag"
    case .lead: "lead"
    case .firstValue: "first_value"
    case .lastValue: "last_value"
    case .nthValue: "nth_value"
    case .aggregate: "missing"
    }
  }
}
