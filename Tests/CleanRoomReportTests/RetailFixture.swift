import CleanRoomReport

/// Three parties, permitted, refused and failed queries, faults, a captured wire.
enum RetailFixture {
  static let foundingSQL = """
    SELECT ai.campaign_name, p.product_category, COUNT(DISTINCT p.hashed_email) AS matched_customers,
           SUM(p.purchase_amount) AS total_purchases, AVG(p.purchase_amount) AS avg_purchase
    FROM purchases p INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email
    WHERE YEAR(p.purchase_date) = 2025 AND MONTH(p.purchase_date) = 12 -- the season
    GROUP BY ai.campaign_name, p.product_category
    HAVING COUNT(DISTINCT p.hashed_email) >= 25
    ORDER BY ai.campaign_name, p.product_category
    """

  static let parties = [
    PartyRecord(
      id: "retailer", account: "123456789012", name: "Acme Retail", abilities: ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
      tables: [
        TableRecord(
          name: "purchases", rows: 400_000,
          columns: columns(
            ["hashed_email", "purchase_date", "product_category", "purchase_amount", "store_region"],
            stay: ["email", "phone", "loyalty_card", "basket_id"]),
          rule: "AGGREGATION")
      ]),
    PartyRecord(
      id: "partner", account: "987654321098", name: "AdTech Partner", abilities: ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
      tables: [
        TableRecord(
          name: "ad_impressions", rows: 300_000,
          columns: columns(
            ["hashed_email", "campaign_name", "impression_date", "channel"], stay: ["email", "device_id"]),
          rule: "LIST"),
        TableRecord(
          name: "conversions", rows: 21_840,
          columns: columns(["hashed_email", "converted_on"], stay: ["email", "ip_address", "user_agent"]),
          rule: "CUSTOM"),
      ]),
    PartyRecord(
      id: "publisher", account: "111122223333", name: "Northern Newspapers", abilities: [],
      tables: [
        TableRecord(
          name: "readers", rows: 1_250_000,
          columns: columns(["hashed_email", "segment"], stay: ["email", "postcode", "date_of_birth", "bank_account"]),
          rule: "LIST")
      ]),
  ]

  private static func columns(_ allowed: [String], stay: [String]) -> [ColumnRecord] {
    allowed.map { ColumnRecord(name: $0, type: $0.hasSuffix("date") ? "date" : "string", isAllowed: true) }
      + stay.map { ColumnRecord(name: $0, type: "string", isAllowed: false) }
  }

  static var record: RunRecord {
    RunRecord(
      title: "Retail campaign",
      story: """
        Acme Retail wants to know which of its advertising partner’s campaigns were followed by purchases, without either \
        side seeing the other’s customers. A newspaper group lends its reader segments.
        """,
      file: "Configs/scenarios/retail-campaign.yaml", fileSHA256: String(repeating: "9f86d081884c7d65", count: 4),
      seed: 2025, versions: ["cleanroom": "1.0.0", "DuckDB": "1.5.5", "Swift": "6.3.1", "OpenSSL": "3.0.17"],
      startedAt: 1_766_311_380, seconds: 48.3, isIsolated: true, parties: parties, steps: RetailSteps.all,
      checks: [
        CheckRecord(name: "Ledgers intact", outcome: .met, detail: "3 ledgers, 19 lines"),
        CheckRecord(name: "Disclosure: none", outcome: .met, detail: "0 findings, 0 unlisted batches"),
        CheckRecord(name: "Results delivered", outcome: .met, detail: "retailer 3, partner 1, publisher 0"),
        CheckRecord(name: "Daemons running", outcome: .met, detail: "4 of 4"),
      ],
      ledgers: [
        LedgerRecord(
          party: "retailer", lines: 9, head: String(repeating: "3b7c19e0aa54d2f1", count: 4), isIntact: true),
        LedgerRecord(party: "partner", lines: 8, head: String(repeating: "c0ffee12098fa7b3", count: 4), isIntact: true),
        LedgerRecord(
          party: "publisher", lines: 2, head: String(repeating: "771b02de45ac9931", count: 4), isIntact: true),
      ],
      disclosure: disclosure)
  }

  static let disclosure = DisclosureRecord(
    method: """
      A relay between every party and the coordinator recorded each byte of each connection; the daemons logged their TLS \
      session secrets, with which the recordings were decrypted.
      """,
    links: [
      LinkRecord(
        party: "retailer", connections: 7, bytesSent: 3_912_455, bytesReceived: 48_210, clearBytesSent: 3_880_114,
        clearBytesReceived: 41_907),
      LinkRecord(
        party: "partner", connections: 6, bytesSent: 6_204_881, bytesReceived: 39_554, clearBytesSent: 6_151_020,
        clearBytesReceived: 34_118),
      LinkRecord(
        party: "publisher", connections: 2, bytesSent: 1_024_300, bytesReceived: 11_042, clearBytesSent: 1_016_774,
        clearBytesReceived: 9_210),
    ],
    canaries: [
      CanaryRecord(party: "retailer", table: "purchases", column: "email", standing: "identifier", values: 98_114),
      CanaryRecord(
        party: "retailer", table: "purchases", column: "loyalty_card", standing: "withheld", values: 97_002,
        tooShort: 14),
      CanaryRecord(party: "partner", table: "ad_impressions", column: "email", standing: "identifier", values: 81_230),
      CanaryRecord(
        party: "partner", table: "ad_impressions", column: "device_id", standing: "withheld", values: 81_230),
      CanaryRecord(
        party: "publisher", table: "readers", column: "postcode", standing: "withheld", values: 9_942, tooShort: 9_942),
    ],
    encodings: [
      "UTF-8", "UTF-16LE", "UTF-16BE", "hexadecimal", "base64", "SHA-256 in hexadecimal", "SHA-256 raw",
      "digits of numbers", "prefixes of 8 bytes",
    ],
    listedBatches: 19, listedBytes: 10_903_144, seconds: 3.42)
}
