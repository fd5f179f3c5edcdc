import CleanRoomAPI
import CleanRoomReport
import Testing

@testable import CleanRoomScenario

@Suite struct ExpectationCheckTests {
  private let refusedError = APIError.validation("p.email may not be shown.", reason: "INVALID_QUERY")

  private func refused(_ error: String, _ reason: String? = nil, _ messages: [String] = []) -> Expectation {
    Expectation(
      refusal: RefusalExpectation(error: error, reason: reason, messages: messages), output: [], query: nil)
  }

  @Test func refusals() {
    #expect(ExpectationCheck.refusal(refusedError, refused("ValidationException", "INVALID_QUERY", ["p.email"])) == nil)
    #expect(ExpectationCheck.refusal(refusedError, refused("ValidationException")) == nil)
    let seen = "ValidationException (INVALID_QUERY): p.email may not be shown."
    #expect(
      ExpectationCheck.refusal(refusedError, refused("AccessDeniedException"))
        == Mismatch(expected: "a refusal with AccessDeniedException", seen: seen))
    #expect(
      ExpectationCheck.refusal(refusedError, refused("ValidationException", "INVALID_CONFIGURATION"))
        == Mismatch(expected: "a refusal with ValidationException (INVALID_CONFIGURATION)", seen: seen))
    #expect(
      ExpectationCheck.refusal(refusedError, refused("ValidationException", nil, ["p.email", "p.phone"]))
        == Mismatch(expected: "a refusal whose message says “p.phone”", seen: seen))
    #expect(
      ExpectationCheck.refusal(refusedError, Expectation(refusal: nil, output: [], query: nil))
        == Mismatch(expected: "the call to be answered", seen: "it was refused with \(seen)"))
  }

  @Test func answers() throws {
    let output = JSONValue.object(["a": .object(["n": .integer(5), "s": .string("x")])])
    func check(_ path: String, _ value: JSONValue) throws -> Mismatch? {
      let path = try #require(JSONPath(path))
      return ExpectationCheck.answer(output, Expectation(refusal: nil, output: [(path, value)], query: nil))
    }
    #expect(try check("a.n", .number(5)) == nil)
    #expect(try check("a.s", .string("x")) == nil)
    #expect(try check("a.missing", .null) == nil)
    #expect(try check("a.s", .string("y")) == Mismatch(expected: "a.s to be \"y\"", seen: "\"x\""))
    #expect(try check("a.z", .integer(1)) == Mismatch(expected: "a.z to be 1", seen: "an answer without a.z"))
    #expect(
      ExpectationCheck.answer(output, refused("ValidationException"))
        == Mismatch(expected: "a refusal with ValidationException", seen: "the call was answered"))
  }

  // MARK: Queries

  private func query(_ change: (inout QueryExpectation) -> Void, _ observe: (inout ObservedQuery) -> Void = { _ in })
    -> Mismatch?
  {
    var expected = QueryExpectation()
    change(&expected)
    var seen = ObservedQuery(
      status: "SUCCESS", error: nil, columns: ["name", "n"], rows: [["Spring", "120"], ["Autumn", nil]],
      released: [
        ReleaseRecord(
          party: "retailer", table: "purchases", columns: [.init(name: "email", kind: "TOKEN")], rows: 40, bytes: 1)
      ], receivers: ["retailer"])
    observe(&seen)
    return ExpectationCheck.query(seen, Expectation(refusal: nil, output: [], query: expected))
  }

  @Test func queriesAsExpected() {
    let mismatch = query {
      $0.rows = CountExpectation(minimum: 1, maximum: 2)
      $0.columns = ["name", "n"]
      $0.result = [["Spring", "120"], ["Autumn", nil]]
      $0.contains = [["name": "Autumn", "n": nil], ["n": "120"]]
      $0.released = ["retailer": ["purchases": ["email": "TOKEN"]], "partner": [:]]
      $0.releasedRows = ["retailer": ["purchases": CountExpectation(minimum: 40, maximum: 40)]]
      $0.receivers = ["retailer"]
    }
    #expect(mismatch == nil)
  }

  @Test func endsAndResults() {
    #expect(
      query({ _ in }, { ($0.status, $0.error) = ("FAILED", "partner is away") })
        == Mismatch(expected: "status SUCCESS", seen: "FAILED: partner is away"))
    #expect(
      query({ ($0.status, $0.error) = ("FAILED", "retailer") }, { ($0.status, $0.error) = ("FAILED", "partner") })
        == Mismatch(expected: "FAILED with an error that says “retailer”", seen: "FAILED: partner"))
    #expect(
      query { $0.rows = CountExpectation(minimum: 3, maximum: 3) }
        == Mismatch(expected: "exactly 3 rows in the result", seen: "2"))
    #expect(query { $0.columns = ["n"] } == Mismatch(expected: "the columns n", seen: "name, n"))
    #expect(
      query({ $0.columns = ["n"] }, { ($0.columns, $0.rows) = (nil, nil) })?.expected == "a result")
    #expect(
      query { $0.result = [["Spring", "120"], ["Autumn", ""]] }
        == Mismatch(expected: "row 2 to be [Autumn, ]", seen: "[Autumn, NULL]"))
    #expect(
      query { $0.result = [["Spring", "120"]] }
        == Mismatch(expected: "exactly the 1 rows listed", seen: "2, the first one too many being [Autumn, NULL]"))
    #expect(
      query { $0.result = [["Spring", "120"], ["Autumn", nil], ["x", nil]] }
        == Mismatch(expected: "exactly the 3 rows listed", seen: "2, without row 3: [x, NULL]"))
    #expect(
      query { $0.contains = [["name": "Spring", "n": "7"]] }
        == Mismatch(expected: "a row with n: 7, name: Spring", seen: "2 rows without it; the nearest is [Spring, 120]"))
    #expect(
      query { $0.contains = [["region": "x"]] } == Mismatch(expected: "a column region", seen: "the columns name, n"))
    #expect(
      query { $0.receivers = ["partner"] }
        == Mismatch(expected: "the result at partner and at nobody else", seen: "it is at retailer"))
  }

  @Test func releases() {
    #expect(
      query { $0.released = ["retailer": ["purchases": ["email": "VALUE"]]] }
        == Mismatch(
          expected: "retailer to release purchases (email VALUE), nothing more or less", seen: "purchases (email TOKEN)"
        ))
    #expect(
      query { $0.released = ["retailer": [:]] }
        == Mismatch(expected: "retailer to release nothing, nothing more or less", seen: "purchases (email TOKEN)"))
    #expect(
      query { $0.releasedRows = ["retailer": ["purchases": CountExpectation(minimum: 0, maximum: 39)]] }
        == Mismatch(expected: "retailer to release at most 39 rows of purchases", seen: "40"))
  }
}

/// Not the testing library's.
typealias Expectation = CleanRoomScenario.Expectation
