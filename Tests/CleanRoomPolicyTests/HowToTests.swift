import CleanRoomModel
import Testing

@testable import CleanRoomPolicy

@Suite struct HowToTests {
  static let foundingQuery = """
    SELECT ai.campaign_name, p.product_category, p.store_region, COUNT(DISTINCT p.hashed_email) as \
    matched_customers, SUM(p.purchase_amount) as total_purchases, AVG(p.purchase_amount) as avg_purchase \
    FROM purchases p INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email \
    WHERE YEAR(p.purchase_date) = 2025 AND MONTH(p.purchase_date) = 12 \
    GROUP BY ai.campaign_name, p.product_category, p.store_region \
    HAVING COUNT(DISTINCT p.hashed_email) >= 25
    """

  @Test func foundingQueryIsPermitted() throws {
    let tables = [
      try Fixture.purchases(), try Fixture.impressions(),
    ]
    let verdict = QueryPolicy.check(
      sql: Self.foundingQuery,
      in: Fixture.context(tables))
    guard case .approved(let query) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(query.extensions == [.mixedRuleTypes, .yearAndMonthFunctions, .noAssociationRule])
    #expect(query.output.map(\.name).suffix(3) == ["matched_customers", "total_purchases", "avg_purchase"])
    #expect(query.thresholds.map(\.minimum) == [25])
  }
}

enum Fixture {
  static let retailer = "123456789012"
  static let partner = "987654321098"

  static func account(_ value: String) throws -> AccountID { try #require(AccountID(value)) }

  static func table(_ name: String, owner: String, columns: [PublishedColumn], rule: AnalysisRule?) throws
    -> PublishedTable
  {
    PublishedTable(
      collaboration: try #require(CollaborationID("00000000-0000-4000-8000-000000000001")),
      owner: try account(owner),
      name: name, association: try #require(AssociationID("00000000-0000-4000-8000-000000000002")),
      configuredTable: try #require(ConfiguredTableID("00000000-0000-4000-8000-000000000003")),
      description: "",
      columns: columns, rule: rule, allowedResultReceivers: nil, unavailable: nil,
      createdAt: Timestamp(milliseconds: 0), updatedAt: Timestamp(milliseconds: 0))
  }

  static func purchases() throws -> PublishedTable {
    try table(
      "purchases", owner: retailer,
      columns: [
        PublishedColumn(name: "hashed_email", type: .string),
        PublishedColumn(name: "purchase_date", type: .date),
        PublishedColumn(name: "product_category", type: .string),
        PublishedColumn(name: "store_region", type: .string),
        PublishedColumn(name: "purchase_amount", type: .decimal(precision: 12, scale: 2)),
      ],
      rule: .aggregation(
        AggregationRule(
          aggregateColumns: [
            .init(columnNames: ["purchase_amount"], function: .sum),
            .init(columnNames: ["purchase_amount"], function: .avg),
            .init(columnNames: ["hashed_email"], function: .countDistinct),
          ], joinColumns: ["hashed_email"], joinRequired: "QUERY_RUNNER",
          dimensionColumns: ["product_category", "store_region", "purchase_date"],
          scalarFunctions: ["TRUNC", "YEAR", "MONTH"],
          outputConstraints: [.init(columnName: "hashed_email", minimum: 25)])))
  }

  static func impressions() throws -> PublishedTable {
    try table(
      "ad_impressions", owner: partner,
      columns: [
        PublishedColumn(name: "hashed_email", type: .string),
        PublishedColumn(name: "campaign_name", type: .string),
        PublishedColumn(name: "impression_date", type: .date),
        PublishedColumn(name: "channel", type: .string),
      ],
      rule: .list(
        ListRule(
          joinColumns: ["hashed_email"], allowedJoinOperators: [.or],
          listColumns: ["campaign_name", "impression_date", "channel"])))
  }

  static func context(
    _ tables: [PublishedTable], runner: String = retailer, receivers: [String]? = nil,
    differentNames: Bool = true,
    extended: Bool = true
  ) -> PolicyContext {
    let accounts = (receivers ?? [runner]).compactMap { AccountID($0) }
    return PolicyContext(
      runner: AccountID(runner) ?? tables[0].owner, tables: tables, receivers: accounts,
      joinsDifferentNames: differentNames, extended: extended, now: Timestamp(milliseconds: 1_766_000_000_000)
    )
  }
}
