/// The way back from an operation and its input to a request: for clients of ours.
extension ServiceModel {
  /// An operation by the API's name (`CreateCollaboration`) or the AWS CLI's (`create-collaboration`).
  public func operation(spelled name: String) -> Operation? {
    operation(named: name) ?? operations.first { $0.commandName == name }
  }

  /// Path parameters, query parameters and body in their places, as the AWS SDKs put them there.
  /// - Throws: a validation error for an input that has no place: members that the operation does not know, and path
  ///   parameters that are missing. Everything else is the service's to judge.
  public func request(_ operation: Operation, input: JSONValue) throws(APIError) -> APIRequest {
    guard let shape = shapes[operation.input] else { throw .internalError }
    guard let members = input.dictionary else {
      throw .validation("The input is not a JSON object.", reason: "FIELD_VALIDATION_FAILED")
    }
    for name in members.keys.sorted() where shape.members[name] == nil {
      let known = shape.members.keys.sorted().joined(separator: ", ")
      throw .field(name, "\(operation.name) has no member \(name). Known: \(known).")
    }
    var body: [String: JSONValue] = [:]
    var query: [String] = []
    var path = operation.path
    for (name, member) in shape.members.sorted(by: { $0.key < $1.key }) {
      let value = members[name].flatMap { $0 == .null ? nil : $0 }
      switch member.location {
      case "uri":
        guard let text = value?.parameterText, !text.isEmpty else {
          throw .field(name, "\(operation.name) needs \(name).")
        }
        path = path.replacing("{\(member.locationName)}", with: PercentEncoding.encode(text.utf8))
      case "querystring": query += Self.pairs(member.locationName, value)
      default: body[name] = value
      }
    }
    return Self.request(
      operation, target: path + (query.isEmpty ? "" : "?" + query.joined(separator: "&")),
      body: Self.hasBody(shape) ? JSONValue.dictionary(body).bytes : [])
  }

  private static func pairs(_ name: String, _ value: JSONValue?) -> [String] {
    let values = value?.array ?? value.map { [$0] } ?? []
    return values.compactMap(\.parameterText).map {
      "\(PercentEncoding.encode(name.utf8))=\(PercentEncoding.encode($0.utf8))"
    }
  }

  /// Operations with members for the body send one, if only an empty object.
  private static func hasBody(_ shape: Shape) -> Bool { shape.members.values.contains { $0.location == nil } }

  private static func request(_ operation: Operation, target: String, body: [UInt8]) -> APIRequest {
    let type = body.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
    return APIRequest(method: operation.method, target: target, headers: type, body: body)
  }
}

extension Operation {
  /// The AWS CLI's spelling: `create-collaboration`.
  public var commandName: String {
    let letters = Array(name)
    var output = ""
    for (index, letter) in letters.enumerated() {
      let follows = index > 0 && letter.isUppercase
      let beginsWord = follows && (letters[index - 1].isLowercase || letters[index - 1].isNumber)
      let endsCapitals = follows && index + 1 < letters.count && letters[index + 1].isLowercase
      if beginsWord || endsCapitals { output += "-" }
      output += letter.lowercased()
    }
    return output
  }
}

extension JSONValue {
  /// As a path or query parameter.
  fileprivate var parameterText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .bool(let flag): flag ? "true" : "false"
    default: nil
    }
  }
}
