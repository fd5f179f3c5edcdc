import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import Testing

enum Fixture {
  static func account(_ value: String) throws -> AccountID { try #require(AccountID(value)) }
  static let retailer = "123456789012"
  static let partner = "987654321098"

  static func table(_ name: String, owner: String, columns: [PublishedColumn], rule: AnalysisRule) throws
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

  /// The founding how-to's table, with a numeric key that may also be added up.
  static func purchases(form: KeyForm? = nil) throws -> PublishedTable {
    try table(
      "purchases", owner: retailer,
      columns: [
        PublishedColumn(name: "hashed_email", type: .string, keyForm: form),
        PublishedColumn(name: "purchase_date", type: .date),
        PublishedColumn(name: "product_category", type: .string),
        PublishedColumn(name: "store_region", type: .string),
        PublishedColumn(name: "purchase_amount", type: .decimal(precision: 12, scale: 2)),
        PublishedColumn(name: "card", type: .bigint),
      ],
      rule: .aggregation(
        AggregationRule(
          aggregateColumns: [
            .init(columnNames: ["purchase_amount", "card"], function: .sum),
            .init(columnNames: ["purchase_amount"], function: .avg),
            .init(columnNames: ["hashed_email"], function: .countDistinct),
          ], joinColumns: ["hashed_email", "card"], allowedJoinOperators: [.and, .or],
          dimensionColumns: ["product_category", "store_region", "purchase_date"],
          scalarFunctions: ["YEAR", "MONTH", "UPPER"],
          outputConstraints: [
            .init(columnName: "hashed_email", minimum: 25), .init(columnName: "store_region", minimum: 3),
          ])))
  }

  static func impressions(form: KeyForm? = nil) throws -> PublishedTable {
    try table(
      "ad_impressions", owner: partner,
      columns: [
        PublishedColumn(name: "hashed_email", type: .string, keyForm: form),
        PublishedColumn(name: "email_hash", type: .string, keyForm: form),
        PublishedColumn(name: "card", type: .integer),
        PublishedColumn(name: "campaign_name", type: .string),
        PublishedColumn(name: "impression_date", type: .date),
      ],
      rule: .list(
        ListRule(
          joinColumns: ["hashed_email", "email_hash", "card"], allowedJoinOperators: [.and, .or],
          listColumns: ["campaign_name", "impression_date"])))
  }

  static func audience() throws -> PublishedTable {
    try table(
      "audience", owner: retailer,
      columns: [
        PublishedColumn(name: "hashed_email", type: .string), PublishedColumn(name: "segment", type: .string),
      ],
      rule: .list(ListRule(joinColumns: ["hashed_email"], listColumns: ["segment"])))
  }

  static func context(_ tables: [PublishedTable], joinsDifferentNames: Bool = true) throws -> PolicyContext {
    PolicyContext(
      runner: try account(retailer), tables: tables, receivers: [try account(retailer)],
      joinsDifferentNames: joinsDifferentNames, extended: true,
      now: Timestamp(milliseconds: 1_766_000_000_000))
  }

  static func plan(_ sql: String, _ tables: [PublishedTable]? = nil, joinsDifferentNames: Bool = true) throws
    -> QueryPlan
  {
    let context = try context(
      try tables ?? [purchases(), impressions(), audience()], joinsDifferentNames: joinsDifferentNames)
    switch QueryPolicy.check(sql: sql, in: context) {
    case .approved(let query): return QueryPlanner.plan(query, joinsDifferentNames: joinsDifferentNames)
    case .refused(let reasons): throw Refused(reasons: reasons.map(\.message))
    }
  }

  struct Refused: Error { var reasons: [String] }
}

extension Fragment {
  /// `name` for values, `name!` for tokens.
  var releasedNames: [String] { columns.map { $0.use.isToken ? $0.column + "!" : $0.column } }

  func domain(_ column: String) -> String? {
    for case .token(let domain, _) in columns.filter({ $0.column == column }).map(\.use) { return domain }
    return nil
  }
}
