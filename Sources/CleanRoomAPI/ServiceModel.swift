/// One operation of the API.
public struct Operation: Sendable, Hashable {
  public let name: String
  public let method: String
  /// Template: `/collaborations/{collaborationIdentifier}`.
  public let path: String
  /// HTTP status of success.
  public let code: Int
  public let input: String
  /// Names of the declared exceptions.
  public let errors: [String]
  /// The output's list member, for operations that page.
  public let list: String?

  let segments: [Substring]
}

/// What the input may contain. Constraints as in the public service model.
struct Shape: Sendable {
  struct Member: Sendable {
    var shape: String
    /// `uri` or `querystring`; nil for the body.
    var location: String?
    var locationName: String
  }

  var type: String
  var minimum: Double?
  var maximum: Double?
  var pattern: String?
  var values: [String]?
  var isUnion: Bool
  var isSensitive: Bool
  var required: [String]
  var members: [String: Member]
  /// Of list elements and map values.
  var element: String
  var key: String
}

/// The public service model: routes and shapes, parsed once from the generated text.
public struct ServiceModel: Sendable {
  public static let shared = ServiceModel()

  public let operations: [Operation]
  let shapes: [String: Shape]
  private let byName: [String: Operation]

  private init() {
    // The text is generated and committed; a test reads it.
    let document = (try? JSONValue(parsing: Array(ServiceModelText.pieces.joined().utf8))) ?? .null
    operations = (document["operations"]?.dictionary ?? [:]).sorted { $0.key < $1.key }.map(Self.operation)
    shapes = (document["shapes"]?.dictionary ?? [:]).mapValues(Self.shape)
    byName = Dictionary(uniqueKeysWithValues: operations.map { ($0.name, $0) })
  }

  public func operation(named name: String) -> Operation? { byName[name] }

  private static func operation(_ name: String, _ value: JSONValue) -> Operation {
    let path = value["path"]?.string ?? ""
    return Operation(
      name: name, method: value["method"]?.string ?? "", path: path, code: value["code"]?.int ?? 200,
      input: value["input"]?.string ?? "", errors: value["errors"]?.stringList ?? [], list: value["list"]?.string,
      segments: path.split(separator: "/", omittingEmptySubsequences: true))
  }

  static func shape(_ value: JSONValue) -> Shape {
    Shape(
      type: value["type"]?.string ?? "", minimum: number(value["min"]), maximum: number(value["max"]),
      pattern: value["pattern"]?.string, values: value["enum"]?.stringList, isUnion: value["union"]?.bool ?? false,
      isSensitive: value["sensitive"]?.bool ?? false, required: value["required"]?.stringList ?? [],
      members: Dictionary(
        uniqueKeysWithValues: (value["members"]?.dictionary ?? [:]).map { name, member in
          (
            name,
            Shape.Member(
              shape: member["shape"]?.string ?? "", location: member["location"]?.string,
              locationName: member["locationName"]?.string ?? name)
          )
        }), element: value["member"]?.string ?? value["value"]?.string ?? "", key: value["key"]?.string ?? "")
  }

  private static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
