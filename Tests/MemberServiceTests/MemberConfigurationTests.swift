import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomModel
import Foundation
import Testing

@testable import MemberService

@Suite struct MemberConfigurationTests {
  private let consortium: TestConsortium
  private let folder: String
  private var file: String { folder + "/member.yaml" }

  init() throws {
    consortium = try TestConsortium()
    folder = try TestDaemon.write(consortium)
  }

  private func change(_ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacing(old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func problem() -> ConfigurationError? {
    do {
      _ = try MemberConfiguration.load(file)
      return nil
    } catch {
      return error as? ConfigurationError
    }
  }

  @Test func readsEverySetting() throws {
    let configuration = try MemberConfiguration.load(file)
    #expect(configuration.account == Accounts.retailer)
    #expect(configuration.coordinator == "localhost:1")
    #expect(configuration.state == folder + "/state")
    #expect(configuration.api.mode == .extended)
    #expect(configuration.buckets == ["my-results": folder + "/results"])
    let table = try #require(configuration.catalog.first { $0.tableName == "purchases" })
    #expect(table.source.files == [folder + "/purchases.csv"])
    #expect(table.source.types == ["purchase_amount": .decimal(precision: 12, scale: 2)])
    #expect(table.source.derived.map(\.name) == ["hashed_email"])
    #expect(table.keyForms == ["hashed_email": .sha256Hex])
    #expect(configuration.limits.memory == 256 << 20)
    #expect(configuration.limits.spill == 10 << 30)
  }

  @Test func requestsMayBeLimited() throws {
    #expect(try MemberConfiguration.load(file).api.requestsPerSecond == nil)
    try change("mode: extended", "mode: extended, limits: {requestsPerSecond: 50}")
    #expect(try MemberConfiguration.load(file).api.requestsPerSecond == 50)
    for wrong in ["0", "-1", "many"] {
      try change("requestsPerSecond: 50", "requestsPerSecond: \(wrong)")
      #expect(problem()?.key == "api.limits.requestsPerSecond")
      try change("requestsPerSecond: \(wrong)", "requestsPerSecond: 50")
    }
    try change("requestsPerSecond", "requestsPerMinute")
    #expect(problem()?.key == "api.limits.requestsPerMinute")
  }

  @Test func refusesUnknownKeys() throws {
    try change("name: Acme Retail", "name: Acme Retail\nnickname: acme")
    #expect(problem()?.key == "nickname")
  }

  @Test(arguments: ["sqlite", "postgres", "duckdb", "s3"])
  func sourcesOfLaterVersionsSayThat(_ kind: String) throws {
    try change("{csv: nowhere.csv}", "{\(kind): {file: x, table: y}}")
    #expect(problem()?.problem == "is not available in this version")
  }

  @Test(arguments: [
    ("\"123456789012\"", "\"12345\"", "account"), ("us-east-1", "US East", "region"),
    ("mode: extended", "mode: lax", "api.mode"),
    ("decimal(12,2)", "money", "catalog.retail_analytics.purchases.columns.purchase_amount.type"),
    (
      "normalize: email", "normalize: rot13",
      "catalog.retail_analytics.purchases.columns.hashed_email.normalize"
    ),
  ])
  func namesTheKey(_ old: String, _ new: String, _ key: String) throws {
    try change(old, new)
    #expect(problem()?.key == key)
  }

  @Test func credentialsThatOthersCanReadAreRefused() throws {
    let path = folder + "/credentials"
    _ = try Credentials(file: path, region: "us-east-1")
    try TestDaemon.writeCredentials(path, mode: 0o644)
    #expect(throws: ConfigurationError.self) { try Credentials(file: path, region: "us-east-1") }
  }

  @Test(arguments: ["", "[test]\naws_access_key_id = A\n", "no profile"])
  func damagedCredentialsAreRefused(_ text: String) throws {
    let path = folder + "/credentials"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(throws: ConfigurationError.self) { try Credentials(file: path, region: "us-east-1") }
    #expect(throws: ConfigurationError.self) { try Credentials(file: path + ".missing", region: "us-east-1") }
  }
}
