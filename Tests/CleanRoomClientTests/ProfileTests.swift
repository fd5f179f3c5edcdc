import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomClient

/// Profiles are found as the AWS CLI finds them.
struct ProfileTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "profiles-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.config.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
    try Self.credentials.write(toFile: folder + "/credentials", atomically: true, encoding: .utf8)
  }

  private static let config = """
    # A comment
    [default]
    region = eu-west-1
    endpoint_url = https://localhost:7400

    [profile acme-retail]
    region = us-east-1
    output = json
    endpoint_url = https://localhost:7443
    ca_bundle = /room/ca/authority.pem
    cli_pager =

    [profile by-service]
    region=us-east-2
    endpoint_url = https://everything.example.com
    services = mine

    [services mine]
    s3 =
      endpoint_url = https://s3.example.com
    cleanrooms =
      endpoint_url = https://rooms.example.com
    """

  private static let credentials = """
    [acme-retail]
    aws_access_key_id = AKACME
    aws_secret_access_key = acme secret=
    [by-service]
    aws_access_key_id = AKSERVICE
    aws_secret_access_key = s
    aws_session_token = token
    [default]
    aws_access_key_id = AKDEFAULT
    aws_secret_access_key = d
    """

  private func profile(
    _ name: String? = nil, endpoint: String? = nil, authorities: String? = nil, _ environment: [String: String] = [:]
  ) throws -> ClientProfile {
    let files = ["AWS_CONFIG_FILE": folder + "/config", "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials"]
    return try ClientProfile.load(
      .init(profile: name, endpoint: endpoint, authorities: authorities),
      environment: files.merging(environment) { $1 })
  }

  @Test func readsWhatInitWrites() throws {
    let found = try profile("acme-retail")
    #expect(found.endpoint == Endpoint("https://localhost:7443"))
    #expect(found.region == "us-east-1")
    #expect(found.authorities == "/room/ca/authority.pem")
    #expect(found.accessKey == "AKACME")
    #expect(found.secret.withExposed { $0 } == "acme secret=")
    #expect(found.sessionToken == nil)
  }

  @Test func aServicesSectionComesBeforeTheProfile() throws {
    let found = try profile("by-service")
    #expect(found.endpoint.description == "https://rooms.example.com")
    #expect(found.sessionToken == "token")
  }

  @Test func variablesComeBeforeFilesAndOptionsBeforeVariables() throws {
    let variables = ["AWS_ENDPOINT_URL": "https://all:1", "AWS_CA_BUNDLE": "/other.pem", "AWS_REGION": "ap-south-1"]
    let found = try profile("acme-retail", variables)
    #expect(found.endpoint.description == "https://all:1")
    #expect(found.authorities == "/other.pem")
    #expect(found.region == "ap-south-1")
    let specific = variables.merging(["AWS_ENDPOINT_URL_CLEANROOMS": "https://rooms:2"]) { $1 }
    #expect(try profile("acme-retail", specific).endpoint.description == "https://rooms:2")
    let named = try profile("acme-retail", endpoint: "https://mine:3", authorities: "/mine.pem", specific)
    #expect(named.endpoint.description == "https://mine:3")
    #expect(named.authorities == "/mine.pem")
    #expect(try profile("acme-retail", ["AWS_CA_BUNDLE": ""]).authorities == "/room/ca/authority.pem")
  }

  @Test func keysOfTheEnvironmentWinUnlessAProfileIsNamed() throws {
    let keys = ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "t"]
    #expect(try profile(nil, keys).accessKey == "AKENV")
    #expect(try profile(nil, keys).sessionToken == "t")
    #expect(try profile(nil, keys.merging(["AWS_PROFILE": "acme-retail"]) { $1 }).accessKey == "AKENV")
    #expect(try profile("acme-retail", keys).accessKey == "AKACME")
    #expect(try profile(nil, ["AWS_PROFILE": "acme-retail"]).accessKey == "AKACME")
    #expect(try profile().accessKey == "AKDEFAULT")
  }

  @Test func whatIsMissingIsNamed() throws {
    func problem(_ body: () throws -> ClientProfile) -> String {
      do {
        _ = try body()
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problem { try profile("nobody") }.contains("has no profile nobody"))
    let none = ["AWS_CONFIG_FILE": "/nowhere/config"]
    #expect(problem { try profile("acme-retail", none) }.contains("endpoint_url is missing"))
    #expect(problem { try profile(endpoint: "https://h", none) }.contains("region is missing"))
    #expect(
      problem { try profile("acme-retail", ["AWS_SHARED_CREDENTIALS_FILE": "/nowhere"]) }
        .contains("aws_secret_access_key"))
    #expect(problem { try profile("acme-retail", endpoint: "http://localhost") }.contains("https://HOST:PORT"))
    try "[acme-retail]\nnonsense\n".write(toFile: folder + "/config", atomically: true, encoding: .utf8)
    #expect(problem { try profile("acme-retail") }.contains("line 2"))
  }

  @Test(arguments: [
    "http://localhost:7443", "localhost:7443", "https://", "https://host/path", "https://user@host", "https://h?q=1",
  ])
  func onlyPlainHTTPSEndpoints(text: String) { #expect(Endpoint(text) == nil) }

  /// What goes out is what our own verifier, which is tested against botocore, accepts; a session token is signed.
  @Test func signsWhatItSends() throws {
    let client = try APIClient(try profile("acme-retail", ["AWS_CA_BUNDLE": ""]).trustingTheMachine)
    let operation = try #require(ServiceModel.shared.operation(named: "ListCollaborations"))
    let request = try ServiceModel.shared.request(operation, input: .object(["maxResults": .integer(3)]))
    let now = Date(timeIntervalSince1970: 1_763_985_600)
    let signed = client.signed(request, at: now)
    #expect(signed.values(of: "x-amz-date") == ["20251124T120000Z"])
    #expect(signed.values(of: "host") == ["localhost:7443"])
    let verifier = SignatureVerifier(credentials: ["AKACME": Secret("acme secret=")], region: "us-east-1")
    #expect(try verifier.verify(signed, now: Timestamp(milliseconds: 1_763_985_600_000)) == "AKACME")
    let token = try APIClient(try profile("by-service")).signed(request, at: now)
    #expect(token.values(of: "x-amz-security-token") == ["token"])
    #expect(token.values(of: "authorization")[0].contains("SignedHeaders=host;x-amz-date;x-amz-security-token,"))
  }
}

extension ClientProfile {
  /// Without the CA bundle, which does not exist here.
  fileprivate var trustingTheMachine: ClientProfile {
    ClientProfile(
      endpoint: endpoint, region: region, authorities: nil, accessKey: accessKey, secret: secret,
      sessionToken: sessionToken)
  }
}
