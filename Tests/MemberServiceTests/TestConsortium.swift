import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Foundation

enum Accounts {
  static let retailer = account("123456789012")
  static let partner = account("987654321098")
  static let third = account("555555555555")

  private static func account(_ text: String) -> AccountID {
    guard let account = AccountID(text) else { preconditionFailure("not an account") }
    return account
  }
}

/// A certificate authority and identities in a folder of their own, removed at the end.
final class TestConsortium {
  let folder: String
  private let authority: CertificateAuthority
  static let now = Date()
  static var time: Timestamp { Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1000)) }

  init() throws {
    folder = NSTemporaryDirectory() + "cleanroom-member-tests-" + UUID().uuidString
    authority = try CertificateAuthority(name: "Test", now: Self.now)
    try authority.write(to: folder + "/ca", now: Self.now)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func files(_ account: AccountID) throws -> IdentityFiles {
    let own = folder + "/" + account.value
    if !FileManager.default.fileExists(atPath: own + "/identity.key") {
      try authority.writeIdentity(.member(account), name: "Test \(account)", to: own, now: Self.now)
    }
    return IdentityFiles(
      certificate: own + "/identity.pem", privateKey: own + "/identity.key",
      authority: folder + "/ca/authority.pem",
      revocations: folder + "/ca/revoked.pem")
  }

  func coordinator() throws -> DaemonIdentity {
    let own = folder + "/coordinator"
    try authority.writeIdentity(.coordinator, name: "Coordinator", to: own, now: Self.now)
    let files = IdentityFiles(
      certificate: own + "/identity.pem", privateKey: own + "/identity.key",
      authority: folder + "/ca/authority.pem", revocations: nil)
    return try DaemonIdentity.load(files, expecting: .coordinator, now: Self.now)
  }

  func identity(_ account: AccountID) throws -> DaemonIdentity {
    try DaemonIdentity.load(try files(account), expecting: .member(account), now: Self.now)
  }
}

/// A collaboration of retailer and partner, with one table each and a third member that has no ability.
struct TestCollaboration {
  let id: CollaborationID
  let retailer: DaemonIdentity
  let partner: DaemonIdentity
  let third: DaemonIdentity
  var charter: CollaborationCharter

  static let sql = """
    SELECT ai.channel, COUNT(DISTINCT p.hashed_email) AS customers FROM purchases p
    INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email GROUP BY ai.channel
    """

  init(_ consortium: TestConsortium) throws {
    id = newID()
    retailer = try consortium.identity(Accounts.retailer)
    partner = try consortium.identity(Accounts.partner)
    third = try consortium.identity(Accounts.third)
    charter = CollaborationCharter(
      id: id, name: "test", creator: Accounts.retailer,
      members: [
        MemberSpecification(
          account: Accounts.retailer, displayName: "Retailer", abilities: [.canQuery, .canReceiveResults]),
        MemberSpecification(
          account: Accounts.partner, displayName: "Partner", abilities: [.canReceiveResults]),
        MemberSpecification(account: Accounts.third, displayName: "Third", abilities: []),
      ], dataEncryption: nil, queryLogEnabled: true, createdAt: TestConsortium.time)
  }

  func signedCharter() throws -> SignedDocument {
    try retailer.sign(try WireJSON.encode(charter), purpose: .charter)
  }

  func request(
    sql: String = sql, runner: AccountID = Accounts.retailer, receivers: [AccountID] = [Accounts.retailer],
    at time: Timestamp = TestConsortium.time
  ) -> QueryRequest {
    QueryRequest(
      id: newID(), collaboration: id, runner: runner, sql: sql, receivers: receivers, requestedAt: time)
  }

  var purchases: PublishedTable {
    table(
      "purchases", Accounts.retailer, ["hashed_email": .string, "product_category": .string],
      .aggregation(
        AggregationRule(
          aggregateColumns: [.init(columnNames: ["hashed_email"], function: .countDistinct)],
          joinColumns: ["hashed_email"], joinRequired: "QUERY_RUNNER", dimensionColumns: ["product_category"],
          scalarFunctions: [], outputConstraints: [.init(columnName: "hashed_email", minimum: 2)])))
  }

  func impressions(listColumns: [String] = ["channel"]) -> PublishedTable {
    table(
      "ad_impressions", Accounts.partner, ["hashed_email": .string, "channel": .string],
      .list(ListRule(joinColumns: ["hashed_email"], listColumns: listColumns)))
  }

  private func table(
    _ name: String, _ owner: AccountID, _ columns: [String: ColumnType], _ rule: AnalysisRule
  ) -> PublishedTable {
    PublishedTable(
      collaboration: id, owner: owner, name: name, association: newID(), configuredTable: newID(),
      description: "",
      columns: columns.sorted { $0.key < $1.key }.map {
        PublishedColumn(name: $0.key, type: $0.value, keyForm: $0.key == "hashed_email" ? .sha256Hex : nil)
      }, rule: rule, allowedResultReceivers: nil, unavailable: nil, createdAt: TestConsortium.time,
      updatedAt: TestConsortium.time)
  }
}

func newID<Kind>() -> ResourceID<Kind> {
  guard let id = ResourceID<Kind>(UUID().uuidString.lowercased()) else { preconditionFailure("not an id") }
  return id
}
