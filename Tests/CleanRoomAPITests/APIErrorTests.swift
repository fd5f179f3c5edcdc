import CleanRoomModel
import Testing

@testable import CleanRoomAPI

@Suite struct APIErrorTests {
  @Test func bodiesAreAWS() {
    let error = APIError.fields([
      APIError.Field(name: "a[0].b", message: "m"), APIError.Field(name: "c", message: "n"),
    ])
    #expect(
      error.body.text
        == #"{"fieldList":[{"message":"m","name":"a[0].b"},{"message":"n","name":"c"}],"message":"2 validation errors detected: m; n","reason":"FIELD_VALIDATION_FAILED"}"#
    )
    let response = error.response(requestID: "r")
    #expect(response.status == 400)
    #expect(response.headers.contains { $0 == ("x-amzn-ErrorType", "ValidationException") })
    #expect(response.headers.contains { $0 == ("x-amzn-RequestId", "r") })
  }

  @Test func statusOfEveryException() {
    #expect(APIError.accessDenied("m").status == 403)
    #expect(APIError.conflict("m", id: "i", type: "COLLABORATION", reason: "ALREADY_EXISTS").status == 409)
    #expect(APIError.internalError.status == 500 && APIError.throttled("m").status == 429)
    #expect(APIError.quota("m", name: "q", value: 1).status == 402 && APIError.tooLarge(1).status == 413)
  }

  /// An unknown identifier and another organization's answer alike, whatever the operation declares.
  @Test func missingResources() throws {
    let model = ServiceModel.shared
    let get = try #require(model.operation(named: "GetConfiguredTable"))
    let collaboration = try #require(model.operation(named: "GetCollaboration"))
    let declared = APIError.missing("table", id: "i", type: "CONFIGURED_TABLE", for: get)
    let undeclared = APIError.missing("collaboration", id: "i", type: "CONFIGURED_TABLE", for: collaboration)
    #expect(declared.type == "ResourceNotFoundException" && declared.status == 404)
    #expect(undeclared.type == "AccessDeniedException" && undeclared.status == 403)
    #expect(declared.body["resourceId"] == .string("i") && declared.body["reason"] == nil)
    // A 403 names no resource: its shape has no place for it.
    #expect(
      undeclared.body
        == .object([
          "message": .string("Resource i of type CONFIGURED_TABLE was not found, or you have no access to it."),
          "reason": .string("INSUFFICIENT_PERMISSIONS"),
        ]))
  }

  @Test func errorsCrossTheLink() {
    let error = APIError.quota("m", name: "q", value: 7)
    #expect(APIError(text: error.text) == error)
    for text in ["", "{}", "[]", "{\"type\":1}"] { #expect(APIError(text: text) == nil) }
  }

  @Test func deletesAnswerWithoutABody() throws {
    let delete = try #require(ServiceModel.shared.operation(named: "DeleteCollaboration"))
    let response = APIResponse.success(delete, .object([:]), requestID: "r")
    #expect(response.status == 204 && response.body.isEmpty)
  }

  @Test func resourceNames() throws {
    let account = try #require(AccountID("123456789012"))
    let (membership, association) = (
      try #require(MembershipID(HowToInput.id)), try #require(AssociationID(HowToInput.id))
    )
    #expect(
      ARN.association(association, of: membership, region: "us-east-1", account: account)
        == "arn:aws:cleanrooms:us-east-1:123456789012:membership/\(HowToInput.id)/configuredtableassociation/\(HowToInput.id)"
    )
  }
}
