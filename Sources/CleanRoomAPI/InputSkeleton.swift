/// An example of an operation's input, to be filled in.
extension ServiceModel {
  /// Like the AWS CLI's `--generate-cli-skeleton`: every member, the first of the permitted values, one element per list.
  /// Of a union it shows every member; exactly one may stay.
  public func skeleton(of operation: Operation) -> JSONValue { example(operation.input, under: []) }

  private func example(_ name: String, under parents: [String]) -> JSONValue {
    // Shapes may contain themselves.
    guard let shape = shapes[name], !parents.contains(name) else { return .object([:]) }
    let parents = parents + [name]
    switch shape.type {
    case "structure": return .dictionary(shape.members.mapValues { example($0.shape, under: parents) })
    case "list": return .array([example(shape.element, under: parents)])
    case "map": return .dictionary(["KeyName": example(shape.element, under: parents)])
    case "boolean": return .bool(true)
    case "integer", "long": return .integer(Int64(shape.minimum ?? 0))
    case "float", "double", "timestamp": return .number(shape.minimum ?? 0)
    default: return .string(shape.values?.first ?? "")
    }
  }
}

extension JSONValue {
  /// JSON for people: members sorted, indented by four spaces a level as the AWS CLI does.
  public var indentedText: String { indented("") }

  private func indented(_ margin: String) -> String {
    let inner = margin + "    "
    switch self {
    case .array(let values) where !values.isEmpty:
      return "[\n" + values.map { inner + $0.indented(inner) }.joined(separator: ",\n") + "\n\(margin)]"
    case .dictionary(let members) where !members.isEmpty:
      let lines = members.sorted { $0.key < $1.key }.map {
        "\(inner)\(JSONValue.string($0.key).text): \($0.value.indented(inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
    default: return text
    }
  }
}
