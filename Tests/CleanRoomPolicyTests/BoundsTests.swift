import CleanRoomModel
import CleanRoomPolicy
import Testing

/// Wide and hostile queries get a bounded answer soon.
@Suite struct BoundsTests {
  private func reasons(_ sql: String) throws -> [RefusalReason] {
    let tables = [try Fixture.purchases(), try Fixture.impressions()]
    guard case .refused(let reasons) = QueryPolicy.check(sql: sql, in: Fixture.context(tables)) else {
      return []
    }
    return reasons
  }

  private func query(where condition: String) -> String {
    """
    SELECT SUM(p.purchase_amount) FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email
    WHERE \(condition)
    """
  }

  @Test(.timeLimit(.minutes(1))) func longListsAreAccepted() throws {
    let texts = (0..<49_000).map { "'\($0)'" }.joined(separator: ",")
    #expect(try reasons(query(where: "p.store_region IN (\(texts))")).isEmpty)
    let dates = Array(repeating: "'2025-12-01'", count: 30_000).joined(separator: ",")
    #expect(try reasons(query(where: "p.purchase_date NOT IN (\(dates))")).isEmpty)
    let arms = (0..<15_000).map { "p.store_region = '\($0)'" }.joined(separator: " OR ")
    #expect(try reasons(query(where: arms)).isEmpty)
    let parts = (0..<15_000).map { "p.store_region <> '\($0)'" }.joined(separator: " AND ")
    #expect(try reasons(query(where: parts)).isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func reasonsAreBounded() throws {
    let arms = (0..<15_000).map { "p.x\($0) = 1" }.joined(separator: " OR ")
    let found = try reasons(query(where: arms))
    #expect(found.count == 201 && found.last?.code == .limitExceeded)
    let items = (0..<30_000).map { "p.x\($0)" }.joined(separator: ",")
    // Lists of more than 1,000 items are not looked into.
    #expect(try reasons("SELECT \(items) FROM purchases p").map(\.code) == [.limitExceeded])
    let columns = Array(repeating: "store_region", count: 20_000).joined(separator: ",")
    #expect(try !reasons("SELECT \(columns) FROM purchases GROUP BY \(columns) ORDER BY \(columns)").isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func manyJoinsAreAnswered() throws {
    let joins = (0..<90).map { "JOIN purchases p\($0) ON p\($0).hashed_email = p.hashed_email" }.joined(
      separator: " ")
    #expect(try reasons("SELECT SUM(p.purchase_amount) FROM purchases p \(joins)").count >= 90)
  }

  @Test func limitsAreToldFromMistakes() throws {
    #expect(try reasons("SELECT " + String(repeating: "(", count: 200)).first?.code == .limitExceeded)
    #expect(try reasons("SELECT").first?.code == .syntax)
    #expect(try reasons("DELETE FROM purchases").first?.code == .notASelect)
  }

  /// A withheld column and one that exists nowhere: the same answer but for the name.
  @Test(arguments: [
    "SELECT NAME, COUNT(DISTINCT p.hashed_email)", "SELECT SUM(NAME)", "SELECT COUNT(DISTINCT NAME)",
    "SELECT UPPER(NAME), SUM(p.purchase_amount)",
  ])
  func withheldAndUnknownColumnsAreAlike(_ start: String) throws {
    let rest =
      " FROM purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email WHERE NAME = 1 GROUP BY NAME ORDER BY NAME"
    func answer(_ name: String) throws -> [RefusalReason] {
      try reasons((start + rest).replacing("NAME", with: "p." + name))
    }
    let (withheld, unknown) = (try answer("customer_name"), try answer("abcdefgh_name"))
    #expect(!withheld.isEmpty)
    #expect(
      withheld.map { $0.message.replacing("customer_name", with: "abcdefgh_name") } == unknown.map(\.message))
    #expect(
      withheld.map(\.code) == unknown.map(\.code) && withheld.map(\.position) == unknown.map(\.position))
  }

  @Test func messagesCarryNoControlCharacters() throws {
    let found = try reasons("SELECT p.`\u{2028}x` FROM `\u{202E}evil\u{7F}`")
    for reason in found {
      #expect(reason.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    }
  }
}
