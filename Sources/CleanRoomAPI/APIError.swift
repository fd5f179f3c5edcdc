/// An error of the AWS Clean Rooms API: type, HTTP status and body.
public struct APIError: Error, Sendable, Hashable {
  public let type: String
  public let status: Int
  public let body: JSONValue

  init(_ type: String, status: Int, _ body: [String: JSONValue?]) {
    self.type = type
    self.status = status
    self.body = .object(body)
  }

  /// As a client received it; nil unless the body is an object.
  public init?(type: String, status: Int, body: JSONValue) {
    guard body.dictionary != nil else { return nil }
    // `Type:http://…` is an older way to write it.
    self.type = String(type.prefix { $0 != ":" })
    self.status = status
    self.body = body
  }

  public var message: String { body["message"]?.string ?? "" }

  /// One field that breaks a constraint.
  public struct Field: Sendable, Hashable {
    /// The path in the request: `members[0].memberAbilities[1]`.
    public let name: String
    public let message: String

    public init(name: String, message: String) {
      self.name = name
      self.message = message
    }
  }

  // MARK: The seven exceptions of the service model

  public static func accessDenied(_ message: String) -> APIError {
    APIError(
      "AccessDeniedException", status: 403,
      ["message": .string(message), "reason": .string("INSUFFICIENT_PERMISSIONS")])
  }

  public static func conflict(_ message: String, id: String, type: String, reason: String) -> APIError {
    APIError(
      "ConflictException", status: 409,
      [
        "message": .string(message), "resourceId": .string(id), "resourceType": .string(type),
        "reason": .string(reason),
      ])
  }

  public static let internalError = APIError(
    "InternalServerException", status: 500, ["message": .string("The request could not be processed.")])

  /// For what this daemon cannot do now, with the remedy.
  public static func unavailable(_ message: String) -> APIError {
    APIError("InternalServerException", status: 500, ["message": .string(message)])
  }

  public static func notFound(_ message: String, id: String, type: String) -> APIError {
    APIError(
      "ResourceNotFoundException", status: 404,
      ["message": .string(message), "resourceId": .string(id), "resourceType": .string(type)])
  }

  public static func quota(_ message: String, name: String, value: Int) -> APIError {
    APIError(
      "ServiceQuotaExceededException", status: 402,
      ["message": .string(message), "quotaName": .string(name), "quotaValue": .integer(Int64(value))])
  }

  public static func throttled(_ message: String) -> APIError {
    APIError("ThrottlingException", status: 429, ["message": .string(message)])
  }

  public static func validation(
    _ message: String, reason: String = "INVALID_CONFIGURATION", fields: [Field] = []
  ) -> APIError {
    let list = fields.map { JSONValue.object(["name": .string($0.name), "message": .string($0.message)]) }
    return APIError(
      "ValidationException", status: 400,
      [
        "message": .string(message), "reason": .string(reason), "fieldList": list.isEmpty ? nil : .array(list),
      ])
  }

  /// All fields of a request that break constraints, in the words of AWS's service framework.
  public static func fields(_ fields: [Field]) -> APIError {
    let noun = fields.count == 1 ? "error" : "errors"
    return validation(
      "\(fields.count) validation \(noun) detected: " + fields.map(\.message).joined(separator: "; "),
      reason: "FIELD_VALIDATION_FAILED", fields: fields)
  }

  public static func field(_ name: String, _ message: String) -> APIError {
    validation(message, reason: "FIELD_VALIDATION_FAILED", fields: [Field(name: name, message: message)])
  }

  public static func notAvailable(_ operation: String) -> APIError {
    validation("\(operation) is not available in this version.")
  }

  /// Unknown and foreign identifiers answer alike; where the operation declares no 404 it is a 403 with the same body.
  public static func missing(_ what: String, id: String, type: String, for operation: Operation) -> APIError {
    let error = notFound(
      "Resource \(id) of type \(type) was not found, or you have no access to it.", id: id, type: type)
    guard !operation.errors.contains("ResourceNotFoundException") else { return error }
    return APIError("AccessDeniedException", status: 403, error.body.dictionary ?? [:])
  }

  // MARK: Authentication and routing, in the words that AWS clients know

  static func authentication(_ type: String, _ message: String, status: Int = 403) -> APIError {
    APIError(type, status: status, ["message": .string(message)])
  }

  public static let unknownOperation = APIError(
    "UnknownOperationException", status: 404, ["message": .string("The requested operation does not exist.")])

  public static func tooLarge(_ limit: Int) -> APIError {
    APIError(
      "RequestEntityTooLargeException", status: 413, ["message": .string("A request may have at most \(limit) bytes.")])
  }

  // MARK: Bytes

  public func response(requestID: String) -> APIResponse {
    APIResponse(
      status: status,
      headers: [
        ("Content-Type", "application/json"), ("x-amzn-RequestId", requestID), ("x-amzn-ErrorType", type),
      ], body: body.bytes)
  }

  /// For the link between member and coordinator.
  public var text: String {
    JSONValue.object(["type": .string(type), "status": .integer(Int64(status)), "body": body]).text
  }

  public init?(text: String) {
    guard let value = try? JSONValue(parsing: Array(text.utf8)), let type = value["type"]?.string,
      let status = value["status"]?.int, let body = value["body"]
    else { return nil }
    self.init(type: type, status: status, body: body)
  }
}
