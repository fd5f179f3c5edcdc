import CleanRoomModel
import Testing

@testable import CleanRoomAPI

@Suite struct SignatureTests {
  private static let verifier = SignatureVerifier(
    credentials: [BotocoreVectors.accessKey: BotocoreVectors.secret, "OTHER": Secret("other secret")],
    region: "us-east-1")

  /// The exception's type, or nil for a request that is accepted.
  private func refusal(_ request: APIRequest, at offset: Int64 = 0) -> String? {
    do {
      let key = try Self.verifier.verify(
        request, now: Timestamp(milliseconds: BotocoreVectors.now.milliseconds + offset))
      #expect(key == BotocoreVectors.accessKey)
      return nil
    } catch {
      #expect(!error.message.isEmpty && !error.body.text.contains("wJalr"))
      return error.type
    }
  }

  @Test(arguments: BotocoreVectors.requests.indices) func botocoreIsUnderstood(index: Int) {
    #expect(refusal(BotocoreVectors.requests[index]) == nil)
  }

  @Test(arguments: BotocoreVectors.requests.indices) func ourSignerAgreesWithBotocore(index: Int) {
    let vector = BotocoreVectors.requests[index]
    let bare = APIRequest(
      method: vector.method, target: vector.target,
      headers: vector.headers.filter { !["x-amz-date", "authorization"].contains($0.name.lowercased()) },
      body: vector.body)
    let signer = RequestSigner(
      accessKey: BotocoreVectors.accessKey, secret: BotocoreVectors.secret, region: "us-east-1")
    let signed = signer.sign(bare, time: BotocoreVectors.time)
    #expect(signed.values(of: "authorization") == vector.values(of: "authorization"))
  }

  private static let query = BotocoreVectors.requests[1]
  private static let post = BotocoreVectors.requests[2]

  private static func changing(_ request: APIRequest, _ header: String, _ change: (String) -> String)
    -> APIRequest
  {
    var request = request
    request.headers = request.headers.map { $0.name == header ? ($0.name, change($0.value)) : $0 }
    return request
  }

