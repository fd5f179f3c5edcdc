import Testing

@testable import CleanRoomAPI

@Suite struct JSONTests {
  private func parse(_ text: String) -> JSONValue? { try? JSONValue(parsing: Array(text.utf8)) }

  private func error(_ bytes: [UInt8]) -> JSONError? {
    do {
      _ = try JSONValue(parsing: bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func values() {
    #expect(
      parse(" {\"a\" : [1, -2.5, true, false, null, \"x\"] } \n")
        == .object([
          "a": .array([.integer(1), .number(-2.5), .bool(true), .bool(false), .null, .string("x")])
        ]))
    #expect(parse("[]") == .array([]) && parse("{}") == .dictionary([:]) && parse("[[],{}]") != nil)
  }

  @Test(arguments: [
    ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.0", .number(1)), ("1e2", .number(100)),
    ("1E-2", .number(0.01)),
  ])
  func numbers(text: String, expected: JSONValue) { #expect(parse(text) == expected) }

  @Test(arguments: [
    "", " ", "01", "-", "1.", ".5", "1e", "+1", "1e999", "0x1", "NaN", "nul", "truefalse", "[1,]", "[1 2]",
    "{,}", "{\"a\":1,}",
    "{\"a\"}", "{a:1}", "{'a':1}", "[1", "{\"a\":1", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"a\nb\"",
    "\"\t\"", "1 2", "[]]", "/*x*/1",
    "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"\\uD800x\"", "\u{FEFF}1",
  ])
  func malformed(text: String) {
    guard case .malformed = error(Array(text.utf8)) else {
      Issue.record("accepted: \(text)")
      return
    }
  }

  @Test func escapes() {
    #expect(parse(#""\"\\\/\b\f\n\r\tA""#) == .string("\"\\/\u{8}\u{C}\n\r\tA"))
    #expect(parse(#""😀 𐀀 \u0000""#) == .string("😀 \u{10000} \u{0}"))
  }

  @Test func duplicateNamesAreRefused() {
    #expect(error(Array(#"{"a":1,"b":2,"a":1}"#.utf8)) == .duplicateKey)
    #expect(error(Array(#"{"a":1,"\u0061":1}"#.utf8)) == .duplicateKey)
    #expect(error(Array(#"{"x":{"a":1},"y":{"a":1}}"#.utf8)) == nil)
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(error(Array(deep.utf8)) == nil)
    for open in ["[", "{\"a\":"] {
      #expect(error(Array(String(repeating: open, count: 100_000).utf8)) == .tooDeep)
    }
  }

  @Test func bytesThatAreNotUTF8() {
    for bytes: [UInt8] in [
      [0xFF], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
    ] {
      #expect(error(bytes) == .notUTF8)
    }
  }

  @Test func everyTruncationAndMutationIsHandled() {
    let text = Array(#"{"a":[1,-2.5e3,"xé\n😀",null,true],"b":{"c":"d"}}"#.utf8)
    for length in 0..<text.count { #expect(error(Array(text.prefix(length))) != nil) }
    for position in text.indices {
      for value in UInt8.min...UInt8.max {
        var bytes = text
        bytes[position] = value
        _ = error(bytes)
      }
    }
  }

  @Test func writingIsCanonical() {
    let value = JSONValue.object([
      "b": .number(1.5), "a": .string("\"\\\u{1}é/\n"), "none": nil, "c": .array([.null, .integer(-1)]),
      "t": .number(1_763_985_600.123),
    ])
    #expect(value.text == #"{"a":"\"\\\u0001é/\u000a","b":1.5,"c":[null,-1],"t":1763985600.123}"#)
    #expect(parse(value.text) == value)
    #expect(JSONValue.number(.nan).text == "null")
  }
}
