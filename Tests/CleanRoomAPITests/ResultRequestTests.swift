import CleanRoomAPI
import CleanRoomModel
import Testing

@Suite struct ResultRequestTests {
  private static let retailer = AccountID("123456789012")
  private static let partner = AccountID("987654321098")
  private static let third = AccountID("555555555555")

  private func request(_ json: String, standard: ResultLocation? = nil) throws -> ResultRequest {
    let input = try JSONValue(parsing: Array(json.utf8))
    return try ResultRequest(input, runner: try #require(Self.retailer), standard: standard)
  }

  private func receivers(_ request: ResultRequest) throws -> [AccountID?] {
    request.output.receivers(runner: try #require(Self.retailer))
  }

  private func wrap(_ output: String) -> String {
    #"{"resultConfiguration":{"outputConfiguration":\#(output)}}"#
  }

  private static let s3 =
    #"{"s3":{"bucket":"my-results","keyPrefix":"a/b","resultFormat":"PARQUET","singleFileOutput":true}}"#
  private static let location = ResultLocation(bucket: "my-results", keyPrefix: "a/b", resultFormat: .parquet)
  private static func member(_ account: AccountID?) -> String {
    #"{"member":{"accountId":"\#(account?.value ?? "")"}}"#
  }

  @Test func s3MeansTheRunner() throws {
    let request = try request(wrap(Self.s3))
    #expect(request.output == RequestedOutput(kind: .s3, s3: Self.location, singleFileOutput: true, members: []))
    #expect(try receivers(request) == [Self.retailer])
    #expect(request.ownPlace == Self.location)
  }

  @Test func memberMeansThatMember() throws {
    let request = try request(wrap(Self.member(Self.partner)))
    #expect(try receivers(request) == [Self.partner])
    #expect(request.ownPlace == nil)
  }

  @Test func aRunnerNamedAsMemberReceivesAtItsDefaultPlace() throws {
    #expect(try request(wrap(Self.member(Self.retailer)), standard: Self.location).ownPlace == Self.location)
    #expect(throws: APIError.self) { try request(wrap(Self.member(Self.retailer))) }
  }

  @Test func distributeMeansAllTheRunnerFirst() throws {
    let locations = [Self.member(Self.partner), Self.s3, Self.member(Self.third)].joined(separator: ",")
    let request = try request(wrap(#"{"distribute":{"locations":[\#(locations)]}}"#))
    #expect(request.output.kind == .distribute)
    #expect(try receivers(request) == [Self.retailer, Self.partner, Self.third])
    #expect(request.ownPath == "resultConfiguration.outputConfiguration.distribute.locations[1].s3")
  }

  @Test func nothingMeansTheDefault() throws {
    #expect(try request("{}", standard: Self.location).ownPlace == Self.location)
    #expect(throws: APIError.self) { try request("{}") }
  }

  @Test func allFaultsOfDistributeAreNamed() throws {
    let locations = [
      Self.s3, Self.s3, Self.member(Self.retailer), Self.member(Self.partner),
      Self.member(Self.partner),
    ].joined(separator: ",")
    let error = #expect(throws: APIError.self) {
      try request(wrap(#"{"distribute":{"locations":[\#(locations)]}}"#))
    }
    let root = "resultConfiguration.outputConfiguration.distribute.locations"
    let fields = error?.body["fieldList"]?.array?.compactMap { $0["name"]?.string }
    #expect(fields == ["\(root)[1]", "\(root)[2]", "\(root)[4]"])
    #expect(throws: APIError.self) { try request(wrap(#"{"distribute":{"locations":[]}}"#)) }
  }

  @Test func otherOutputsAreNotAvailable() {
    #expect(throws: APIError.self) { try request(wrap(#"{"intermediateTable":{}}"#)) }
  }
}
