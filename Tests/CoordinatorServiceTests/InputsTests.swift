import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import CoordinatorService

@Suite struct InputsTests {
  private func output(_ json: String, standard: DefaultResult? = nil) throws -> RequestedOutput {
    let input = try JSONValue(parsing: Array(json.utf8))
    return try Inputs.requestedOutput(input, runner: Accounts.retailer, standard: standard)
  }

  private func wrap(_ output: String) -> String {
    #"{"resultConfiguration":{"outputConfiguration":\#(output)}}"#
  }

  private static let s3 =
    #"{"s3":{"bucket":"my-results","keyPrefix":"a/b","resultFormat":"PARQUET","singleFileOutput":true}}"#
  private static let location = ResultLocation(bucket: "my-results", keyPrefix: "a/b", resultFormat: .parquet)
  private static func member(_ account: AccountID) -> String { #"{"member":{"accountId":"\#(account)"}}"# }

  @Test func s3MeansTheRunner() throws {
    let output = try output(wrap(Self.s3))
    #expect(output == RequestedOutput(kind: .s3, s3: Self.location, singleFileOutput: true, members: []))
    #expect(output.receivers(runner: Accounts.retailer) == [Accounts.retailer])
  }

  @Test func memberMeansThatMember() throws {
    let output = try output(wrap(Self.member(Accounts.partner)))
    #expect(output.receivers(runner: Accounts.retailer) == [Accounts.partner])
  }

  @Test func distributeMeansAllTheRunnerFirst() throws {
    let locations = [Self.member(Accounts.partner), Self.s3, Self.member(Accounts.third)].joined(
      separator: ",")
    let output = try output(wrap(#"{"distribute":{"locations":[\#(locations)]}}"#))
    #expect(output.kind == .distribute)
    #expect(
      output.receivers(runner: Accounts.retailer) == [Accounts.retailer, Accounts.partner, Accounts.third])
  }

  @Test func nothingMeansTheDefault() throws {
    let standard = DefaultResult(location: Self.location, roleArn: nil)
    #expect(try output("{}", standard: standard).s3 == Self.location)
    #expect(throws: APIError.self) { try output("{}") }
  }

  @Test func allFaultsOfDistributeAreNamed() throws {
    let locations = [
      Self.s3, Self.s3, Self.member(Accounts.retailer), Self.member(Accounts.partner),
      Self.member(Accounts.partner),
    ].joined(separator: ",")
    let error = #expect(throws: APIError.self) {
      try output(wrap(#"{"distribute":{"locations":[\#(locations)]}}"#))
    }
    let root = "resultConfiguration.outputConfiguration.distribute.locations"
    let fields = error?.body["fieldList"]?.array?.compactMap { $0["name"]?.string }
    #expect(fields == ["\(root)[1]", "\(root)[2]", "\(root)[4]"])
    #expect(throws: APIError.self) { try output(wrap(#"{"distribute":{"locations":[]}}"#)) }
  }

  @Test func otherOutputsAreNotAvailable() {
    #expect(throws: APIError.self) { try output(wrap(#"{"intermediateTable":{}}"#)) }
  }
}
