import CleanRoomModel
import Testing

@testable import CleanRoomAPI

@Suite struct RoutingTests {
  private static let model = ServiceModel.shared

  private func request(_ method: String, _ target: String, _ body: String = "") -> APIRequest {
    APIRequest(method: method, target: target, headers: [], body: Array(body.utf8))
  }

  private func refusal(_ request: APIRequest) -> APIError? {
    do {
      _ = try Self.model.route(request)
      return nil
    } catch {
      return error
    }
  }

  @Test func theModelIsWhole() {
    #expect(Self.model.operations.count >= 88)
    for operation in Self.model.operations {
      #expect(Self.model.shapes[operation.input] != nil, "\(operation.name)")
      #expect(Self.model.operation(named: operation.name) == operation)
    }
    for (name, shape) in Self.model.shapes {
      let referred = shape.members.values.map(\.shape) + [shape.element, shape.key].filter { !$0.isEmpty }
      for other in referred { #expect(Self.model.shapes[other] != nil, "\(name) refers to \(other)") }
    }
  }

  /// The path that was signed decides, however it was written.
  @Test func dotSegmentsAndRepeatedSlashesAreGoneBeforeRoutesAreLookedUp() throws {
    let written = "/memberships/m/../..//collaborations/./x/schemas/.."
    #expect(request("GET", written).path == "/collaborations/x")
    let routed = try Self.model.route(request("GET", written))
    #expect(routed.operation.name == "GetCollaboration")
    #expect(routed.input["collaborationIdentifier"]?.string == "x")
    #expect(refusal(request("GET", "/collaborations/x/..%2F.."))?.type == "UnknownOperationException")
    #expect(request("GET", "?a=/../b").path == "/")
    #expect(request("GET", "/a/.").path == "/a")
    #expect(request("GET", "/../").path == "/")
  }

  @Test(arguments: ServiceModel.shared.operations) func everyOperationIsFound(operation: Operation) throws {
    var target = operation.path
    var expected: [String: String] = [:]
    for segment in operation.segments where segment.hasPrefix("{") {
      let name = String(segment.dropFirst().dropLast())
      expected[name] = "v/\(name) é"
      target = target.replacing(segment, with: "v%2F\(name)%20%C3%A9")
    }
    let routed = try Self.model.route(request(operation.method, target))
    #expect(routed.operation == operation)
    let shape = try #require(Self.model.shapes[operation.input])
    for (name, member) in shape.members where member.location == "uri" {
      #expect(routed.input[name]?.string == expected[member.locationName])
    }
  }

  @Test func theARNInAPathIsOneSegment() throws {
    let routed = try Self.model.route(BotocoreVectors.requests[6])
    #expect(routed.operation.name == "UntagResource")
    #expect(
      routed.input["resourceArn"]?.string?.hasSuffix(":membership/a1b2c3d4-5678-90ab-cdef-1234567890ab")
        == true)
    #expect(routed.input["tagKeys"]?.stringList == ["b", "a", "a b", "A"])
  }

  @Test func queriesAreDecoded() throws {
    let routed = try Self.model.route(BotocoreVectors.requests[1])
    #expect(routed.operation.name == "ListCollaborations")
    #expect(routed.input["maxResults"] == .integer(5) && routed.input["nextToken"] == .string("a+b/c= &?~é"))
  }

  @Test(arguments: ["/", "", "/nothing", "/collaborations/a/b/c/d", "/%FF", "/collaborations/%zz"])
  func unknownPaths(path: String) {
    #expect(refusal(request("GET", path)) == .unknownOperation)
  }

  @Test func unknownMethod() {
    #expect(refusal(request("PUT", "/collaborations")) == .unknownOperation)
    #expect(refusal(request("get", "/collaborations")) == .unknownOperation)
  }

  @Test(arguments: ["[]", "{", "1", "\"x\"", "{\"a\":1,\"a\":2}", "\u{0}"]) func bodiesThatAreNoObject(
    body: String
  ) {
    let error = refusal(request("POST", "/collaborations", body))
    #expect(error?.type == "ValidationException" && error?.status == 400)
    #expect(error?.body["reason"] == .string("FIELD_VALIDATION_FAILED"))
  }

  @Test func brokenQueries() {
    #expect(refusal(request("GET", "/collaborations?maxResults=%ZZ"))?.type == "ValidationException")
    #expect(refusal(request("GET", "/collaborations?a=%FF"))?.type == "ValidationException")
  }

  /// Nothing in a body can stand for what the path or the query says.
  @Test func theBodyCannotNameTheResource() throws {
    let routed = try Self.model.route(
      request("PATCH", "/collaborations/from-path", #"{"collaborationIdentifier":"from-body","name":"n"}"#))
    #expect(routed.input["collaborationIdentifier"]?.string == "from-path")
    let listed = try Self.model.route(request("GET", "/collaborations", #"{"maxResults":1}"#))
    #expect(listed.input["maxResults"] == nil)
  }
}
