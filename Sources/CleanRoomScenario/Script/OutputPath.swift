import CleanRoomAPI
import CleanRoomDaemon

extension JSONPath {
  /// A path that exists in what an operation answers, and the type there.
  static func read(_ text: String, in operation: Operation, at value: YAMLValue) throws(ConfigurationError)
    -> (path: JSONPath, type: ModelType)
  {
    guard let path = JSONPath(text) else {
      throw value.fail(
        "has the malformed path \(text)", "Write names joined by dots, and elements in brackets: members[0].accountId")
    }
    var type = ServiceModel.shared.outputType(of: operation)
    for step in path.steps {
      switch (step, type.form) {
      case (.member(let name), .structure(let members, _, _)):
        guard let next = members[name] else {
          throw unknown(name, in: operation, known: members.keys.sorted(), text, value)
        }
        type = next
      case (.member, .map(let element)), (.element, .list(let element)): type = element
      case (_, .any): break
      case (.member(let name), _): throw unknown(name, in: operation, known: [], text, value)
      case (.element(let index), _): throw unknown("[\(index)]", in: operation, known: [], text, value)
      }
    }
    return (path, type)
  }

  private static func unknown(
    _ name: String, in operation: Operation, known: [String], _ text: String, _ value: YAMLValue
  ) -> ConfigurationError {
    let guess = Misspelling.closest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
    return value.fail(
      "has the path \(text), but the answer to \(operation.name) has no \(name) there",
      known.isEmpty ? "Stop before it" : "\(guess)It has: \(known.joined(separator: ", "))")
  }
}
