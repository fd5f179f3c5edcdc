import CleanRoomAPI
import Testing

@testable import MemberService

@Suite struct TagRulesTests {
  private func tags(_ count: Int) -> JSONValue {
    .dictionary(Dictionary(uniqueKeysWithValues: (0..<count).map { ("k\($0)", JSONValue.string("")) }))
  }

  private func status(_ tags: JSONValue?) -> Int? {
    do {
      _ = try TagRules.checked(tags, path: "tags")
      return nil
    } catch {
      return (error as? APIError)?.status
    }
  }

  @Test(arguments: ["team", "Größe", "a b", "_.:/=+-@", "awsome", "42", "部門"]) func whatMayBeATag(text: String) throws {
    #expect(try TagRules.checked(.dictionary([text: .string(text)]), path: "tags") == [text: text])
  }

  @Test(arguments: ["aws:team", "AWS:team", "aWs:", "a*b", "a\u{0}b", "a\nb", "a#b", "a\u{7F}b"])
  func whatMayNotBeAKey(text: String) { #expect(status(.dictionary([text: .string("")])) == 400) }

  @Test(arguments: ["a*b", "a\u{0}b", "<b>"]) func whatMayNotBeAValue(text: String) {
    #expect(status(.dictionary(["key": .string(text)])) == 400)
  }

  @Test func fiftyAreEnough() {
    #expect(status(tags(50)) == nil)
    #expect(status(tags(51)) == 400)
  }

  @Test func noTagsAreNone() throws { #expect(try TagRules.checked(nil, path: "tags").isEmpty) }
}
