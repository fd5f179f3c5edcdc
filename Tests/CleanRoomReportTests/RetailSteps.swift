import CleanRoomReport

/// The steps of the rich fixture.
enum RetailSteps {
  static let all = preparation + faults + queries

  private static let preparation = [
    StepRecord(
      number: "1", kind: .call, title: "Create the collaboration", party: "retailer", operation: "CreateCollaboration",
      outcome: .met, answer: "ACTIVE", seconds: 0.021),
    StepRecord(
      number: "2.1", kind: .call, title: "The partner joins", party: "partner", operation: "CreateMembership",
      outcome: .met, answer: "ACTIVE", seconds: 0.034),
    StepRecord(
      number: "2.2", kind: .call, title: "The publisher joins", party: "publisher", operation: "CreateMembership",
      outcome: .met, answer: "ACTIVE", seconds: 0.041),
    StepRecord(
      number: "3", kind: .call, title: "Configure the purchases", party: "retailer",
      operation: "CreateConfiguredTable", outcome: .met, seconds: 0.012),
  ]

  private static let faults = [
    StepRecord(
      number: "7", kind: .fault, title: "The publisher’s daemon is killed", party: "publisher", outcome: .met,
      answer: "kill -9, then started again", seconds: 1.9),
    StepRecord(number: "8", kind: .wait, title: "Wait for the link", outcome: .met, seconds: 2),
  ]

  private static let queries = [
    step("9", "Matched customers by campaign and category", founding, seconds: 3.127),
    step("10", "Raw e-mail addresses are refused", refused, answer: "ValidationException: INVALID_QUERY"),
    step("11", "Purchases by day", daily, seconds: 1.4),
    step("12", "Customers per region", regions, seconds: 0.8),
    step("13", "Too narrow a question", narrow, seconds: 0.6),
  ]

  private static func step(
    _ number: String, _ title: String, _ query: QueryRecord, answer: String = "SUCCESS", seconds: Double = 0.006
  ) -> StepRecord {
    StepRecord(
      number: number, kind: .call, title: title, party: query.runner, operation: "StartProtectedQuery", outcome: .met,
      answer: answer, seconds: seconds, query: query)
  }

  static func token(_ name: String) -> ReleasedColumn { ReleasedColumn(name: name, kind: "TOKEN") }
  static func value(_ name: String) -> ReleasedColumn { ReleasedColumn(name: name, kind: "VALUE") }

