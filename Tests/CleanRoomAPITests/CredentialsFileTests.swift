import Testing

@testable import CleanRoomAPI

@Suite struct CredentialsFileTests {
  private func problem(_ text: String) -> CredentialsFile.Problem? {
    do {
      _ = try CredentialsFile.parse(text)
      return nil
    } catch {
      return error
    }
  }

  @Test func severalProfiles() throws {
    let keys = try CredentialsFile.parse(
      "# ours\r\n[default]\r\naws_access_key_id = AKID1\r\naws_secret_access_key=se/cret+1=\n\n; more\n[ci]\n  aws_secret_access_key = two\n\taws_access_key_id = AKID2\n"
    )
    #expect(keys.keys.sorted() == ["AKID1", "AKID2"])
    #expect(keys["AKID1"]?.withExposed { $0 } == "se/cret+1=" && keys["AKID2"]?.withExposed { $0 } == "two")
  }

  @Test(arguments: [
    ("", 1), ("# nothing\n", 1), ("aws_access_key_id = a\n", 1), ("[p]\naws_access_key_id = a\n", 3),
    ("[p]\nregion = us\n", 2),
    ("[p]\naws_access_key_id\n", 2), ("[p]\naws_access_key_id =\n", 2),
    (
      "[p]\naws_access_key_id=a\naws_secret_access_key=b\n[q]\naws_access_key_id=a\naws_secret_access_key=c\n",
      7
    ), ("[p]\n[q]\n", 2),
  ])
  func problemsNameTheLine(text: String, line: Int) {
    #expect(problem(text)?.line == line)
  }

  @Test func problemsDoNotQuoteSecrets() {
    let problem = problem("[p]\naws_access_key_id=a\naws_secret_acess_key=zanzibar\n")
    #expect(problem != nil && problem.map { "\($0)".contains("zanzibar") } == false)
  }
}
