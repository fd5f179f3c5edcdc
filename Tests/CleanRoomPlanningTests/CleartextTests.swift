import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import Testing

/// Collaborations whose `allowCleartext` is false.
@Suite struct CleartextTests {
  private func charter(_ allowCleartext: Bool?) throws -> CollaborationCharter {
    CollaborationCharter(
      id: try #require(CollaborationID("00000000-0000-4000-8000-000000000001")), name: "n",
      creator: try Fixture.account(Fixture.retailer), members: [],
      dataEncryption: allowCleartext.map {
        DataEncryptionMetadata(
          allowCleartext: $0, allowDuplicates: true, allowJoinsOnColumnsWithDifferentNames: true, preserveNulls: true)
      }, queryLogEnabled: true, createdAt: Timestamp(milliseconds: 0))
  }

  /// Nil for an approved query.
  private func refusal(
    _ sql: String, allowCleartext: Bool? = false, _ tables: [PublishedTable]? = nil
  ) throws -> [String]? {
    let tables = try tables ?? [Fixture.purchases(), Fixture.impressions(), Fixture.audience()]
    let verdict = QueryPolicy.check(sql: sql, in: try Fixture.context(tables))
    guard case .approved = verdict else { throw Fixture.Refused(reasons: ["the query is not what the test is about"]) }
    guard case .refused(let reasons) = verdict.observingCleartext(of: try charter(allowCleartext)) else { return nil }
    return reasons.map(\.message)
  }

  private static let matched = """
    SELECT COUNT(DISTINCT p.hashed_email) AS people FROM purchases p
    JOIN ad_impressions a ON p.hashed_email = a.hashed_email
    """

  @Test func whatIsOnlyMatchedAndCountedIsNoCleartext() throws {
    #expect(try refusal(Self.matched) == nil)
    #expect(try refusal(Self.matched + " WHERE YEAR(p.purchase_date) = 2025 AND a.campaign_name <> 'x'") == nil)
  }

  @Test(arguments: [
    (CleartextTests.matched + " WHERE p.purchase_date >= a.impression_date", ["impression_date", "purchase_date"]),
    (FragmentTests.howTo, ["campaign_name", "product_category", "purchase_amount", "store_region"]),
    ("SELECT DISTINCT s.segment FROM audience s JOIN ad_impressions a ON s.hashed_email = a.hashed_email", ["segment"]),
  ])
  func valuesStayAtHome(sql: String, columns: [String]) throws {
    let reasons = try #require(try refusal(sql))
    #expect(reasons.count == columns.count, "\(reasons)")
    for column in columns { #expect(reasons.contains { $0.hasPrefix("Column \(column) of table ") }, "\(column)") }
    #expect(reasons.allSatisfy { $0.contains("allowCleartext") })
    #expect(try refusal(sql, allowCleartext: true) == nil)
    #expect(try refusal(sql, allowCleartext: nil) == nil)
  }

  /// What C3R has encrypted is no cleartext, whoever reads it.
  @Test func encryptedColumnsMayLeave() throws {
    let encrypted = try Fixture.table(
      "encrypted", owner: Fixture.partner,
      columns: ["id_fingerprint", "name_sealed", "city"].map { PublishedColumn(name: $0, type: .string) },
      rule: .list(ListRule(joinColumns: ["id_fingerprint"], listColumns: ["name_sealed", "city"])))
    let tables = [encrypted, try Fixture.audience()]
    let query = { (column: String) in
      "SELECT DISTINCT e.\(column) FROM audience s JOIN encrypted e ON s.hashed_email = e.id_fingerprint"
    }
    #expect(try refusal(query("name_sealed"), tables) == nil)
    #expect(try refusal(query("city"), tables)?.count == 1)
  }
}
