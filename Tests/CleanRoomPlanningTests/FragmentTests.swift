import CleanRoomModel
import Testing

@testable import CleanRoomPlanning

/// What leaves an owner: the columns that the query needs, in the least telling form, of the rows that can matter.
@Suite struct FragmentTests {
  static let howTo = """
    SELECT ai.campaign_name, p.product_category, p.store_region, COUNT(DISTINCT p.hashed_email) AS matched_customers,
      SUM(p.purchase_amount) AS total_purchases, AVG(p.purchase_amount) AS avg_purchase
    FROM purchases p INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email
    WHERE YEAR(p.purchase_date) = 2025 AND MONTH(p.purchase_date) = 12
    GROUP BY ai.campaign_name, p.product_category, p.store_region HAVING COUNT(DISTINCT p.hashed_email) >= 25
    """

  @Test func foundingQueryReleasesWhatItNeeds() throws {
    let plan = try Fixture.plan(Self.howTo)
    #expect(plan.fragments.map(\.table) == ["purchases", "ad_impressions"])
    #expect(plan.fragments.map(\.owner.value) == [Fixture.retailer, Fixture.partner])
    #expect(
      plan.fragments[0].releasedNames == [
        "hashed_email!", "product_category", "purchase_amount", "store_region",
      ])
    #expect(plan.fragments[1].releasedNames == ["campaign_name", "hashed_email!"])
    #expect(plan.fragments[0].released.map(\.content).first == .token)
  }

  @Test func localConditionsStayAtHome() throws {
    let plan = try Fixture.plan(Self.howTo)
    #expect(plan.fragments[0].filterText.count == 3)
    #expect(plan.fragments[0].filterText.last == "(\"hashed_email\" IS NOT NULL)")
    #expect(plan.fragments[1].filterText == ["(\"hashed_email\" IS NOT NULL)"])
    #expect(!plan.combination.sql.contains("2025"))
    #expect(plan.fragments[0].sql(relation: "source").contains(" FROM source WHERE "))
  }

  @Test func conditionsAcrossTablesNeedTheirColumns() throws {
    let plan = try Fixture.plan(
      """
      SELECT COUNT(DISTINCT p.hashed_email) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email
      WHERE p.purchase_date >= a.impression_date AND a.campaign_name <> 'x'
      """)
    #expect(plan.fragments[0].releasedNames.contains("purchase_date"))
    #expect(plan.fragments[1].releasedNames == ["hashed_email!", "impression_date"])
    #expect(!plan.combination.sql.contains("'x'"))
  }

  @Test func anOrOverTwoTablesIsNotSplit() throws {
    let plan = try Fixture.plan(
      """
      SELECT COUNT(DISTINCT p.hashed_email) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email
      WHERE p.product_category = 'a' OR a.campaign_name = 'b'
      """)
    #expect(plan.fragments.allSatisfy { $0.filterText.count == 1 })
    #expect(plan.combination.sql.contains("('a'") || plan.combination.sql.contains("= 'a'"))
  }

  @Test func keysOfAnOrKeepTheirNullRows() throws {
    let plan = try Fixture.plan(
      """
      SELECT COUNT(DISTINCT p.hashed_email) FROM purchases p
      JOIN ad_impressions a ON p.hashed_email = a.hashed_email OR p.card = a.card
      """)
    #expect(plan.fragments.allSatisfy { $0.filterText.isEmpty })
    #expect(plan.fragments[0].releasedNames.contains("card!"))
  }

  @Test func keysOfAnAndLoseTheirNullRows() throws {
    let plan = try Fixture.plan(
      """
      SELECT COUNT(DISTINCT p.hashed_email) FROM purchases p
      JOIN ad_impressions a ON p.hashed_email = a.hashed_email AND p.card = a.card
      """)
    #expect(plan.fragments.allSatisfy { $0.filterText.count == 2 })
  }

  @Test func aKeyThatIsAddedUpTravelsAsBoth() throws {
    let plan = try Fixture.plan(
      "SELECT SUM(p.card) FROM purchases p JOIN ad_impressions a ON p.card = a.card")
    #expect(plan.fragments[0].releasedNames == ["card!", "card", "hashed_email!", "store_region!"])
    #expect(plan.fragments[1].releasedNames == ["card!"])
  }

  @Test func thresholdColumnsTravelAsTokensUnlessTheirValueDoes() throws {
    let unmentioned = try Fixture.plan("SELECT SUM(purchase_amount) FROM purchases")
    #expect(unmentioned.fragments[0].releasedNames == ["hashed_email!", "purchase_amount", "store_region!"])
    let shown = try Fixture.plan(
      "SELECT store_region, SUM(purchase_amount) FROM purchases GROUP BY store_region")
    #expect(shown.fragments[0].releasedNames == ["hashed_email!", "purchase_amount", "store_region"])
  }

  // MARK: Token domains

  @Test func joinedKeysShareADomainAndOthersHaveTheirOwn() throws {
    let plan = try Fixture.plan(
      "SELECT SUM(p.purchase_amount) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.email_hash")
    let key = try #require(plan.fragments[0].domain("hashed_email"))
    #expect(plan.fragments[1].domain("email_hash") == key)
    #expect(plan.fragments[0].domain("store_region") == "own:purchases.store_region")
    #expect(key != plan.fragments[0].domain("store_region"))
  }

  @Test func unjoinedTablesShareNothing() throws {
    let alone = try Fixture.plan("SELECT SUM(purchase_amount) FROM purchases")
    #expect(alone.fragments[0].domain("hashed_email") == "own:purchases.hashed_email")
  }

  @Test func domainsAreNamesWhereNamesMustAgree() throws {
    let plan = try Fixture.plan(
      "SELECT SUM(p.purchase_amount) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email",
      joinsDifferentNames: false)
    #expect(
      plan.fragments.map { $0.domain("hashed_email") } == ["column:hashed_email", "column:hashed_email"])
  }

  @Test func theKeyFormTravelsWithTheToken() throws {
    let plan = try Fixture.plan(
      "SELECT SUM(p.purchase_amount) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email",
      [Fixture.purchases(form: .sha256Hex), Fixture.impressions(form: .sha256Hex)])
    for fragment in plan.fragments {
      let use = try #require(fragment.columns.first { $0.column == "hashed_email" }?.use)
      #expect(
        use == .token(domain: "join:ad_impressions.hashed_email=purchases.hashed_email", form: .sha256Hex))
    }
  }

  @Test func anUndeclaredKeyIsReadAsTheDeclaredOneIsWritten() throws {
    let plan = try Fixture.plan(
      "SELECT SUM(p.purchase_amount) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email",
      [Fixture.purchases(), Fixture.impressions(form: .sha256Hex)])
    let forms = plan.fragments.flatMap(\.columns).compactMap { column -> KeyForm? in
      guard column.column == "hashed_email", case .token(_, let form) = column.use else { return nil }
      return form
    }
    #expect(forms == [.sha256Hex, .sha256Hex])
  }

  @Test func theOrderOfPublishedTablesChangesNothing() throws {
    let tables = try [Fixture.purchases(), Fixture.impressions(), Fixture.audience()]
    #expect(try Fixture.plan(Self.howTo, tables) == Fixture.plan(Self.howTo, tables.reversed()))
  }
}
