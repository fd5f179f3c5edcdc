import CleanRoomAPI
import Testing

@testable import CleanRoomScenario

@Suite struct ReferencesTests {
  private let values: [String: JSONValue] = [
    "id": .string("abc"), "count": .integer(7), "list": .strings(["a", "b"]), "party.account": .string("123456789012"),
  ]

  @Test func aStringThatIsOneReferenceBecomesTheValue() throws {
    #expect(try References.resolve(.string("${count}"), values) == .integer(7))
    #expect(try References.resolve(.string("${list}"), values) == .strings(["a", "b"]))
    let nested = JSONValue.object(["a": .array([.string("${party.account}"), .null, .bool(true)])])
    #expect(
      try References.resolve(nested, values)
        == .object(["a": .array([.string("123456789012"), .null, .bool(true)])]))
  }

  @Test(arguments: [
    ("x-${id}", "x-abc"), ("${id}${count}", "abc7"), ("in ${list}", "in [\"a\",\"b\"]"), ("$${id}", "${id}"),
    ("$${id} ${id}", "${id} abc"), ("$5", "$5"), ("{id}", "{id}"), ("", ""),
  ]) func longerStringsStayText(_ text: String, _ resolved: String) throws {
    #expect(try References.resolve(.string(text), values) == .string(resolved))
  }

  @Test func refusesWhatStandsForNothing() {
    #expect(throws: ReferenceError(name: "nothing", isOpen: false)) {
      try References.resolve(.array([.string("${nothing}")]), values)
    }
    #expect(throws: ReferenceError(name: "${id", isOpen: true)) { try References.resolve(.string("${id"), values) }
  }

  @Test func resolvesExpectations() throws {
    var query = QueryExpectation()
    query.error = "no ${id}"
    query.result = [["${id}", nil]]
    query.contains = [["a": "${count}", "b": nil]]
    let refusal = RefusalExpectation(error: "ValidationException", reason: nil, messages: ["${id}"])
    let path = try #require(JSONPath("a.b"))
    let expectation = Expectation(refusal: refusal, output: [(path, .string("${count}"))], query: query)
    let resolved = try References.resolve(expectation, values)
    #expect(resolved.refusal?.messages == ["abc"] && resolved.output.map(\.value) == [.integer(7)])
    #expect(resolved.query?.error == "no abc" && resolved.query?.result == [["abc", nil]])
    #expect(resolved.query?.contains == [["a": "7", "b": nil]])
  }
}
