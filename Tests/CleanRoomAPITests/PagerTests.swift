import Testing

@testable import CleanRoomAPI

@Suite struct PagerTests {
  private static let pager = Pager(key: [UInt8](repeating: 7, count: 32))
  private static let items = (0..<250).map { "item\($0)" }

  private func page(_ maxResults: Int?, _ token: String?, scope: String = "s", pager: Pager = pager)
    throws(APIError) -> ([String], String?)
  {
    let page = try pager.page(Self.items, id: { $0 }, maxResults: maxResults, nextToken: token, scope: scope)
    return (page.items, page.nextToken)
  }

  private func isRefused(_ token: String, scope: String = "s", pager: Pager = pager) -> Bool {
    do {
      _ = try page(10, token, scope: scope, pager: pager)
      return false
    } catch {
      return error.body["fieldList"]?.array?.first?["name"] == .string("nextToken")
    }
  }

  @Test(arguments: [nil, 1, 7, 100, 1000]) func pagesCoverTheList(size: Int?) throws {
    var seen: [String] = []
    var token: String?
    repeat {
      let (items, next) = try page(size, token)
      #expect(items.count <= min(size ?? 100, 100) && !items.isEmpty)
      seen += items
      token = next
    } while token != nil
    #expect(seen == Self.items)
  }

  @Test func emptyList() throws {
    let page = try Self.pager.page([String](), id: { $0 }, maxResults: nil, nextToken: nil, scope: "s")
    #expect(page.items.isEmpty && page.nextToken == nil)
  }

  @Test func foreignScopesAndForgeriesAreRefused() throws {
    let token = try #require(try page(10, nil).1)
    #expect(!isRefused(token))
    #expect(isRefused(token, scope: "t"))
    #expect(isRefused(token, pager: .random()))
    for forged in ["", "x", "AAAA", String(token.dropLast(4)), token + "AAAA"] { #expect(isRefused(forged)) }
    for position in 0..<token.count {
      var characters = Array(token)
      characters[position] = characters[position] == "A" ? "B" : "A"
      #expect(isRefused(String(characters)), "changed at \(position)")
    }
  }

  /// A token names an item; where one field ends and the next begins must not be open to argument.
  @Test func scopeAndItemDoNotRunTogether() throws {
    let page = try Self.pager.page(["bc", "x"], id: { $0 }, maxResults: 1, nextToken: nil, scope: "a")
    let token = try #require(page.nextToken)
    #expect(throws: APIError.self) {
      try Self.pager.page(["c", "x"], id: { $0 }, maxResults: 1, nextToken: token, scope: "ab")
    }
  }
}