  /// A signature covers everything that decides what a request means.
  @Test func everyTamperingIsRefused() {
    var requests: [(String, APIRequest)] = []
    func add(_ name: String, _ request: APIRequest, _ change: (inout APIRequest) -> Void) {
      var changed = request
      change(&changed)
      requests.append((name, changed))
    }
    add("method", Self.query) { $0.method = "DELETE" }
    add("path", Self.query) { $0.target = $0.target.replacing("/collaborations", with: "/memberships") }
    add("path case", Self.query) { $0.target = $0.target.replacing("/collab", with: "/Collab") }
    add("query value", Self.query) { $0.target = $0.target.replacing("maxResults=5", with: "maxResults=6") }
    add("query added", Self.query) { $0.target += "&x=1" }
    add("query removed", Self.query) { $0.target = "/collaborations" }
    add("body", Self.post) { $0.body[5] ^= 1 }
    add("body removed", Self.post) { $0.body = [] }
    add("body added", Self.query) { $0.body = [32] }
    for (name, request) in requests { #expect(refusal(request) == "InvalidSignatureException", "\(name)") }
  }

  @Test func everyChangedHeaderIsRefused() {
    func refused(_ header: String, _ change: (String) -> String) -> String? {
      refusal(Self.changing(Self.post, header, change))
    }
    #expect(refused("Host") { _ in "localhost:7444" } == "InvalidSignatureException")
    #expect(refused("Content-Type") { _ in "text/plain" } == "InvalidSignatureException")
    #expect(refused("X-Amz-Date") { _ in "20251124T120001Z" } == "InvalidSignatureException")
    #expect(
      refused("Authorization") { $0.dropLast() + ($0.hasSuffix("0") ? "1" : "0") }
        == "InvalidSignatureException")
    #expect(
      refused("Authorization") { $0.replacing("AKIDEXAMPLE", with: "OTHER") } == "InvalidSignatureException")
    #expect(
      refused("Authorization") { $0.replacing("AKIDEXAMPLE", with: "NOBODY") }
        == "UnrecognizedClientException")
    #expect(
      refused("Authorization") { $0.replacing("us-east-1", with: "eu-west-1") } == "SignatureDoesNotMatch")
    #expect(
      refused("Authorization") { $0.replacing("/cleanrooms/", with: "/s3/") } == "SignatureDoesNotMatch")
    #expect(
      refused("Authorization") { $0.replacing("/20251124/", with: "/20251123/") } == "SignatureDoesNotMatch")
  }

  @Test func spacesInHeadersDoNotMatter() {
    #expect(refusal(Self.changing(Self.post, "Content-Type") { "  \($0) " }) == nil)
  }

  @Test(arguments: [
    "AWS4-HMAC-SHA256", "Bearer token",
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=a/20251124/us-east-1/cleanrooms/aws4_request, SignedHeaders=x-amz-date;host, Signature="
      + String(repeating: "0", count: 64),
    "AWS4-HMAC-SHA256 Credential=a/20251124/us-east-1/cleanrooms/aws4_request, SignedHeaders=Host;x-amz-date, Signature="
      + String(repeating: "0", count: 64),
    "AWS4-HMAC-SHA256 Credential=a/20251124/us-east-1/cleanrooms/aws4_request, Credential=b, SignedHeaders=host;x-amz-date, Signature="
      + String(repeating: "0", count: 64),
  ])
  func brokenAuthorizations(value: String) {
    #expect(
      refusal(Self.changing(Self.query, "Authorization") { _ in value }) == "IncompleteSignatureException")
  }

  @Test func missingHeaders() {
    func without(_ header: String) -> String? {
      var request = Self.post
      request.headers.removeAll { $0.name == header }
      return refusal(request)
    }
    #expect(without("Authorization") == "MissingAuthenticationTokenException")
    #expect(without("X-Amz-Date") == "IncompleteSignatureException")
    #expect(without("Host") == "InvalidSignatureException")
    #expect(without("Content-Type") == "InvalidSignatureException")
  }

  /// Of two headers of one name nobody can say which one was signed.
  @Test(arguments: ["Host", "X-Amz-Date", "Content-Type", "Authorization", "HOST"]) func duplicateHeaders(
    name: String
  ) {
    var request = Self.post
    request.headers.append((name, request.values(of: name.lowercased())[0]))
    #expect(refusal(request) != nil)
  }

  @Test func unsignedAmazonHeaders() {
    var request = Self.post
    request.headers.append(("X-Amz-Target", "x"))
    #expect(refusal(request) == "InvalidSignatureException")
    request = Self.post
    request.headers.append(("X-Amz-Security-Token", "x"))
    #expect(refusal(request) == "UnrecognizedClientException")
    request = Self.post
    request.headers.append(("Amz-Sdk-Invocation-Id", "x"))
    #expect(refusal(request) == nil)
  }

  @Test func hostMustBeSigned() {
    let request = Self.changing(Self.query, "Authorization") {
      $0.replacing("host;x-amz-date", with: "x-amz-date")
    }
    #expect(refusal(request) == "InvalidSignatureException")
  }

  @Test func statedBodyHashMustBeTrue() throws {
    let signer = RequestSigner(
      accessKey: BotocoreVectors.accessKey, secret: BotocoreVectors.secret, region: "us-east-1")
    func signed(_ hash: String) -> APIRequest {
      let headers = [(name: "Host", value: "localhost"), (name: "X-Amz-Content-Sha256", value: hash)]
      return signer.sign(
        APIRequest(method: "POST", target: "/collaborations", headers: headers, body: Array("{}".utf8)),
        time: BotocoreVectors.time)
    }
    #expect(refusal(signed("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")) == nil)
    #expect(refusal(signed("UNSIGNED-PAYLOAD")) == "InvalidSignatureException")
  }

  @Test func clocksMayBeFiveMinutesOff() {
    #expect(refusal(Self.post, at: 300_000) == nil)
    #expect(refusal(Self.post, at: -300_000) == nil)
    #expect(refusal(Self.post, at: 300_001) == "InvalidSignatureException")
    #expect(refusal(Self.post, at: -300_001) == "InvalidSignatureException")
  }

  @Test(arguments: [
    "", "20251124", "20251124T120000", "20251324T120000Z", "20251124T250000Z", "2025-11-24T12:00Z",
    "+0251124T120000Z", "99999999T999999Z",
  ])
  func brokenDates(date: String) {
    #expect(refusal(Self.changing(Self.post, "X-Amz-Date") { _ in date }) != nil)
    #expect(SignatureVersion4.milliseconds(date) == nil)
  }

  @Test func datesAreRead() {
    #expect(SignatureVersion4.milliseconds("19700101T000000Z") == 0)
    #expect(SignatureVersion4.milliseconds("20251124T120000Z") == BotocoreVectors.now.milliseconds)
    #expect(SignatureVersion4.milliseconds("20240229T235959Z") == 1_709_251_199_000)
  }
}
