import CleanRoomModel
import CleanRoomPolicy

enum AggregateText {
  static func expression(for call: AggregateCall, arguments: [String], filter: String?) -> String {
    let name = name(call.kind)
    let list = arguments.isEmpty ? "*" : arguments.joined(separator: ", ")
    return "\(name)(\(call.isDistinct ? "DISTINCT " : "")\(list))" + (filter.map { " FILTER (WHERE \($0))" } ?? "")
  }
  static func window(kind: AggregateKind, arguments: [String], over: String) -> String {
    "\(name(kind))(\(arguments.isEmpty ? "*" : arguments.joined(separator: ", "))) OVER \(over)"
  }
  private static func name(_ kind: AggregateKind) -> String {
    switch kind {
    case .count: "count"
    case .sum: "sum"
    case .average: "avg"
    case .minimum: "min"
    default: "max"
    }
  }
}
