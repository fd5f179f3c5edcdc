import CleanRoomModel
import Testing

@testable import CleanRoomAPI

struct RequestBuildingTests {
  static let id = "a1b2c3d4-5678-90ab-cdef-1234567890ab"
  static let arn = "arn:aws:cleanrooms:us-east-1:123456789012:membership/" + id

  /// Operation and input of each of `BotocoreVectors.requests`.
  static let calls: [(name: String, input: String)] = [
    ("ListCollaborations", "{}"),
    ("list-collaborations", #"{"maxResults": 5, "nextToken": "a+b/c= &?~é", "memberStatus": "ACTIVE"}"#),
    (
      "CreateCollaboration",
      #"{"name": "Zoë \"x\"", "description": "a\nb", "creatorMemberAbilities": ["CAN_QUERY"], "creatorDisplayName": "A", "members": [], "queryLogStatus": "ENABLED"}"#
    ),
    ("UpdateCollaboration", #"{"collaborationIdentifier": "\#(id)", "name": "n"}"#),
    ("DeleteCollaboration", #"{"collaborationIdentifier": "\#(id)"}"#),
    ("ListTagsForResource", #"{"resourceArn": "\#(arn)"}"#),
    ("UntagResource", #"{"resourceArn": "\#(arn)", "tagKeys": ["b", "a", "a b", "A"]}"#),
    ("GetCollaboration", #"{"collaborationIdentifier": "weird id/é*~'()"}"#),
  ]

  private static func built(_ index: Int) throws -> APIRequest {
    let operation = try #require(ServiceModel.shared.operation(spelled: calls[index].name))
    return try ServiceModel.shared.request(operation, input: try JSONValue(parsing: Array(calls[index].input.utf8)))
  }

  /// The order of query parameters is free; everything else is as botocore sends it.
  private static func sortedTarget(_ request: APIRequest) -> [String] {
    [request.path] + request.query.split(separator: "&").map(String.init).sorted()
  }

  @Test(arguments: calls.indices)
  func requestsAreThoseOfBotocore(index: Int) throws {
    let (ours, theirs) = (try Self.built(index), BotocoreVectors.requests[index])
    #expect(ours.method == theirs.method)
    #expect(Self.sortedTarget(ours) == Self.sortedTarget(theirs))
    #expect(ours.values(of: "content-type") == theirs.values(of: "content-type"))
    #expect(ours.body.isEmpty == theirs.body.isEmpty)
    if !theirs.body.isEmpty { #expect(try JSONValue(parsing: ours.body) == JSONValue(parsing: theirs.body)) }
  }

  /// The very header that botocore computed, for what we built ourselves.
  @Test(arguments: calls.indices)
  func signaturesAreThoseOfBotocore(index: Int) throws {
    var ours = try Self.built(index)
    let theirs = BotocoreVectors.requests[index]
    ours.headers.append(("Host", "localhost:7443"))
    // Members may come in any order: the hash is of the bytes that botocore wrote.
    ours.body = theirs.body
    let signer = RequestSigner(
      accessKey: BotocoreVectors.accessKey, secret: BotocoreVectors.secret, region: "us-east-1")
    let signed = signer.sign(ours, time: BotocoreVectors.time)
    #expect(signed.values(of: "authorization") == theirs.values(of: "authorization"))
    #expect(signed.values(of: "x-amz-date") == theirs.values(of: "x-amz-date"))
  }

  /// Every operation can be built from its own skeleton, and is found again by the router with the same input.
  @Test(arguments: ServiceModel.shared.operations)
  func requestsFindTheirOperation(operation: Operation) throws {
    let model = ServiceModel.shared
    let skeleton = Self.filled(model.skeleton(of: operation))
    let routed = try model.route(try model.request(operation, input: skeleton))
    #expect(routed.operation == operation)
    #expect(routed.input == skeleton)
    #expect(model.operation(spelled: operation.commandName) == operation)
  }

  /// Path parameters have at least a character.
  private static func filled(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text.isEmpty ? "x" : text)
    case .array(let values): .array(values.map(filled))
    case .dictionary(let members): .dictionary(members.mapValues(filled))
    default: value
    }
  }

  @Test func inputsWithoutAPlaceAreRefused() throws {
    let get = try #require(ServiceModel.shared.operation(named: "GetCollaboration"))
    #expect(throws: APIError.self) { try ServiceModel.shared.request(get, input: .object([:])) }
    #expect(throws: APIError.self) {
      try ServiceModel.shared.request(get, input: .object(["collaborationIdentifier": .string("")]))
    }
    #expect(throws: APIError.self) {
      try ServiceModel.shared.request(
        get, input: .object(["collaborationIdentifier": .string("a"), "colaborationId": .string("a")]))
    }
    #expect(throws: APIError.self) { try ServiceModel.shared.request(get, input: .array([])) }
  }

  @Test func indentedTextIsTheSameDocument() throws {
    let value = try JSONValue(parsing: Array(#"{"b":[1,{"x":[]},"é\n\""],"a":{},"c":null}"#.utf8))
    let text = value.indentedText
    #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    #expect(text.hasPrefix("{\n    \"a\": {},\n    \"b\": [\n        1,\n"))
  }
}
