import CleanRoomAPI
import CleanRoomModel
import Foundation
import Logging

@testable import MemberService

/// A member daemon's parts over real files, without its servers: the coordinator cannot be reached.
struct TestDaemon {
  let consortium: TestConsortium
  let parts: MemberAssembly
  private let signer: RequestSigner

  static let accessKey = "AKIATESTTESTTEST"
  private static let secret = "test-secret-key-of-nobody"

  init(
    _ consortium: TestConsortium? = nil, mode: String = "extended", coordinator: String = "localhost:1"
  ) throws {
    let consortium = try consortium ?? TestConsortium()
    self.consortium = consortium
    let folder = try Self.write(mode: mode, coordinator: coordinator, consortium)
    let configuration = try MemberConfiguration.load(folder + "/member.yaml")
    parts = try MemberAssembly(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    signer = RequestSigner(accessKey: Self.accessKey, secret: Secret(Self.secret), region: "us-east-1")
  }

  static func write(
    mode: String = "extended", coordinator: String = "localhost:1", _ consortium: TestConsortium
  ) throws -> String {
    _ = try consortium.files(Accounts.retailer)
    let folder = consortium.folder + "/" + Accounts.retailer.value
    try """
    account: "\(Accounts.retailer)"
    name: Acme Retail
    region: us-east-1
    coordinator: \(coordinator)
    identity: {certificate: identity.pem, privateKey: identity.key, authority: ../ca/authority.pem}
    state: state/
    api: {listen: "127.0.0.1:0", credentials: credentials, mode: \(mode)}
    limits: {memory: 256MiB, threads: 1}
    catalog:
      retail_analytics:
        purchases:
          source: {csv: purchases.csv}
          columns:
            purchase_amount: {type: "decimal(12,2)"}
            hashed_email: {sha256: email, normalize: email}
        missing:
          source: {csv: nowhere.csv}
    results:
      buckets:
        my-results: {directory: results/}
    """.write(toFile: folder + "/member.yaml", atomically: true, encoding: .utf8)
    try """
    customer_id,email,full_name,product_category,purchase_amount,purchase_date
    1,Ada@Example.com,Ada Planted,books,12.50,2025-12-01
    2,bob@example.com,Bob Planted,games,7.25,2025-12-02
    """.write(toFile: folder + "/purchases.csv", atomically: true, encoding: .utf8)
    try writeCredentials(folder + "/credentials", mode: 0o600)
    return folder
  }

  static func writeCredentials(_ path: String, mode: Int) throws {
    try "[test]\naws_access_key_id = \(accessKey)\naws_secret_access_key = \(secret)\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  /// Sends a signed request through the whole handler.
  func call(_ method: String, _ target: String, _ body: String = "") async -> APIResponse {
    let request = APIRequest(
      method: method, target: target, headers: [("Host", "localhost"), ("Content-Type", "application/json")],
      body: Array(body.utf8))
    return await parts.apiHandler.respond(to: signer.sign(request, time: Self.now()))
  }

  static func now() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
    return formatter.string(from: Date())
  }

  func createTable(columns: String = #"["hashed_email","product_category","purchase_amount"]"#) async
    -> APIResponse
  {
    await call(
      "POST", "/configuredTables",
      #"{"name":"purchase-data","tableReference":{"glue":{"databaseName":"retail_analytics","tableName":"purchases"}},"allowedColumns":\#(columns),"analysisMethod":"DIRECT_QUERY"}"#
    )
  }
}

extension APIResponse {
  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  var message: String { json["message"]?.string ?? "" }
  var fields: [String] { json["fieldList"]?.array?.compactMap { $0["name"]?.string } ?? [] }
  var errorType: String? { headers.first { $0.name == "x-amzn-ErrorType" }?.value }
}
