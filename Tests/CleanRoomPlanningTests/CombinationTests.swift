import CleanRoomModel
import Testing

@testable import CleanRoomPlanning

/// The query over gathered tables: printed from the tree, thresholds where nothing can get around them.
@Suite struct CombinationTests {
  private func place(_ part: String, in sql: String) throws -> String.Index {
    try #require(sql.firstRange(of: part), "\(part) is not in \(sql)").lowerBound
  }

  @Test func thresholdsStandOutsideHavingAndBeforeOrderAndLimit() throws {
    let sql = try Fixture.plan(
      """
      SELECT product_category, SUM(purchase_amount) s FROM purchases GROUP BY product_category
      HAVING SUM(purchase_amount) > 5 OR COUNT(DISTINCT hashed_email) >= 1 ORDER BY s DESC LIMIT 3
      """
    ).combination.sql
    let grouped = try place(") AS grouped WHERE ", in: sql)
    let identities = try place(" >= 25 AND ", in: sql)
    let regions = try place(" >= 3 AND ((", in: sql)
    let released = try place(") AS released ORDER BY ", in: sql)
    #expect(grouped < identities && identities < regions && regions < released)
    #expect(sql.hasSuffix(" LIMIT 3"))
    #expect(!sql.contains("HAVING"))
  }

  @Test func oneRowOverEverythingHasThresholdsToo() throws {
    let sql = try Fixture.plan("SELECT SUM(purchase_amount) FROM purchases").combination.sql
    #expect(sql.contains(" >= 25 AND ") && sql.contains("count(DISTINCT t0.c0)") && !sql.contains("GROUP BY"))
  }

  /// The analyst's count and the threshold count the same thing.
  @Test func thresholdsCountWhatTheAnalystCounts() throws {
    let sql = try Fixture.plan(FragmentTests.howTo).combination.sql
    #expect(sql.components(of: "count(DISTINCT t0.c0)") == 1)
    #expect(sql.components(of: "a0 >= 25") == 2)
  }

  @Test func rowsAreOrderedCompletely() throws {
    let sql = try Fixture.plan(
      "SELECT store_region, SUM(purchase_amount) FROM purchases GROUP BY 1 ORDER BY 2 DESC NULLS FIRST"
    ).combination.sql
    #expect(sql.hasSuffix("ORDER BY s0 DESC NULLS FIRST, o0 ASC NULLS FIRST, o1 ASC NULLS FIRST"))
  }

  @Test func orderFollowsSparkWhereNothingIsSaid() throws {
    let sql = try Fixture.plan(
      "SELECT store_region r, SUM(purchase_amount) s FROM purchases GROUP BY 1 ORDER BY r, s DESC"
    ).combination.sql
    #expect(sql.contains("ORDER BY s0 ASC NULLS FIRST, s1 DESC NULLS LAST, "))
  }

  @Test func listsAreDistinctBeforeTheLimit() throws {
    let sql = try Fixture.plan(
      """
      SELECT DISTINCT l.segment, a.campaign_name FROM audience l JOIN ad_impressions a ON l.hashed_email = a.hashed_email
      LIMIT 7
      """
    ).combination.sql
    #expect(
      sql
        == "SELECT o0, o1 FROM (SELECT DISTINCT t0.c1 AS o0, t1.c0 AS o1 FROM t0 JOIN t1 ON t0.c0 = t1.c1) AS listed "
        + "ORDER BY o0 ASC NULLS FIRST, o1 ASC NULLS FIRST LIMIT 7")
  }

  @Test func keysJoinByTokens() throws {
    let plan = try Fixture.plan(
      """
      SELECT SUM(p.purchase_amount) FROM purchases p
      JOIN ad_impressions a ON (p.hashed_email = a.hashed_email AND p.card = a.card) OR p.hashed_email = a.email_hash
      """)
    let names = plan.fragments.map { fragment in
      Dictionary(
        fragment.columns.filter(\.use.isToken).map { ($0.column, $0.gatheredName) },
        uniquingKeysWith: { first, _ in first })
    }
    let (left, right) = (names[0], names[1])
    let key = "t0.\(left["hashed_email"] ?? "?")"
    #expect(
      plan.combination.sql.contains(
        "((\(key) = t1.\(right["hashed_email"] ?? "?") AND t0.\(left["card"] ?? "?") = t1.\(right["card"] ?? "?"))"
          + " OR \(key) = t1.\(right["email_hash"] ?? "?"))"))
  }

  @Test func resultTypesAreSparks() throws {
    let output = try Fixture.plan(FragmentTests.howTo).combination.output
    #expect(
      output.map(\.type.description) == [
        "string", "string", "string", "bigint", "decimal(22,2)", "decimal(16,6)",
      ])
    #expect(output.map(\.name).suffix(3) == ["matched_customers", "total_purchases", "avg_purchase"])
  }

  /// Nothing of the analyst's text reaches an engine but constants, and those quoted.
  @Test func enginesSeeOnlyPrintedText() throws {
    let plan = try Fixture.plan(
      """
      SELECT UPPER(product_category) AS "x""; DROP TABLE t0; --", SUM(purchase_amount) AS evil /* hello */
      FROM purchases AS alias_of_mine WHERE store_region = 'O\\'Neil''s; --' GROUP BY 1
      """)
    let texts = plan.fragments.map { $0.sql(relation: "r") } + [plan.combination.sql]
    for text in texts {
      for part in ["DROP", "evil", "hello", "alias_of_mine"] { #expect(!text.contains(part)) }
    }
    #expect(texts[0].contains("'O''Neil''s; --'"))
  }

  @Test func namesAndTextsAreQuoted() {
    #expect(EngineText.identifier("a\"b") == "\"a\"\"b\"")
    #expect(EngineText.string("it's") == "'it''s'")
    #expect(EngineText.string("a\0b") == "('a' || chr(0) || 'b')")
    #expect(EngineText.literal(.integer(-5)) == "(-5)")
    #expect(EngineText.literal(.decimal("-1.50", precision: 3, scale: 2)) == "CAST('-1.50' AS DECIMAL(3,2))")
    #expect(EngineText.literal(.null(.date)) == "CAST(NULL AS DATE)")
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