  private static let founding = QueryRecord(
    id: "0f8fad5b-d9cb-469f-a165-70867728950e", sql: RetailFixture.foundingSQL, runner: "retailer",
    receivers: ["retailer", "partner"], isPermitted: true,
    plan: [
      PlannedRelease(
        party: "retailer", table: "purchases",
        columns: [token("hashed_email"), value("product_category"), value("purchase_amount")],
        sql: """
          SELECT "hashed_email" AS c0, "product_category" AS c1, "purchase_amount" AS c2 FROM "purchases" \
          WHERE year("purchase_date") = 2025 AND month("purchase_date") = 12 AND "hashed_email" IS NOT NULL
          """),
      PlannedRelease(
        party: "partner", table: "ad_impressions", columns: [token("hashed_email"), value("campaign_name")],
        sql:
          #"SELECT "hashed_email" AS c0, "campaign_name" AS c1 FROM "ad_impressions" WHERE "hashed_email" IS NOT NULL"#),
    ],
    combination: """
      SELECT o0, o1, o2, o3, o4 FROM (SELECT t1.c1 AS o0, t0.c1 AS o1, COUNT(DISTINCT t0.c0) AS o2, SUM(t0.c2) AS o3, \
      AVG(t0.c2) AS o4, COUNT(DISTINCT t0.c0) AS k0 FROM t0 JOIN t1 ON t0.c0 = t1.c0 GROUP BY t1.c1, t0.c1 \
      HAVING COUNT(DISTINCT t0.c0) >= 25) WHERE k0 >= 25 ORDER BY o0, o1
      """,
    thresholds: [ThresholdRecord(table: "purchases", column: "hashed_email", minimum: 25)],
    released: [
      ReleaseRecord(
        party: "retailer", table: "purchases",
        columns: [token("hashed_email"), value("product_category"), value("purchase_amount")], rows: 33_912,
        bytes: 1_358_204),
      ReleaseRecord(
        party: "partner", table: "ad_impressions", columns: [token("hashed_email"), value("campaign_name")],
        rows: 300_000, bytes: 6_002_114),
    ],
    status: "SUCCESS",
    result: ResultRecord(
      columns: ["campaign_name", "product_category", "matched_customers", "total_purchases", "avg_purchase"],
      rows: ["Holiday Gifts", "New Year Fitness", "Winter Sale"].enumerated().flatMap { index, campaign in
        ["Books", "Electronics", "Home", "Toys"].enumerated().map { inner, category in
          let customers = 1840 - index * 512 - inner * 97
          return [campaign, category, String(customers), "\(customers * 61).50", inner == 3 ? nil : "61.2500"]
        }
      }, totalRows: 12))

  private static let refused = QueryRecord(
    sql: """
      SELECT p.email, ai.device_id, COUNT(*)
      FROM purchases p LEFT JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email
      WHERE p.hashed_email = 'someone'
      GROUP BY p.email, ai.device_id
      """, runner: "retailer", receivers: ["retailer"], isPermitted: false,
    reasons: [
      ReasonRecord(message: "Column p.email is not among the columns that may be used.", line: 1, column: 8),
      ReasonRecord(message: "Column ai.device_id is not among the columns that may be used.", line: 1, column: 17),
      ReasonRecord(
        message:
          "COUNT(*) is not allowed: table purchases of account 123456789012 allows COUNT DISTINCT of hashed_email.",
        line: 1, column: 31),
      ReasonRecord(
        message: "LEFT JOIN is not allowed by the AGGREGATION rule of purchases; use INNER JOIN.", line: 2, column: 18),
      ReasonRecord(message: "An identifier may not be compared with a constant.", line: 3, column: 7),
    ])

  private static let daily = QueryRecord(
    id: "6fa459ea-ee8a-3ca4-894e-db77e160355e",
    sql: "SELECT purchase_date, SUM(purchase_amount) AS revenue FROM purchases GROUP BY 1 ORDER BY 1",
    runner: "retailer",
    receivers: ["retailer"], isPermitted: true,
    released: [
      ReleaseRecord(
        party: "retailer", table: "purchases",
        columns: [value("purchase_date"), value("purchase_amount"), token("hashed_email")], rows: 61_020,
        bytes: 2_440_800)
    ], status: "SUCCESS",
    result: ResultRecord(
      columns: ["purchase_date", "revenue"],
      rows: (1...31).map { day in
        [
          "2025-12-\(day < 10 ? "0" : "")\(day)",
          "\(180_000 + day * 4100 - (day % 7) * 9000 - (day > 24 ? 70_000 : 0)).25",
        ]
      }, totalRows: 31))

  private static let regions = QueryRecord(
    id: "16fd2706-8baf-433b-82eb-8c7fada847da",
    sql: "SELECT p.store_region, COUNT(DISTINCT p.hashed_email) AS customers FROM purchases p JOIN readers r ON "
      + "p.hashed_email = r.hashed_email GROUP BY p.store_region",
    runner: "partner", receivers: ["partner"], isPermitted: true,
    thresholds: [ThresholdRecord(table: "purchases", column: "hashed_email", minimum: 25)],
    released: [
      ReleaseRecord(
        party: "retailer", table: "purchases", columns: [token("hashed_email"), value("store_region")], rows: 98_114,
        bytes: 81_002),
      ReleaseRecord(
        party: "publisher", table: "readers", columns: [token("hashed_email")], rows: 61_002, bytes: 976_032),
    ], status: "SUCCESS",
    result: ResultRecord(
      columns: ["store_region", "customers"],
      rows: [["North", "8123"], ["South", "6410"], ["East", "3911"], ["West", "907"], [nil, "112"]], totalRows: 5))

  private static let narrow = QueryRecord(
    id: "886313e1-3b8a-5372-9b90-0c9aee199e5d",
    sql: "SELECT COUNT(DISTINCT p.hashed_email) FROM purchases p WHERE store_region = 'Isle of Nobody'",
    runner: "retailer",
    receivers: ["retailer"], isPermitted: true,
    thresholds: [ThresholdRecord(table: "purchases", column: "hashed_email", minimum: 25)],
    released: [
      ReleaseRecord(
        party: "retailer", table: "purchases", columns: [token("hashed_email")], rows: 3, bytes: 212)
    ], status: "SUCCESS",
    result: ResultRecord(columns: ["count(DISTINCT hashed_email)"], rows: [], totalRows: 0))
}
