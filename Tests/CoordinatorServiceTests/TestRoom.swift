import CleanRoomAPI
import CleanRoomModel
import CleanRoomWire

@testable import CoordinatorService

/// A collaboration in a test coordinator: the retailer runs and receives, the partner receives, the third
/// only contributes. Retailer and partner publish one table each.
struct TestRoom {
  let coordinator: TestCoordinator
  let charter: CollaborationCharter
  private(set) var memberships: [AccountID: String] = [:]

  static let sql = """
    SELECT ai.channel, COUNT(DISTINCT p.hashed_email) AS customers FROM purchases p
    INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email GROUP BY ai.channel
    """
  static let place: JSONValue = .object([
    "bucket": .string("my-results"), "keyPrefix": .string("a/b"), "resultFormat": .string("CSV"),
  ])

  var id: CollaborationID { charter.id }

  static func charter(queryLogEnabled: Bool = true) -> CollaborationCharter {
    CollaborationCharter(
      id: newID(), name: "test", creator: Accounts.retailer,
      members: [
        MemberSpecification(
          account: Accounts.retailer, displayName: "Retailer", abilities: [.canQuery, .canReceiveResults]),
        MemberSpecification(
          account: Accounts.partner, displayName: "Partner", abilities: [.canReceiveResults]),
        MemberSpecification(account: Accounts.third, displayName: "Third", abilities: []),
      ], dataEncryption: nil, queryLogEnabled: queryLogEnabled, createdAt: TestCoordinator.time)
  }

  /// - Parameter joining: who creates a membership besides the creator.
  init(
    _ coordinator: TestCoordinator, joining: [AccountID] = [Accounts.partner, Accounts.third],
    charter: CollaborationCharter = charter()
  ) async throws {
    self.coordinator = coordinator
    self.charter = charter
    let created = try await coordinator.call(
      "CreateCollaboration", Self.creation, from: Accounts.retailer,
      document: try coordinator.sign(charter, .charter, as: Accounts.retailer))
    memberships[Accounts.retailer] = created["collaboration"]?["membershipId"]?.string
    for account in joining { try await join(account) }
  }

  static let creation: JSONValue = .object([
    "name": .string("test"), "description": .string("a test"), "members": .array([]),
    "creatorMemberAbilities": .strings(["CAN_QUERY", "CAN_RECEIVE_RESULTS"]),
    "creatorDisplayName": .string("Retailer"), "queryLogStatus": .string("ENABLED"),
  ])

  mutating func join(_ account: AccountID) async throws {
    let output = try await coordinator.call(
      "CreateMembership",
      .object(["collaborationIdentifier": .string(id.value), "queryLogStatus": .string("ENABLED")]),
      from: account)
    memberships[account] = output["membership"]?["id"]?.string
  }

  func setDefault(_ account: AccountID) async throws {
    try await coordinator.call(
      "UpdateMembership",
      .object([
        "membershipIdentifier": membership(account),
        "defaultResultConfiguration": .object(["outputConfiguration": .object(["s3": Self.place])]),
      ]), from: account)
  }

  func membership(_ account: AccountID) -> JSONValue { .string(memberships[account] ?? "") }

  // MARK: Tables

  func table(_ name: String, _ owner: AccountID, _ rule: AnalysisRule?, columns: [String]) -> PublishedTable {
    PublishedTable(
      collaboration: id, owner: owner, name: name, association: newID(), configuredTable: newID(),
      description: "",
      columns: columns.map {
        PublishedColumn(name: $0, type: .string, keyForm: $0 == "hashed_email" ? .sha256Hex : nil)
      },
      rule: rule, allowedResultReceivers: nil, unavailable: nil, createdAt: TestCoordinator.time,
      updatedAt: TestCoordinator.time)
  }

  var purchases: PublishedTable {
    table(
      "purchases", Accounts.retailer,
      .aggregation(
        AggregationRule(
          aggregateColumns: [.init(columnNames: ["hashed_email"], function: .countDistinct)],
          joinColumns: ["hashed_email"], dimensionColumns: ["product_category"], scalarFunctions: ["MONTH"],
          outputConstraints: [.init(columnName: "hashed_email", minimum: 2)])),
      columns: ["hashed_email", "product_category"])
  }

  var impressions: PublishedTable {
    table(
      "ad_impressions", Accounts.partner,
      .list(ListRule(joinColumns: ["hashed_email"], listColumns: ["channel"])),
      columns: ["hashed_email", "channel"])
  }

  func publish(_ table: PublishedTable, from account: AccountID? = nil, signedBy signer: AccountID? = nil)
    async throws
  {
    let document = try coordinator.sign(table, .table, as: signer ?? table.owner)
    try TestCoordinator.output(await coordinator.services.api.publish(document, from: account ?? table.owner))
  }

  func publishBoth() async throws {
    try await publish(purchases)
    try await publish(impressions)
  }

  // MARK: Queries

  func request(
    sql: String = sql, runner: AccountID = Accounts.retailer, receivers: [AccountID] = [Accounts.retailer],
    at time: Timestamp = TestCoordinator.time
  ) -> QueryRequest {
    QueryRequest(
      id: newID(), collaboration: id, runner: runner, sql: sql, receivers: receivers, requestedAt: time)
  }

  static let toRunner: JSONValue = .object(["s3": place])

  /// - Parameter document: what the runner's daemon signs, if it is not the request.
  @discardableResult
  func start(
    _ request: QueryRequest, output: JSONValue? = toRunner, inputSQL: String? = nil,
    signedBy signer: AccountID? = nil,
    extended: Bool = true
  ) async throws -> JSONValue {
    try await coordinator.call(
      "StartProtectedQuery",
      .object([
        "type": .string("SQL"), "membershipIdentifier": membership(request.runner),
        "sqlParameters": .object(["queryString": .string(inputSQL ?? request.sql)]),
        "resultConfiguration": output.map { .object(["outputConfiguration": $0]) },
      ]), from: request.runner, document: try coordinator.sign(request, .query, as: signer ?? request.runner),
      extended: extended)
  }

  func get(_ query: QueryID, as account: AccountID) async throws -> JSONValue {
    let answer = try await coordinator.call(
      "GetProtectedQuery",
      .object(["membershipIdentifier": membership(account), "protectedQueryIdentifier": .string(query.value)]
      ),
      from: account)
    return answer["protectedQuery"] ?? .null
  }
}
