import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import MemberService

/// The log of calls has CloudTrail's fields, and neither SQL nor parameters.
@Suite struct RequestNoteTests {
  private static let secretText = "SELECT secret FROM t WHERE x = 'cell'"

  private func fields(_ change: (inout RequestNote) -> Void) throws -> [String: String] {
    var note = RequestNote()
    change(&note)
    let request = APIRequest(
      method: "POST", target: "/memberships/x/protectedQueries",
      headers: [("user-agent", "aws-cli/2 md/" + String(repeating: "x", count: 500))], body: [], source: "127.0.0.1")
    return note.fields(
      account: try #require(AccountID("111122223333")), region: "us-east-1", request: request, status: 200,
      duration: .milliseconds(7)
    ).mapValues { "\($0)" }
  }

  @Test func whoAskedWhatFromWhere() throws {
    let fields = try fields {
      $0.accessKey = "AKIATEST"
      $0.operation = ServiceModel.shared.operations.first { $0.name == "GetCollaboration" }
      $0.input = .object(["collaborationIdentifier": .string("11111111-1111-4111-8111-111111111111")])
      $0.error = .accessDenied("no")
    }
    #expect(fields["eventName"] == "GetCollaboration" && fields["eventSource"] == "cleanrooms.amazonaws.com")
    #expect(fields["accessKeyId"] == "AKIATEST" && fields["accountId"] == "111122223333")
    #expect(fields["sourceIPAddress"] == "127.0.0.1" && fields["awsRegion"] == "us-east-1")
    #expect(fields["readOnly"] == "true" && fields["errorCode"] == "AccessDeniedException")
    #expect(fields["requestParameters"]?.contains("11111111-1111-4111-8111-111111111111") == true)
    #expect(fields["userAgent"]?.count == 200 && fields["milliseconds"] == "7")
  }

  @Test func textsAndParametersAreRedacted() throws {
    let fields = try fields {
      $0.accessKey = "AKIATEST"
      $0.operation = ServiceModel.shared.operations.first { $0.name == "StartProtectedQuery" }
      $0.input = .object([
        "type": .string("SQL"),
        "sqlParameters": .object([
          "queryString": .string(Self.secretText), "parameters": .object(["p": .string("cell")]),
        ]),
        "nested": .array([.object(["defaultValue": .string("cell"), "source": .object(["text": .string("cell")])])]),
      ])
    }
    #expect(fields["readOnly"] == "false")
    #expect(fields["requestParameters"]?.contains("***") == true)
    for value in fields.values { #expect(!value.contains("secret") && !value.contains("cell")) }
  }

  /// A stranger cannot write into the log.
  @Test func strangersLeaveNoWords() throws {
    let fields = try fields { $0.error = .accessDenied("no") }
    #expect(fields["userAgent"] == nil && fields["requestParameters"] == nil)
    #expect(fields["accessKeyId"] == "-" && fields["errorCode"] == "AccessDeniedException")
  }
}
